#include "cli/output_place.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MOST_LINKS = 40 }; /* as many as the kernel follows (MAXSYMLINKS) */

struct walk {
	struct output_place *place; /* its folder is where we are */
	struct stat folder;
	bool is_below; /* a given folder: nothing leads out of it */
	unsigned links;
	char rest[PATH_MAX]; /* of the path */
};

enum step { STEP_FAILED, STEP_DONE, STEP_GOES_ON };

/* In a user namespace that maps root alone, the system's folders seem to be
 * nobody's. Who owns "/" decides anyhow where paths lead. */
static bool is_trusted(const struct walk *walk, uid_t owner)
{
	return owner == 0 || owner == walk->place->system;
}

static bool is_closed(const struct walk *walk)
{
	return is_trusted(walk, walk->folder.st_uid) &&
	       !(walk->folder.st_mode & (S_IWGRP | S_IWOTH));
}

static bool is_sticky(const struct walk *walk)
{
	return is_trusted(walk, walk->folder.st_uid) &&
	       (walk->folder.st_mode & S_ISVTX);
}

/* Where nobody else could have put or replaced what has this status. A hard
 * link may be made of what is root's elsewhere, and users may mount there
 * (FUSE) what says that it is root's. */
static bool is_roots_doing(const struct walk *walk, const struct stat *entry)
{
	if (walk->place->is_exposed)
		return false;
	return is_closed(walk) ||
	       (is_sticky(walk) && is_trusted(walk, entry->st_uid) &&
		       (S_ISDIR(entry->st_mode) || entry->st_nlink == 1) &&
		       entry->st_dev == walk->folder.st_dev);
}

/* Goes into a folder that is open, which is closed with the place. */
static bool enter(struct walk *walk, int descriptor)
{
	struct output_place *place = walk->place;
	struct stat entered;

	if (fstat(descriptor, &entered) != 0) {
		(void)close(descriptor); /* nothing is written by it */
		return false;
	}
	if (place->folder >= 0) {
		if (place->is_root && !is_roots_doing(walk, &entered))
			place->is_exposed = true;
		output_place_close(place);
	}
	place->folder = descriptor;
	walk->folder = entered;
	return true;
}

static bool start(struct walk *walk, int folder, const char *path)
{
	if (folder < 0)
		return false;
	if (!enter(walk, folder))
		return false;
	if (!path[0])
		errno = ENOENT;
	else if (strlen(path) >= sizeof(walk->rest))
		errno = ENAMETOOLONG;
	else {
		memcpy(walk->rest, path, strlen(path) + 1);
		return true;
	}
	return false;
}

/* Takes the next component off the path. A path that ends with a slash names
 * a folder, as does one that consists of slashes. */
static bool take_component(struct walk *walk, bool *is_last)
{
	const char *from = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(from, "/");
	const char *rest = from + length;

	if (length == 0) {
		from = ".";
		length = 1;
	}
	if (length > NAME_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(walk->place->name, from, length);
	walk->place->name[length] = '\0';
	*is_last = !rest[0];
	memmove(walk->rest, rest, strlen(rest) + 1);
	return true;
}

static bool may_follow(
	const struct walk *walk, const struct stat *link, bool is_last)
{
	if (walk->is_below)
		return false;
	if (walk->place->is_root && !is_roots_doing(walk, link))
		return false;
	return !is_last || link->st_uid == geteuid() ||
	       is_trusted(walk, link->st_uid);
}

static bool is_on_procfs(int descriptor)
{
	struct statfs status;

	return fstatfs(descriptor, &status) == 0 &&
	       status.f_type == PROC_SUPER_MAGIC;
}

/* Puts what the link says before the rest of the path. */
static enum step take_target(struct walk *walk, int link)
{
	char path[PATH_MAX];
	ssize_t length = readlinkat(link, "", path, sizeof(path));
	size_t rest = strlen(walk->rest);

	if (length < 0)
		return STEP_FAILED;
	if (length == 0 || (size_t)length + rest >= sizeof(path)) {
		errno = length == 0 ? ENOENT : ENAMETOOLONG;
		return STEP_FAILED;
	}
	memcpy(path + length, walk->rest, rest + 1);
	memcpy(walk->rest, path, (size_t)length + rest + 1);
	if (path[0] != '/')
		return STEP_GOES_ON;
	/* Anew: the link is to be trusted, or it would not be followed. */
	output_place_close(walk->place);
	int top = open("/", OUTPUT_FOLDER_FLAGS);

	return top >= 0 && enter(walk, top) ? STEP_GOES_ON : STEP_FAILED;
}

static enum step follow(struct walk *walk, int link, bool is_last)
{
	struct output_place *place = walk->place;
	struct stat status;

	if (fstat(link, &status) != 0)
		return STEP_FAILED;
	if (!S_ISLNK(status.st_mode)) {
		errno = ENOTDIR;
		return is_last ? STEP_DONE : STEP_FAILED;
	}
	if (!may_follow(walk, &status, is_last) || ++walk->links > MOST_LINKS) {
		errno = ELOOP;
		return STEP_FAILED;
	}
	if (!is_on_procfs(link))
		return take_target(walk, link);
	/* What such a link says is for people; it leads where it leads. */
	place->is_descriptor = is_last;
	if (is_last)
		return STEP_DONE;
	int folder = openat(
		place->folder, place->name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return folder >= 0 && enter(walk, folder) ? STEP_GOES_ON : STEP_FAILED;
}

static enum step go_on(struct walk *walk)
{
	const struct output_place *place = walk->place;
	bool is_last;

	if (!take_component(walk, &is_last))
		return STEP_FAILED;
	if (walk->is_below && strcmp(place->name, "..") == 0) {
		errno = ELOOP;
		return STEP_FAILED;
	}
	if (is_last && walk->is_below)
		return STEP_DONE;
	if (!is_last) {
		int folder =
			openat(place->folder, place->name, OUTPUT_FOLDER_FLAGS);

		if (folder >= 0)
			return enter(walk, folder) ? STEP_GOES_ON : STEP_FAILED;
		if (errno != ENOTDIR || walk->is_below)
			return STEP_FAILED;
	}
	int link = openat(
		place->folder, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (link < 0) /* what does not exist yet will be created */
		return is_last && errno == ENOENT ? STEP_DONE : STEP_FAILED;
	enum step step = follow(walk, link, is_last);
	int error = errno;

	(void)close(link); /* nothing is written by it */
	errno = error;
	return step;
}

static bool go(struct walk *walk, int folder, const char *path)
{
	struct output_place *place = walk->place;
	enum step step = start(walk, folder, path) ? STEP_GOES_ON : STEP_FAILED;

	while (step == STEP_GOES_ON)
		step = go_on(walk);
	if (step == STEP_DONE) {
		if (place->is_root && !place->is_exposed && !is_closed(walk)) {
			place->is_sticky = is_sticky(walk);
			place->is_exposed = !place->is_sticky;
		}
		return true;
	}
	int error = errno;

	output_place_close(place);
	errno = error;
	return false;
}

bool output_place_find(const char *path, struct output_place *place)
{
	struct walk walk = {.place = place};
	struct stat top;

	*place = (struct output_place){.folder = -1, .is_root = geteuid() == 0};
	if (stat("/", &top) == 0)
		place->system = top.st_uid;
	return go(&walk, open(path[0] == '/' ? "/" : ".", OUTPUT_FOLDER_FLAGS),
		path);
}

bool output_place_below(const struct output_place *base, const char *path,
	struct output_place *place)
{
	struct walk walk = {.place = place, .is_below = true};

	*place = *base;
	place->folder = -1;
	return go(&walk, openat(base->folder, ".", OUTPUT_FOLDER_FLAGS), path);
}

void output_place_close(struct output_place *place)
{
	if (place->folder >= 0)
		(void)close(place->folder); /* nothing was written by it */
	place->folder = -1;
}

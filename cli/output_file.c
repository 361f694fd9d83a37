/* A file that is there already is not emptied when it is opened, since it may
 * prove to be none that may be written: an input, or one that somebody else
 * put into the place of ours. It is looked at by the descriptor that it will
 * be written by. */
#include "cli/output_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/notice.h"

struct opening {
	const struct output_place *place;
	const char *path;
	enum run_file_use use;
	bool is_rotated;
	bool is_created; /* it was not there before */
};

bool output_file_say_why_not(const char *path, enum run_file_use use, int error,
	struct failure *failure)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: you may not write it; name another place with %s",
			path, run_file_option(use));
	case ELOOP:
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: a symbolic link there may be somebody else's and "
			"is not followed; name the file itself with %s",
			path, run_file_option(use));
	case EISDIR:
		return failure_set(failure, EXIT_USAGE,
			"%s: it is a directory; name a file with %s", path,
			run_file_option(use));
	default:
		return failure_set(failure, EXIT_USAGE,
			"%s: it can't be created: %s; name another place with "
			"%s",
			path, strerror(error), run_file_option(use));
	}
}

/* In a sticky folder others may mount something (FUSE) that says it is root's,
 * on a name that is root's indeed. */
static bool is_mounted_there(
	const struct output_place *place, const struct stat *status)
{
	struct stat folder;

	return fstat(place->folder, &folder) != 0 ||
	       folder.st_dev != status->st_dev;
}

/* Whether what was there already may be written. */
static bool may_take(const struct opening *opening, const struct stat *status,
	struct failure *failure)
{
	const struct output_place *place = opening->place;
	bool is_plain = S_ISREG(status->st_mode) && status->st_nlink == 1;
	bool is_roots = status->st_uid == 0 && status->st_nlink == 1;

	if ((place->is_exposed && !(is_plain && is_roots)) ||
		(place->is_sticky &&
			(!is_roots || is_mounted_there(place, status))))
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: other users may write to its directory, and the "
			"existing file is not a regular file of root; remove "
			"it, or name another place with %s",
			opening->path, run_file_option(opening->use));
	if (opening->is_rotated && !is_plain)
		return failure_set(failure, EXIT_USAGE,
			"%s: %s has to be a regular file without another hard "
			"link; remove it, or name another place with %s",
			opening->path,
			opening->use == RUN_FILE_LAKE ? "a file of a lake"
			: opening->use == RUN_FILE_PAGE
				? "a page of a report"
				: "a file of a rotating recording",
			run_file_option(opening->use));
	return true;
}

static int open_it(const struct opening *opening, int flags)
{
	const struct output_place *place = opening->place;
	int descriptor;

	if (place->is_descriptor)
		flags &= ~(O_CREAT | O_NOFOLLOW);
	do
		descriptor = openat(place->folder, place->name, flags,
			run_file_is_private(opening->use) ? 0600 : 0666);
	while (descriptor < 0 && errno == EINTR);
	return descriptor;
}

/* Opened without waiting, a FIFO without a reader is ENXIO. */
static int wait_for_reader(
	const struct opening *opening, struct failure *failure)
{
	const struct output_place *place = opening->place;
	struct stat status;

	if (fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) !=
			0 ||
		!S_ISFIFO(status.st_mode)) {
		errno = ENXIO;
		return -1;
	}
	if (!may_take(opening, &status, failure)) {
		errno = 0; /* it is said already */
		return -1;
	}
	notice_print("%s: waiting for a program that reads this FIFO; Ctrl-C "
		     "ends it",
		opening->path);
	return open_it(opening, OUTPUT_FILE_FLAGS & ~O_NONBLOCK);
}

/* Files are written without waiting anyhow; a pipe or a terminal is to wait. */
static bool let_it_wait(int descriptor)
{
	int flags = fcntl(descriptor, F_GETFL);

	return flags >= 0 &&
	       fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

static int take_existing(const struct opening *opening, struct failure *failure)
{
	struct stat status;
	/* O_CREAT for what the kernel forbids in sticky folders only with it
	 * (fs.protected_regular, fs.protected_fifos). */
	int descriptor = open_it(opening, OUTPUT_FILE_FLAGS | O_CREAT);

	if (descriptor < 0 && errno == ENXIO && !opening->is_rotated)
		descriptor = wait_for_reader(opening, failure);
	if (descriptor < 0) {
		if (errno != 0)
			(void)output_file_say_why_not(
				opening->path, opening->use, errno, failure);
		return -1;
	}
	if (fstat(descriptor, &status) != 0)
		(void)output_file_say_why_not(
			opening->path, opening->use, errno, failure);
	else if (may_take(opening, &status, failure)) {
		if (S_ISREG(status.st_mode) || let_it_wait(descriptor))
			return descriptor;
		(void)output_file_say_why_not(
			opening->path, opening->use, errno, failure);
	}
	(void)close(descriptor); /* nothing was written */
	return -1;
}

static int open_in_place(struct opening *opening, struct failure *failure)
{
	int descriptor = -1;

	errno = EEXIST;
	if (!opening->place->is_descriptor)
		descriptor =
			open_it(opening, OUTPUT_FILE_FLAGS | O_CREAT | O_EXCL);
	opening->is_created = descriptor >= 0;
	if (descriptor >= 0)
		return descriptor;
	if (errno == EEXIST)
		return take_existing(opening, failure);
	(void)output_file_say_why_not(
		opening->path, opening->use, errno, failure);
	return -1;
}

int output_file_open_rotated(const struct output_place *place, const char *path,
	enum run_file_use use, struct failure *failure)
{
	struct opening opening = {place, path, use, true, false};

	return open_in_place(&opening, failure);
}

static int open_standard_output(enum run_file_use use, struct failure *failure)
{
	if ((run_file_is_private(use) || use == RUN_FILE_PAGE) &&
		isatty(STDOUT_FILENO)) {
		(void)failure_set(failure, EXIT_USAGE,
			"standard output is a terminal: redirect it, or name a "
			"file to write to");
		return -1;
	}
	int descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	if (descriptor < 0)
		(void)output_file_say_why_not(
			"standard output", use, errno, failure);
	return descriptor;
}

static int open_path(const char *path, enum run_file_use use, bool *is_created,
	struct failure *failure)
{
	struct output_place place;

	if (!output_place_find(path, &place)) {
		(void)output_file_say_why_not(path, use, errno, failure);
		return -1;
	}
	struct opening opening = {&place, path, use, false, false};
	int descriptor = open_in_place(&opening, failure);

	output_place_close(&place);
	*is_created = opening.is_created;
	return descriptor;
}

/* What lies there may be somebody else's: for reading it is opened by the rules
 * for writing. */
int output_file_open_earlier(
	const char *path, enum run_file_use use, struct failure *failure)
{
	struct output_place place;
	struct opening opening = {&place, path, use, false, false};
	struct stat status;
	int descriptor;

	if (!output_place_find(path, &place)) {
		(void)output_file_say_why_not(path, use, errno, failure);
		return -1;
	}
	descriptor = openat(place.folder, place.name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (descriptor < 0 || fstat(descriptor, &status) != 0)
		(void)output_file_say_why_not(path, use, errno, failure);
	else if (may_take(&opening, &status, failure)) {
		output_place_close(&place);
		return descriptor;
	}
	if (descriptor >= 0)
		(void)close(descriptor); /* nothing was read */
	output_place_close(&place);
	return -1;
}

/* Opened by its name, it would be written from its beginning, over what
 * standard error has written there. */
bool output_file_is_standard(const char *path)
{
	static const char *const names[] = {
		"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	return false;
}

int output_file_open(const char *path, enum run_file_use use,
	struct run_files *files, struct failure *failure)
{
	bool is_standard = output_file_is_standard(path), is_created = false;
	int descriptor = is_standard
				 ? open_standard_output(use, failure)
				 : open_path(path, use, &is_created, failure);

	if (descriptor < 0)
		return -1;
	/* What a redirection may append to is not emptied. */
	if (run_files_add(files, descriptor,
		    is_standard ? "standard output" : path, use, !is_standard,
		    failure)) {
		if (is_created)
			run_files_note_created(files, path);
		return descriptor;
	}
	(void)close(descriptor); /* nothing was written */
	return -1;
}

/* By then the name may lead to another file: that stays. */
static void remove_created(const char *path, int descriptor)
{
	struct output_place place;
	struct stat own, there;

	if (!output_place_find(path, &place))
		return;
	if (fstat(descriptor, &own) == 0 && own.st_size == 0 &&
		fstatat(place.folder, place.name, &there,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		there.st_dev == own.st_dev && there.st_ino == own.st_ino)
		(void)unlinkat(place.folder, place.name, 0); /* or it stays */
	output_place_close(&place);
}

void output_files_remove(const struct run_files *files)
{
	for (uint32_t i = 0; i < files->count; i++) {
		int descriptor;
		const char *path = run_files_created(files, i, &descriptor);

		if (path)
			remove_created(path, descriptor);
	}
}

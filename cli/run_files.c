#include "cli/run_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "capture/array.h"
#include "cli/descriptors.h"
#include "cli/file_privacy.h"

/* Of a block device the number, whatever node of a folder leads to it; of a
 * loop device the file behind it. */
struct identity {
	mode_t type;
	dev_t device;
	ino_t inode;
	/* zero but for regular files */
	off_t bytes;
	struct timespec changed;
	bool is_on_overlay;
};

enum { NAME_BYTES = 208 };

struct run_file {
	struct identity identity;
	char name[NAME_BYTES]; /* as messages show it; cut off */
	enum run_file_use use;
	int descriptor;
	int privacy; /* of file_privacy_start; -1: none */
	bool is_emptied;
	const char *created; /* its path, if this run has created it */
};

static const struct {
	const char *option; /* that names it */
	const char *what;
} outputs[] = {
	[RUN_FILE_REPORT] = {"-o", "the report"},
	[RUN_FILE_RECORDING] = {"-w", "the recording"},
	[RUN_FILE_PARTIAL] = {"--partial", "the partial result"},
	[RUN_FILE_LAKE] = {"--lake", "the lake"},
	[RUN_FILE_PAGE] = {"--html", "the HTML report"},
	[RUN_FILE_XPLOT] = {"--xplot", "the plot"},
};

const char *run_file_option(enum run_file_use use)
{
	return outputs[use].option;
}

bool run_file_is_private(enum run_file_use use)
{
	return use == RUN_FILE_RECORDING || use == RUN_FILE_PARTIAL;
}

static struct identity device_identity(int descriptor, dev_t number)
{
	struct loop_info64 loop;

	if (ioctl(descriptor, LOOP_GET_STATUS64, &loop) != 0)
		return (struct identity){.type = S_IFBLK, .device = number};
	return (struct identity){.type = S_IFREG,
		.device = loop.lo_device,
		.inode = loop.lo_inode};
}

static bool is_on_overlay(int descriptor)
{
	struct statfs system;

	return fstatfs(descriptor, &system) == 0 &&
	       system.f_type == OVERLAYFS_SUPER_MAGIC;
}

static bool identify(int descriptor, struct identity *identity)
{
	struct stat status;

	if (fstat(descriptor, &status) != 0)
		return false;
	*identity = (struct identity){.type = status.st_mode & S_IFMT,
		.device = status.st_dev,
		.inode = status.st_ino};
	if (S_ISREG(status.st_mode)) {
		identity->bytes = status.st_size;
		identity->changed = status.st_ctim;
		identity->is_on_overlay = is_on_overlay(descriptor);
	}
	if (S_ISBLK(status.st_mode))
		*identity = device_identity(descriptor, status.st_rdev);
	return true;
}

/* An overlay shows a file of a layer with another device's number: a file there
 * and one that agrees in the rest, to the nanosecond, are taken for one.
 * Elsewhere such files are two: a snapshot's, for example, and the original. */
static bool is_layer(const struct identity *one, const struct identity *other)
{
	return (one->is_on_overlay || other->is_on_overlay) &&
	       one->bytes > 0 && one->bytes == other->bytes &&
	       one->changed.tv_sec == other->changed.tv_sec &&
	       one->changed.tv_nsec == other->changed.tv_nsec;
}

/* What is written to a character device (/dev/null, a terminal) or a socket
 * does not change what is read from it. */
static bool is_same(const struct identity *one, const struct identity *other)
{
	return one->type == other->type && one->inode == other->inode &&
	       (one->device == other->device || is_layer(one, other)) &&
	       !S_ISCHR(one->type) && !S_ISSOCK(one->type);
}

/* A recording in a ring of files takes its first one again; and an input may be
 * given twice. All other files of one option are written at the same time. */
static bool may_be_same(enum run_file_use one, enum run_file_use other)
{
	return one == other &&
	       (one == RUN_FILE_INPUT || one == RUN_FILE_RECORDING);
}

static bool is_standard_error(int descriptor)
{
	struct identity input, errors;

	return identify(descriptor, &input) &&
	       identify(STDERR_FILENO, &errors) && is_same(&input, &errors);
}

/* Messages would come between what is written there. A report on standard
 * output, or on a pipe or a terminal, may have them: the caller asked for it,
 * and nothing is overwritten. */
static bool may_have_messages(
	const struct identity *identity, int descriptor, enum run_file_use use)
{
	return use == RUN_FILE_REPORT &&
	       (descriptor == STDOUT_FILENO || !S_ISREG(identity->type));
}

bool run_files_check(const struct run_files *files, int descriptor,
	const char *name, enum run_file_use use, struct failure *failure)
{
	struct identity identity;

	if (!identify(descriptor, &identity))
		return failure_set(failure, EXIT_USAGE,
			"%s: it can't be written: %s", name, strerror(errno));
	if (!may_have_messages(&identity, descriptor, use) &&
		is_standard_error(descriptor))
		return failure_set(failure, EXIT_USAGE,
			"%.200s: standard error goes there too; name another "
			"file with %s",
			name, outputs[use].option);
	for (size_t i = 0; i < files->count; i++) {
		const struct run_file *file = &files->rows[i];

		if (may_be_same(file->use, use) ||
			!is_same(&file->identity, &identity))
			continue;
		if (file->use == RUN_FILE_INPUT)
			return failure_set(failure, EXIT_USAGE,
				"%.200s: it is also an input (%.200s), and was "
				"not changed; name another file with %s",
				name, file->name, outputs[use].option);
		return failure_set(failure, EXIT_USAGE,
			"%.200s: %s writes there too (%.200s); name another "
			"file with %s",
			name, outputs[file->use].what, file->name,
			outputs[use].option);
	}
	return true;
}

bool run_files_check_path(const struct run_files *files, const char *path,
	enum run_file_use use, struct failure *failure)
{
	struct stat status;
	int flags = O_PATH;

	/* Which file is behind a loop device, only its driver tells. */
	if (stat(path, &status) == 0 && S_ISBLK(status.st_mode))
		flags = O_RDONLY | O_NONBLOCK;
	int descriptor = open(path, flags | O_CLOEXEC);

	if (descriptor < 0) /* what else is wrong with it, its opener tells */
		return true;
	bool is_good =
		run_files_check(files, descriptor, path, use, failure);

	(void)close(descriptor); /* nothing is written by it */
	return is_good;
}

static bool append(struct run_files *files, int descriptor, const char *name,
	enum run_file_use use, bool is_emptied, struct failure *failure)
{
	struct identity identity;

	if (!identify(descriptor, &identity))
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: it can't be examined: %s", name, strerror(errno));
	struct run_file *rows = array_grown(files->rows, files->count,
		&files->capacity, sizeof(*files->rows));
	if (!rows)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the list of files");
	files->rows = rows;
	struct run_file *file = &files->rows[files->count++];

	*file = (struct run_file){.identity = identity,
		.use = use,
		.descriptor = descriptor,
		.privacy = -1,
		.is_emptied = is_emptied};
	/* whoever read the input may be gone when this is shown */
	(void)snprintf(file->name, sizeof(file->name), "%s", name);
	return true;
}

bool run_files_add_input(struct run_files *files, int descriptor,
	const char *name, struct failure *failure)
{
	if (!is_standard_error(descriptor))
		return append(files, descriptor, name, RUN_FILE_INPUT, false,
			failure);
	/* Even the complaint would be written into it. */
	descriptors_divert_errors();
	return failure_set(failure, EXIT_USAGE,
		"standard error: it is an input too (%s)", name);
}

bool run_files_add_inputs(struct run_files *files,
	const struct recording *recording, struct failure *failure)
{
	unsigned count = recording_input_count(recording);

	for (unsigned i = 0; i < count; i++) {
		const char *name;
		int descriptor = recording_input(recording, i, &name);

		if (!run_files_add_input(files, descriptor, name, failure))
			return false;
	}
	return true;
}

bool run_files_add(struct run_files *files, int descriptor, const char *name,
	enum run_file_use use, bool is_emptied, struct failure *failure)
{
	if (!run_files_check(files, descriptor, name, use, failure) ||
		!append(files, descriptor, name, use, is_emptied, failure))
		return false;
	if (run_file_is_private(use) && is_emptied)
		files->rows[files->count - 1].privacy =
			file_privacy_start(descriptor);
	return true;
}

void run_files_note_created(struct run_files *files, const char *path)
{
	files->rows[files->count - 1].created = path;
}

const char *run_files_created(
	const struct run_files *files, uint32_t index, int *descriptor)
{
	if (index >= files->count)
		return NULL;
	*descriptor = files->rows[index].descriptor;
	return files->rows[index].created;
}

bool run_file_empty(int descriptor, const char *name, struct failure *failure)
{
	struct stat status;

	if (fstat(descriptor, &status) == 0 &&
		(!S_ISREG(status.st_mode) || ftruncate(descriptor, 0) == 0))
		return true;
	return failure_set(failure, EXIT_USAGE, "%s: it can't be emptied: %s",
		name, strerror(errno));
}

/* False when what sets the mode of an older recording is gone. */
static bool make_private(struct run_file *file, struct failure *failure)
{
	int privacy = file->privacy;

	file->privacy = -1;
	return privacy < 0 || file_privacy_set(privacy) ||
	       failure_set(failure, EXIT_INPUT_CUT,
		       "%s: it can't be made its owner's alone: the process "
		       "for that is gone",
		       file->name);
}

bool run_files_begin(struct run_files *files, struct failure *failure)
{
	for (size_t i = 0; i < files->count; i++) {
		struct run_file *file = &files->rows[i];

		if (!make_private(file, failure) ||
			(file->is_emptied &&
				!run_file_empty(file->descriptor, file->name,
					failure)))
			return false;
		file->is_emptied = false;
	}
	return true;
}

void run_files_free(struct run_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		if (files->rows[i].privacy >= 0)
			(void)close(files->rows[i].privacy); /* not begun */
	free(files->rows);
	*files = (struct run_files){0};
}

#include "cli/recorder.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capture/file/recording_writer.h"
#include "cli/file_opener.h"
#include "cli/notice.h"
#include "cli/output_file.h"

struct recorded_file {
	char *name; /* NULL: overwritten */
	uint64_t first_frame;
};

struct recorder {
	struct rotation rotation;
	struct live *live;
	const char *interface;
	struct run_files *run_files;
	int opener; /* -1: one file only */
	int first;  /* the first file, until it begins; else -1 */
	char first_name[PATH_MAX];
	struct recording_writer *writer; /* NULL: none is open */
	struct rotation_file current;
	struct recorded_file *files;
	unsigned file_count;
	uint64_t refused;	 /* files that could not be taken */
	uint64_t refused_in_row; /* since the last one that could */
	/* of the file that is open */
	dev_t device;
	ino_t inode;
	/* of the current file at its last turn, if the next was refused */
	uint64_t turned_bytes;
	bool has_failed;
	struct failure failure;
};

static bool fail(struct recorder *recorder, const struct failure *failure)
{
	if (!recorder->has_failed)
		recorder->failure = *failure;
	recorder->has_failed = true;
	return false;
}

static bool remember(
	struct recorder *recorder, const char *name, uint64_t first_frame)
{
	char *copy = strdup(name);

	if (!copy)
		return false;
	for (unsigned i = 0; i < recorder->file_count; i++)
		if (recorder->files[i].name &&
			strcmp(recorder->files[i].name, name) == 0) {
			free(recorder->files[i].name);
			recorder->files[i].name = NULL;
		}
	if (recorder->file_count == RECORDER_NAMES) {
		free(recorder->files[0].name);
		memmove(recorder->files, recorder->files + 1,
			(RECORDER_NAMES - 1) * sizeof(*recorder->files));
		recorder->file_count--;
	}
	recorder->files[recorder->file_count++] = (struct recorded_file){
		.name = copy, .first_frame = first_frame};
	return true;
}

static bool name_current(const struct recorder *recorder, char name[PATH_MAX],
	struct failure *failure)
{
	return rotation_name(&recorder->rotation, &recorder->current, name,
		       PATH_MAX) ||
	       failure_set(failure, EXIT_USAGE,
		       "%s: no name of a file comes of it",
		       recorder->rotation.path);
}

/* The file `recorder->current`, opened by the opener; -1 with a failure. */
static int open_current(
	struct recorder *recorder, char name[PATH_MAX], struct failure *failure)
{
	/* the opener makes the same name of it */
	return name_current(recorder, name, failure)
		       ? file_opener_open(
				 recorder->opener, &recorder->current, failure)
		       : -1;
}

/* Section and interface, which are in the file at once. */
static bool begin_file(struct recorder *recorder, int descriptor,
	const char *name, uint64_t first_frame, struct failure *failure)
{
	static const char comment[] =
		"Recorded by culprit " CULPRIT_VERSION ".";
	struct stat status;

	if (fstat(descriptor, &status) == 0) {
		recorder->device = status.st_dev;
		recorder->inode = status.st_ino;
	}
	recorder->writer =
		recording_writer_on(descriptor, name, comment, failure);
	if (!recorder->writer)
		return false;
	if (!remember(recorder, name, first_frame))
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for names");
	if (recording_writer_interface(recorder->writer,
		    live_linktype(recorder->live),
		    live_snap_bytes(recorder->live),
		    recorder->interface) >= 0 &&
		recording_writer_flush(recorder->writer))
		return true;
	struct recording_writer *writer = recorder->writer;

	recorder->writer = NULL;
	return recording_writer_close(writer, failure);
}

bool recorder_begin(struct recorder *recorder, struct failure *failure)
{
	int descriptor = recorder->first;

	recorder->first = -1;
	return begin_file(
		recorder, descriptor, recorder->first_name, 1, failure);
}

static bool end_file(struct recorder *recorder, struct failure *failure)
{
	struct recording_writer *writer = recorder->writer;
	uint64_t received = 0, dropped = 0;

	recorder->writer = NULL;
	if (!writer)
		return true;
	if (!live_statistics(recorder->live, &received, &dropped))
		received = dropped = UINT64_MAX;
	(void)recording_writer_statistics(writer, 0, received, dropped);
	return recording_writer_close(writer, failure);
}

/* Whether -C leads to this name: whatever digits it ends with may be the
 * number. */
static bool is_reached(const struct recorder *recorder, const char *path)
{
	const struct rotation *rotation = &recorder->rotation;
	size_t at = strlen(path);

	while (at > 0 && path[at - 1] >= '0' && path[at - 1] <= '9') {
		struct rotation_file file = recorder->current;
		char name[PATH_MAX];

		file.number = strtoull(path + --at, NULL, 10);
		if ((!rotation->most_files ||
			    file.number < rotation->most_files) &&
			rotation_name(rotation, &file, name, sizeof(name)) &&
			strcmp(name, path) == 0)
			return true;
	}
	return false;
}

/* No file of a rotation may be an output, of those that are there by now; else
 * it would be found out once it is the file's turn. */
static bool check_names(struct recorder *recorder, struct failure *failure)
{
	const char *first = recorder->first_name;
	const char *slash = strrchr(first, '/');
	size_t folder = slash ? (size_t)(slash - first) + 1 : 0;
	char path[PATH_MAX];
	const struct dirent *entry;
	bool is_good = run_files_check_path(
		recorder->run_files, first, RUN_FILE_RECORDING, failure);

	if (!is_good || !recorder->rotation.largest_bytes)
		return is_good;
	(void)snprintf(path, sizeof(path), "%.*s.", (int)folder, first);
	DIR *stream = opendir(path);

	while (is_good && stream && (entry = readdir(stream)) != NULL)
		if ((size_t)snprintf(path, sizeof(path), "%.*s%s", (int)folder,
			    first, entry->d_name) < sizeof(path) &&
			is_reached(recorder, path))
			is_good = run_files_check_path(recorder->run_files,
				path, RUN_FILE_RECORDING, failure);
	if (stream)
		(void)closedir(stream); /* it was only read */
	return is_good;
}

static bool open_first(struct recorder *recorder, struct failure *failure)
{
	const struct rotation *rotation = &recorder->rotation;
	const char *name = recorder->first_name;

	if (!rotation_is_used(rotation)) {
		(void)snprintf(recorder->first_name, PATH_MAX, "%s",
			rotation->path); /* too long a path is refused */
		recorder->first = output_file_open(rotation->path,
			RUN_FILE_RECORDING, recorder->run_files, failure);
		return recorder->first >= 0;
	}
	/* Once paths are forbidden, the time zone can't be read. */
	tzset();
	if (!name_current(recorder, recorder->first_name, failure) ||
		!check_names(recorder, failure))
		return false;
	recorder->opener = file_opener_start(rotation, failure);
	if (recorder->opener < 0)
		return false;
	recorder->first = open_current(recorder, recorder->first_name, failure);
	return recorder->first >= 0 &&
	       run_files_add(recorder->run_files, recorder->first, name,
		       RUN_FILE_RECORDING, true, failure);
}

struct recorder *recorder_open(const struct rotation *rotation,
	struct live *live, const char *interface, struct run_files *files,
	struct failure *failure)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder) {
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory to record");
		return NULL;
	}
	recorder->rotation = *rotation;
	recorder->live = live;
	recorder->interface = interface;
	recorder->run_files = files;
	recorder->opener = recorder->first = -1;
	recorder->current.start_s = (int64_t)time(NULL);
	recorder->files = calloc(RECORDER_NAMES, sizeof(*recorder->files));
	if (!recorder->files)
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory to record");
	else if (open_first(recorder, failure))
		return recorder;
	recorder_free(recorder);
	return NULL;
}

/* The next file, not emptied yet; -1 with a failure. */
static int open_next(
	struct recorder *recorder, char name[PATH_MAX], struct failure *failure)
{
	int descriptor = open_current(recorder, name, failure);

	if (descriptor < 0 ||
		run_files_check(recorder->run_files, descriptor, name,
			RUN_FILE_RECORDING, failure))
		return descriptor;
	(void)close(descriptor); /* nothing was written */
	return -1;
}

/* Who can put a file in the way of the next one is not to end the recording: it
 * goes on in the file that is open until the next turn. A ring of files has a
 * bound to its size: without any file that can be taken the recording ends. */
static bool stay(struct recorder *recorder, const struct failure *failure)
{
	const struct rotation *rotation = &recorder->rotation;
	bool is_ring = rotation->most_files && rotation->largest_bytes;

	if (recorder->refused++ == 0)
		notice_print("%s; the recording goes on in %s", failure->text,
			recorder->files[recorder->file_count - 1].name);
	recorder->turned_bytes = recording_writer_bytes(recorder->writer);
	return !is_ring ||
	       ++recorder->refused_in_row < rotation->most_files ||
	       fail(recorder, failure);
}

/* Is it the file that is open, because the ring's others were refused? It has
 * all that is recorded. */
static bool is_last_of_ring(const struct recorder *recorder, int descriptor)
{
	struct stat status;

	return recorder->refused_in_row && fstat(descriptor, &status) == 0 &&
	       status.st_dev == recorder->device &&
	       status.st_ino == recorder->inode;
}

static bool go_on(struct recorder *recorder, uint64_t first_frame)
{
	char name[PATH_MAX];
	struct failure failure;
	int descriptor = open_next(recorder, name, &failure);

	if (descriptor < 0)
		return stay(recorder, &failure);
	if (is_last_of_ring(recorder, descriptor)) {
		(void)close(descriptor); /* nothing was written */
		(void)failure_set(&failure, EXIT_INPUT_CUT,
			"%s: no other file of the ring can be taken", name);
		return stay(recorder, &failure);
	}
	recorder->refused_in_row = recorder->turned_bytes = 0;
	/* Ended first: it may be the same file. */
	if (!end_file(recorder, &failure) ||
		!run_file_empty(descriptor, name, &failure)) {
		(void)close(descriptor); /* nothing was written */
		return fail(recorder, &failure);
	}
	return begin_file(recorder, descriptor, name, first_frame, &failure) ||
	       fail(recorder, &failure);
}

bool recorder_frame(struct recorder *recorder, const struct frame *frame)
{
	struct failure failure;

	if (recorder->has_failed || !recorder->writer)
		return false;
	switch (rotation_step(&recorder->rotation, frame->time_ns,
		recording_writer_bytes(recorder->writer) -
			recorder->turned_bytes,
		&recorder->current)) {
	case ROTATION_STAYS:
		break;
	case ROTATION_GOES_ON:
		if (!go_on(recorder, frame->number))
			return false;
		break;
	case ROTATION_IS_FULL:
		if (!end_file(recorder, &failure))
			(void)fail(recorder, &failure);
		return false;
	}
	if (recording_writer_frame(recorder->writer, frame, NULL, 0))
		return true;
	(void)end_file(recorder, &failure);
	return fail(recorder, &failure);
}

bool recorder_flush(struct recorder *recorder)
{
	struct failure failure;

	if (recorder->has_failed)
		return false;
	if (!recorder->writer || recording_writer_flush(recorder->writer))
		return true;
	(void)end_file(recorder, &failure);
	return fail(recorder, &failure);
}

bool has_recorder_failed(const struct recorder *recorder)
{
	return recorder->has_failed;
}

const char *recorder_locate(const struct recorder *recorder, uint64_t frame,
	uint64_t *number_in_file)
{
	unsigned at = recorder->file_count;

	*number_in_file = frame;
	while (at > 0 && recorder->files[at - 1].first_frame > frame)
		at--;
	if (at == 0 || !recorder->files[at - 1].name)
		return NULL;
	*number_in_file = frame - recorder->files[at - 1].first_frame + 1;
	return recorder->files[at - 1].name;
}

unsigned recorder_names(const struct recorder *recorder, const char **names)
{
	unsigned count = 0;

	for (unsigned i = 0; i < recorder->file_count; i++)
		if (recorder->files[i].name)
			names[count++] = recorder->files[i].name;
	return count;
}

bool recorder_close(struct recorder *recorder, struct failure *failure)
{
	struct failure lost;

	if (!end_file(recorder, &lost))
		(void)fail(recorder, &lost);
	if (recorder->has_failed)
		*failure = recorder->failure;
	else if (recorder->refused)
		return failure_set(failure, EXIT_INPUT_CUT,
			"%" PRIu64 " file%s of the recording could not be "
			"begun: the packets are in the file before",
			recorder->refused, recorder->refused == 1 ? "" : "s");
	return !recorder->has_failed;
}

void recorder_free(struct recorder *recorder)
{
	struct failure ignored; /* recorder_close would have told */

	if (!recorder)
		return;
	if (recorder->writer)
		(void)end_file(recorder, &ignored);
	if (recorder->first >= 0)
		(void)close(recorder->first); /* nothing was written */
	if (recorder->opener >= 0)
		(void)close(recorder->opener);
	for (unsigned i = 0; recorder->files && i < recorder->file_count; i++)
		free(recorder->files[i].name);
	free(recorder->files);
	free(recorder);
}

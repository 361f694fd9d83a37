#include "cli/recorder.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/file/recording_writer.h"
#include "cli/file_opener.h"

struct recorded_file {
	char *name; /* NULL: overwritten */
	uint64_t first_frame;
};

struct recorder {
	struct rotation rotation;
	struct live *live;
	const char *interface;
	int opener;			 /* -1: one file only */
	struct recording_writer *writer; /* NULL: none is open */
	struct rotation_file current;
	struct recorded_file *files;
	unsigned file_count;
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

/* The file `recorder->current`, its section and its interface. */
static bool begin_file(struct recorder *recorder, uint64_t first_frame,
	struct failure *failure)
{
	static const char comment[] =
		"Recorded by culprit " CULPRIT_VERSION ".";
	const char *name = recorder->rotation.path;
	char made[PATH_MAX];
	int descriptor;

	if (recorder->opener < 0) {
		recorder->writer =
			recording_writer_open(name, comment, failure);
	} else {
		descriptor = file_opener_create(
			recorder->opener, &recorder->current, failure);
		if (descriptor < 0)
			return false;
		/* the opener has made the same name of it */
		if (rotation_name(&recorder->rotation, &recorder->current, made,
			    sizeof(made)))
			name = made;
		recorder->writer =
			recording_writer_on(descriptor, name, comment, failure);
	}
	if (!recorder->writer)
		return false;
	if (!remember(recorder, name, first_frame))
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for names");
	/* A failure is kept and told of when it is closed. */
	(void)recording_writer_interface(recorder->writer,
		live_linktype(recorder->live), live_snap_bytes(recorder->live),
		recorder->interface);
	return true;
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

struct recorder *recorder_open(const struct rotation *rotation,
	struct live *live, const char *interface, struct failure *failure)
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
	recorder->opener = -1;
	recorder->current.start_s = (int64_t)time(NULL);
	recorder->files = calloc(RECORDER_NAMES, sizeof(*recorder->files));
	if (!recorder->files) {
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory to record");
	} else {
		/* Once paths are forbidden, the time zone can't be read. */
		tzset();
		if (is_rotating(rotation))
			recorder->opener = file_opener_start(rotation, failure);
		if ((!is_rotating(rotation) || recorder->opener >= 0) &&
			begin_file(recorder, 1, failure))
			return recorder;
	}
	recorder_free(recorder);
	return NULL;
}

bool recorder_frame(struct recorder *recorder, const struct frame *frame)
{
	struct failure failure;

	if (recorder->has_failed || !recorder->writer)
		return false;
	switch (rotation_step(&recorder->rotation, frame->time_ns,
		recording_writer_bytes(recorder->writer), &recorder->current)) {
	case ROTATION_STAYS:
		break;
	case ROTATION_GOES_ON:
		if (!end_file(recorder, &failure) ||
			!begin_file(recorder, frame->number, &failure))
			return fail(recorder, &failure);
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
	return !recorder->has_failed;
}

void recorder_free(struct recorder *recorder)
{
	struct failure ignored; /* recorder_close would have told */

	if (!recorder)
		return;
	if (recorder->writer)
		(void)end_file(recorder, &ignored);
	if (recorder->opener >= 0)
		(void)close(recorder->opener);
	for (unsigned i = 0; recorder->files && i < recorder->file_count; i++)
		free(recorder->files[i].name);
	free(recorder->files);
	free(recorder);
}

#include "capture/file/recording.h"

#include <stdlib.h>
#include <string.h>

#include "capture/file/partial_check.h"
#include "capture/file/recording_state.h"

enum { FIRST_BATCH_BYTES = BATCH_USUAL_BYTES / 4 };

/* All but the inputs. */
static void clear(struct recording *recording)
{
	if (recording->format == FORMAT_PCAPNG)
		file_pcapng_finish(&recording->pcapng);
	interface_table_clear(&recording->interfaces);
	free(recording->carried);
}

/* The first time stamp of a file, read by itself and from its beginning, where
 * it is left again. False when it is no capture; an empty file among others is
 * only told in its turn. */
static bool peek(
	struct input *input, struct batch *batch, struct failure *failure)
{
	struct recording alone = {.inputs = input,
		.input_count = 1,
		.usual_bytes = FIRST_BATCH_BYTES};
	uint64_t done_bytes, total_bytes;

	input->first_time_ns = INT64_MAX;
	source_progress(input->source, &done_bytes, &total_bytes);
	if (total_bytes == 0)
		return true;
	bool is_capture = recording_begin_input(&alone, failure);
	/* Damage is told of when the file has its turn. */
	if (is_capture)
		recording_read_frames(&alone, batch);
	for (uint32_t i = 0; is_capture && i < batch->count &&
			     input->first_time_ns == INT64_MAX;
		i++)
		if (batch->frames[i].time_ns != INT64_MIN)
			input->first_time_ns = batch->frames[i].time_ns;
	clear(&alone);
	input->is_begun = false;
	source_rewind(input->source);
	return is_capture;
}

static int compare_first_times(const void *one, const void *other)
{
	const struct input *a = one, *b = other;

	if (a->first_time_ns != b->first_time_ns)
		return a->first_time_ns < b->first_time_ns ? -1 : 1;
	return a->given < b->given ? -1 : 1;
}

static bool sort_inputs(struct recording *recording, struct failure *failure)
{
	struct batch *batch;
	bool is_sorted = true;

	for (unsigned i = 0; i < recording->input_count; i++)
		if (!source_is_file(recording->inputs[i].source))
			return true; /* what is read once can't be peeked at */
	batch = batch_new(BATCH_USUAL_BYTES);
	if (!batch)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory to read captures");
	for (unsigned i = 0; is_sorted && i < recording->input_count; i++)
		is_sorted = peek(&recording->inputs[i], batch, failure);
	if (is_sorted)
		qsort(recording->inputs, recording->input_count,
			sizeof(*recording->inputs), compare_first_times);
	batch_free(batch);
	return is_sorted;
}

static bool open_inputs(struct recording *recording, const char *const *paths,
	struct failure *failure)
{
	for (unsigned i = 0; i < recording->input_count; i++) {
		struct input *input = &recording->inputs[i];
		input->given = i;
		input->path = strdup(paths[i]);
		if (!input->path)
			return failure_set(failure, EXIT_INPUT_CUT,
				"no memory to read captures");
		input->source = source_open(paths[i], failure);
		if (!input->source)
			return false;
	}
	return true;
}

struct recording *recording_open(
	const char *const *paths, unsigned path_count, struct failure *failure)
{
	struct recording *recording = calloc(1, sizeof(*recording));

	if (recording)
		recording->inputs =
			calloc(path_count, sizeof(*recording->inputs));
	if (!recording || (path_count && !recording->inputs)) {
		free(recording);
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory to read captures");
		return NULL;
	}
	recording->input_count = path_count;
	recording->usual_bytes = FIRST_BATCH_BYTES;
	if (!open_inputs(recording, paths, failure)) {
		recording_close(recording);
		return NULL;
	}
	return recording;
}

bool recording_begin(struct recording *recording, struct failure *failure)
{
	if (recording->input_count > 1)
		return sort_inputs(recording, failure);
	return recording_begin_input(recording, failure);
}

bool recording_is_seekable(const struct recording *recording)
{
	return source_is_file(recording->inputs[0].source);
}

bool recording_peek(struct recording *recording, struct batch *batch,
	int64_t *first_time_ns, struct failure *failure)
{
	bool is_capture;

	batch->count = 0;
	is_capture = peek(&recording->inputs[0], batch, failure);
	*first_time_ns = recording->inputs[0].first_time_ns;
	return is_capture;
}

bool recording_check_partial(struct recording *recording,
	struct partial_info *info, struct failure *failure)
{
	const struct source *source = recording->inputs[0].source;

	if (!source_is_file(source)) {
		*info = (struct partial_info){.names = NULL};
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: a partial result is read twice, and has to be a "
			"plain file",
			source_name(source));
	}
	return partial_check(source, info, failure);
}

void recording_number_after(struct recording *recording, uint64_t before)
{
	recording->number = before;
}

bool recording_append(struct recording *recording, struct recording *other)
{
	unsigned count = recording->input_count;
	struct input *inputs = reallocarray(
		recording->inputs, count + 1, sizeof(*recording->inputs));

	if (!inputs)
		return false;
	recording->inputs = inputs;
	inputs[count] = other->inputs[0];
	inputs[count].given = count;
	recording->input_count++;
	other->input_count = 0;
	recording_close(other);
	return true;
}

void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	clear(recording);
	for (unsigned i = 0; i < recording->input_count; i++) {
		source_close(recording->inputs[i].source);
		free(recording->inputs[i].path);
	}
	free(recording->inputs);
	free(recording);
}

unsigned recording_input_count(const struct recording *recording)
{
	return recording->input_count;
}

int recording_input(
	const struct recording *recording, unsigned index, const char **name)
{
	const struct input *input = &recording->inputs[index];

	*name = source_name(input->source);
	return source_descriptor(input->source);
}

void recording_limit_memory(struct recording *recording, uint64_t bytes)
{
	for (unsigned i = 0; i < recording->input_count; i++)
		source_limit_memory(recording->inputs[i].source, bytes);
}

uint64_t recording_window_bytes(const struct recording *recording)
{
	uint64_t most = 0;

	for (unsigned i = recording->current; i < recording->input_count; i++) {
		uint64_t bytes =
			source_window_bytes(recording->inputs[i].source);

		if (bytes > most)
			most = bytes;
	}
	return most;
}

void recording_follow(struct recording *recording)
{
	for (unsigned i = 0; i < recording->input_count; i++)
		source_follow(recording->inputs[i].source);
}

void recording_on_silence(struct recording *recording,
	void (*call)(void *context, int64_t waited_ns), void *context)
{
	for (unsigned i = 0; i < recording->input_count; i++)
		source_on_silence(recording->inputs[i].source, call, context);
}

void recording_stop_on(
	struct recording *recording, const volatile sig_atomic_t *is_stopped)
{
	recording->is_stopped = is_stopped;
	for (unsigned i = recording->current; i < recording->input_count; i++)
		source_stop_on(recording->inputs[i].source, is_stopped);
}

uint64_t recording_odd_frames(const struct recording *recording)
{
	return recording->odd_frames;
}

const char *recording_comment(const struct recording *recording)
{
	return recording->interfaces.comment;
}

const char *recording_end_comment(const struct recording *recording)
{
	return recording->interfaces.end_comment;
}

unsigned recording_interface_count(const struct recording *recording)
{
	return recording->interfaces.count;
}

const struct recording_interface *recording_interface(
	const struct recording *recording, unsigned index)
{
	return index < recording->interfaces.count
		       ? &recording->interfaces.rows[index]
		       : NULL;
}

/* Inputs are begun one after the other, so those before the frame come before
 * those that are not. */
unsigned recording_input_of(const struct recording *recording,
	uint64_t frame_number, unsigned *steps)
{
	unsigned found = 0, end = recording->input_count;

	*steps = 0;
	while (end - found > 1) {
		unsigned middle = found + (end - found) / 2;
		const struct input *input = &recording->inputs[middle];

		++*steps;
		if (input->is_begun && input->frames_before < frame_number)
			found = middle;
		else
			end = middle;
	}
	return found;
}

const char *recording_locate(const struct recording *recording,
	uint64_t frame_number, uint64_t *number_in_file)
{
	unsigned steps;
	const struct input *found = &recording->inputs[recording_input_of(
		recording, frame_number, &steps)];

	const struct piece *piece =
		piece_table_find(&recording->interfaces.pieces,
			found->frames_before, frame_number);

	if (piece) {
		*number_in_file = frame_number - piece->frames_before;
		return piece->path;
	}
	*number_in_file = frame_number - found->frames_before;
	return found->path;
}

void recording_progress(const struct recording *recording, uint64_t *done_bytes,
	uint64_t *total_bytes)
{
	bool is_total_known = true;

	*done_bytes = *total_bytes = 0;
	for (unsigned i = 0; i < recording->input_count; i++) {
		const struct input *input = &recording->inputs[i];
		uint64_t done = input->done_bytes, total = input->total_bytes;
		if (input->source)
			source_progress(input->source, &done, &total);
		*done_bytes += done;
		*total_bytes += total;
		is_total_known = is_total_known && total > 0;
	}
	if (!is_total_known)
		*total_bytes = 0;
}

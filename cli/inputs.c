#include "cli/inputs_state.h"

#include <stdlib.h>

struct inputs *inputs_open(
	const struct input_file *files, unsigned count, struct failure *failure)
{
	struct inputs *inputs = calloc(1, sizeof(*inputs));

	if (inputs)
		inputs->waiting = calloc(count, sizeof(*inputs->waiting));
	if (!inputs || !inputs->waiting) {
		free(inputs);
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory to read captures");
		return NULL;
	}
	inputs->count = count;
	for (unsigned i = 0; i < count; i++) {
		struct waiting *waiting = &inputs->waiting[i];

		waiting->file = &files[i];
		waiting->given = i;
		waiting->recording = recording_open(&files[i].path, 1, failure);
		if (!waiting->recording) {
			inputs_close(inputs);
			return NULL;
		}
	}
	return inputs;
}

void inputs_close(struct inputs *inputs)
{
	if (!inputs)
		return;
	for (unsigned i = 0; i < inputs->count; i++)
		recording_close(inputs->waiting[i].recording);
	for (unsigned i = 0; i < inputs->place_count; i++)
		recording_close(inputs->places[i].recording);
	free(inputs->waiting);
	free(inputs);
}

bool inputs_add_to(const struct inputs *inputs, struct run_files *files,
	struct failure *failure)
{
	for (unsigned i = 0; i < inputs->count; i++)
		if (!run_files_add_inputs(
			    files, inputs->waiting[i].recording, failure))
			return false;
	return true;
}

unsigned inputs_count(const struct inputs *inputs)
{
	return inputs->count;
}

const char *inputs_path(const struct inputs *inputs, unsigned index)
{
	return inputs->waiting[index].file->path;
}

bool inputs_check_partial(struct inputs *inputs, unsigned index,
	struct partial_info *info, struct failure *failure)
{
	return recording_check_partial(
		inputs->waiting[index].recording, info, failure);
}

static int by_given(const void *one, const void *other)
{
	const struct waiting *a = one, *b = other;

	return a->given < b->given ? -1 : a->given > b->given;
}

void inputs_order(struct inputs *inputs, const unsigned *order)
{
	for (unsigned i = 0; i < inputs->count; i++)
		inputs->waiting[order[i]].given = i;
	qsort(inputs->waiting, inputs->count, sizeof(*inputs->waiting),
		by_given);
}

bool inputs_join(struct inputs *inputs, struct failure *failure)
{
	struct waiting *all = &inputs->waiting[0];

	for (unsigned i = 1; i < inputs->count; i++) {
		if (!recording_append(all->recording, all[i].recording))
			return failure_set(failure, EXIT_INPUT_CUT,
				"no memory to read captures");
		all[i].recording = NULL;
	}
	inputs->count = 1;
	return true;
}

/* The one that is furthest behind; NULL: all have ended. */
static struct place *next_place(struct inputs *inputs)
{
	struct place *next = NULL;

	for (unsigned i = 0; i < inputs->place_count; i++) {
		struct place *place = &inputs->places[i];

		if (!place->is_ended &&
			(!next || place->last_ns < next->last_ns))
			next = place;
	}
	return next;
}

static void note_frames(
	struct place *place, const struct batch *batch, int64_t due_ns)
{
	for (uint32_t i = 0; i < batch->count; i++) {
		int64_t time_ns = batch->frames[i].time_ns;

		if (time_ns == INT64_MIN)
			continue;
		if (place->first_ns == INT64_MIN)
			place->first_ns = time_ns;
		if (time_ns > place->last_ns)
			place->last_ns = time_ns;
		if (time_ns >= due_ns)
			seam_add(&place->tail, &batch->frames[i]);
	}
}

enum reading inputs_read(
	struct inputs *inputs, struct batch *batch, struct failure *failure)
{
	if (inputs->count == 1) {
		batch->place = 0;
		return recording_read(
			inputs->places[0].recording, batch, failure);
	}
	for (;;) {
		struct place *place;
		enum reading reading;

		batch->count = 0;
		if (!inputs_begin_due(inputs, failure))
			return READING_CUT;
		place = next_place(inputs);
		if (!place || (inputs->is_stopped && *inputs->is_stopped))
			return READING_END;
		reading = recording_read(place->recording, batch, failure);
		batch->place = (unsigned)(place - inputs->places);
		note_frames(place, batch, inputs_due_ns(inputs));
		if (reading != READING_END)
			return reading;
		place->is_ended = true;
	}
}

void inputs_limit_memory(struct inputs *inputs, uint64_t bytes)
{
	for (unsigned i = 0; i < inputs->count; i++)
		recording_limit_memory(inputs->waiting[i].recording, bytes);
}

uint64_t inputs_window_bytes(const struct inputs *inputs)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < inputs->place_count; i++)
		if (inputs->places[i].recording)
			bytes += recording_window_bytes(
				inputs->places[i].recording);
	return bytes;
}

void inputs_stop_on(
	struct inputs *inputs, const volatile sig_atomic_t *is_stopped)
{
	inputs->is_stopped = is_stopped;
	for (unsigned i = 0; i < inputs->place_count; i++)
		if (inputs->places[i].recording)
			recording_stop_on(
				inputs->places[i].recording, is_stopped);
}

static void add_progress(const struct recording *recording, uint64_t *done,
	uint64_t *total, bool *is_known)
{
	uint64_t done_bytes, total_bytes;

	recording_progress(recording, &done_bytes, &total_bytes);
	*done += done_bytes;
	*total += total_bytes;
	*is_known = *is_known && total_bytes > 0;
}

void inputs_progress(const struct inputs *inputs, uint64_t *done_bytes,
	uint64_t *total_bytes)
{
	bool is_known = true;

	*done_bytes = *total_bytes = 0;
	for (unsigned i = 0; i < inputs->place_count; i++)
		if (inputs->places[i].recording)
			add_progress(inputs->places[i].recording, done_bytes,
				total_bytes, &is_known);
	for (unsigned i = 0; i < inputs->count; i++)
		if (inputs->waiting[i].recording)
			add_progress(inputs->waiting[i].recording, done_bytes,
				total_bytes, &is_known);
	if (!is_known)
		*total_bytes = 0;
}

const char *inputs_comment(const struct inputs *inputs, unsigned place)
{
	return recording_comment(inputs->places[place].recording);
}

const char *inputs_end_comment(const struct inputs *inputs, unsigned place)
{
	return recording_end_comment(inputs->places[place].recording);
}

const char *inputs_locate(
	const struct inputs *inputs, uint64_t frame, uint64_t *number_in_file)
{
	unsigned place = (unsigned)(frame >> INPUT_PLACE_SHIFT);

	*number_in_file = frame;
	if (place >= inputs->place_count || !inputs->places[place].recording)
		return NULL;
	return recording_locate(
		inputs->places[place].recording, frame, number_in_file);
}

unsigned inputs_place_count(const struct inputs *inputs)
{
	return inputs->place_count;
}

const char *inputs_place_name(const struct inputs *inputs, unsigned place)
{
	const struct place *one = &inputs->places[place];

	return one->name ? one->name : one->path;
}

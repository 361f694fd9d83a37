/* Which file is of which capture point, and when its turn comes. */
#include <stdlib.h>
#include <string.h>

#include "cli/inputs_state.h"

enum {
	/* A rotated capture's files overlap by this part of one at most. */
	SEAM_SHARE = 100,
};

static int by_first_frame(const void *one, const void *other)
{
	const struct waiting *a = one, *b = other;

	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	return a->given < b->given ? -1 : 1;
}

static bool is_full(
	const struct inputs *inputs, const char *path, struct failure *failure)
{
	if (inputs->place_count < INPUT_PLACES)
		return false;
	(void)failure_set(failure, EXIT_USAGE,
		"%.200s: overlaps with others: at most %d captures of the same "
		"time can be compared",
		path, INPUT_PLACES);
	return true;
}

/* The first file of a capture point. */
static void begin_file(
	struct inputs *inputs, struct place *place, struct waiting *waiting)
{
	unsigned number = (unsigned)(place - inputs->places);

	*place = (struct place){
		.recording = waiting->recording,
		.name = waiting->file->place,
		.path = waiting->file->path,
		.first_ns = waiting->first_ns,
		.last_ns = INT64_MIN,
	};
	recording_number_after(
		place->recording, (uint64_t)number << INPUT_PLACE_SHIFT);
	if (inputs->is_stopped)
		recording_stop_on(place->recording, inputs->is_stopped);
	waiting->recording = NULL;
}

/* A new capture point, from this file on. */
static bool begin_place(
	struct inputs *inputs, struct waiting *waiting, struct failure *failure)
{
	if (is_full(inputs, waiting->file->path, failure))
		return false;
	begin_file(inputs, &inputs->places[inputs->place_count++], waiting);
	return true;
}

static struct place *place_named(struct inputs *inputs, const char *name)
{
	for (unsigned i = 0; i < inputs->place_count; i++) {
		struct place *place = &inputs->places[i];

		if (place->name && strcmp(place->name, name) == 0)
			return place;
	}
	return NULL;
}

/* Those with names are numbered as they were given. */
static bool reserve_named(struct inputs *inputs, struct failure *failure)
{
	for (unsigned i = 0; i < inputs->count; i++) {
		const struct input_file *file = inputs->waiting[i].file;

		if (!file->place || place_named(inputs, file->place))
			continue;
		if (is_full(inputs, file->path, failure))
			return false;
		inputs->places[inputs->place_count++] = (struct place){
			.name = file->place,
			.path = file->path,
			.last_ns = INT64_MIN,
			.is_ended = true,
		};
	}
	return true;
}

static bool append(struct inputs *inputs, struct place *place,
	struct waiting *waiting, struct failure *failure)
{
	if (!place->recording) {
		begin_file(inputs, place, waiting);
		return true;
	}
	if (!recording_append(place->recording, waiting->recording))
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory to read captures");
	waiting->recording = NULL;
	place->is_ended = false;
	if (inputs->is_stopped)
		recording_stop_on(place->recording, inputs->is_stopped);
	return true;
}

/* Files of which one is read only once stay in the order given, one after the
 * other, save for those with names. */
static bool begin_in_order(struct inputs *inputs, struct failure *failure)
{
	struct place *nameless = NULL;

	for (unsigned i = 0; i < inputs->count; i++) {
		struct waiting *waiting = &inputs->waiting[i];

		if (waiting->file->place)
			continue;
		waiting->first_ns = INT64_MIN; /* stays in this order */
		if (nameless && !append(inputs, nameless, waiting, failure))
			return false;
		if (nameless)
			continue;
		nameless = &inputs->places[inputs->place_count];
		if (!begin_place(inputs, waiting, failure))
			return false;
	}
	return true;
}

/* `*is_seekable` is cleared where one can be read only once. */
static bool peek_all(
	struct inputs *inputs, bool *is_seekable, struct failure *failure)
{
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	bool is_read = true;

	if (!batch)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory to read captures");
	for (unsigned i = 0; is_read && i < inputs->count; i++) {
		struct waiting *waiting = &inputs->waiting[i];

		waiting->first_ns = INT64_MIN;
		if (!recording_is_seekable(waiting->recording)) {
			*is_seekable = false;
			continue;
		}
		is_read = recording_peek(waiting->recording, batch,
			&waiting->first_ns, failure);
		seam_begin(&waiting->head, batch);
	}
	batch_free(batch);
	return is_read;
}

bool inputs_begin(struct inputs *inputs, struct failure *failure)
{
	bool is_seekable = true;

	if (inputs->count == 1)
		return begin_place(inputs, &inputs->waiting[0], failure) &&
		       recording_begin(inputs->places[0].recording, failure);
	if (!reserve_named(inputs, failure) ||
		!peek_all(inputs, &is_seekable, failure))
		return false;
	if (!is_seekable && !begin_in_order(inputs, failure))
		return false;
	qsort(inputs->waiting, inputs->count, sizeof(*inputs->waiting),
		by_first_frame);
	return true;
}

/* Times of frames may be absurd. */
static int64_t earlier(int64_t time_ns, int64_t by_ns)
{
	return time_ns < INT64_MIN + by_ns ? INT64_MIN : time_ns - by_ns;
}

bool inputs_goes_on(int64_t first_ns, int64_t last_ns, int64_t next_ns)
{
	int64_t lasted_ns, seam_ns = SEAM_NS;

	if (!__builtin_sub_overflow(last_ns, first_ns, &lasted_ns) &&
		lasted_ns / SEAM_SHARE < seam_ns)
		seam_ns = lasted_ns > 0 ? lasted_ns / SEAM_SHARE : 0;
	return earlier(last_ns, seam_ns) <= next_ns;
}

static bool has_ended_before(
	const struct place *place, const struct waiting *waiting)
{
	return place->is_ended &&
	       inputs_goes_on(place->first_ns, place->last_ns,
		       waiting->first_ns) &&
	       !seam_is_shared(&place->tail, &waiting->head, place->last_ns);
}

int64_t inputs_due_ns(const struct inputs *inputs)
{
	for (unsigned i = 0; i < inputs->count; i++) {
		const struct waiting *waiting = &inputs->waiting[i];

		if (waiting->recording && !waiting->file->place)
			return earlier(waiting->first_ns, SEAM_NS);
	}
	return INT64_MAX;
}

/* There are as many places as there can be: files without names take turns, as
 * if they followed each other. NULL: no place is free yet, or (not `*is_early`)
 * none will be. */
static struct place *place_in_need(struct inputs *inputs, bool *is_early)
{
	struct place *found = NULL;

	for (unsigned i = 0; i < inputs->place_count; i++) {
		struct place *place = &inputs->places[i];

		if (place->name)
			continue;
		*is_early |= !place->is_ended;
		if (place->is_ended &&
			(!found || place->last_ns < found->last_ns))
			found = place;
	}
	if (found)
		*is_early = false;
	return found;
}

/* The place that this file goes on with; NULL: none. `*is_early`: that is not
 * known before another has been read further. */
static struct place *place_of(
	struct inputs *inputs, const struct waiting *waiting, bool *is_early)
{
	struct place *found = NULL;

	*is_early = false;
	if (waiting->file->place) {
		found = place_named(inputs, waiting->file->place);
		*is_early = found && !found->is_ended;
		return found;
	}
	for (unsigned i = 0; i < inputs->place_count; i++) {
		struct place *place = &inputs->places[i];

		if (!place->recording)
			continue;
		if (!place->is_ended)
			*is_early |= earlier(place->last_ns, SEAM_NS) <=
				     waiting->first_ns;
		else if (!place->name && has_ended_before(place, waiting) &&
			 (!found || place->last_ns > found->last_ns))
			found = place;
	}
	if (!found && inputs->place_count == INPUT_PLACES)
		return place_in_need(inputs, is_early);
	if (found)
		*is_early = false;
	return found;
}

bool inputs_begin_due(struct inputs *inputs, struct failure *failure)
{
	for (unsigned i = 0; i < inputs->count; i++) {
		struct waiting *waiting = &inputs->waiting[i];
		struct place *place;
		bool is_early;

		if (!waiting->recording)
			continue;
		place = place_of(inputs, waiting, &is_early);
		if (is_early && waiting->file->place)
			continue; /* its own place is not done */
		if (is_early)
			return true;
		if (place ? append(inputs, place, waiting, failure)
			  : begin_place(inputs, waiting, failure))
			continue;
		recording_close(waiting->recording);
		waiting->recording = NULL;
		return false;
	}
	return true;
}

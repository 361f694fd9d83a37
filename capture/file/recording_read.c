/* A recording is read batch by batch. What is left of a batch's bytes behind
 * its last whole frame is carried over, by copy, into the next batch: batches
 * belong to their callers, who may hand them to other threads. To keep these
 * copies small, a read asks for as many bytes as the frames of one batch took
 * last time. */
#include "capture/file/recording_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/file/file_other.h"

/* Puts bytes aside for the next batch. */
static bool carry(
	struct recording *recording, const uint8_t *bytes, size_t count)
{
	if (count > recording->carried_capacity) {
		uint8_t *larger = realloc(recording->carried, count);
		if (!larger)
			return false;
		recording->carried = larger;
		recording->carried_capacity = count;
	}
	if (count)
		memcpy(recording->carried, bytes, count);
	recording->carried_bytes = count;
	return true;
}

static void finish_input(struct recording *recording)
{
	struct input *input = &recording->inputs[recording->current];

	source_progress(input->source, &input->done_bytes, &input->total_bytes);
	source_close(input->source);
	input->source = NULL;
	if (recording->format == FORMAT_PCAPNG)
		file_pcapng_finish(&recording->pcapng);
	recording->format = FORMAT_PCAP;
	recording->carried_bytes = 0;
	recording->current++;
}

static bool say_not_a_capture(const struct source *source, const uint8_t *bytes,
	size_t count, struct failure *failure)
{
	const char *name = source_name(source);

	if (count == 0)
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: an empty capture: it has not even a file header",
			name);
	if (count >= 4 &&
		(file_pcap_recognises(bytes) || file_pcapng_recognises(bytes)))
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: ends within the file header, after %zu bytes; "
			"there is no packet in it",
			name, count);
	return failure_set(failure, EXIT_INPUT_CUT, "%s: it is %s", name,
		file_other_advice(bytes, count));
}

static bool start_pcap(struct recording *recording, const uint8_t *header,
	struct failure *failure)
{
	struct recording_interface interface;

	recording->format = FORMAT_PCAP;
	file_pcap_start(&recording->pcap, header, &interface);
	recording->pcap.interface =
		interface_table_add(&recording->interfaces, 0, &interface);
	recording->offset = FILE_PCAP_HEADER_BYTES;
	recording->carried_bytes = 0;
	if (recording->pcap.interface == UINT32_MAX)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory for more interfaces");
	return true;
}

bool recording_begin_input(struct recording *recording, struct failure *failure)
{
	struct input *input = &recording->inputs[recording->current];
	uint8_t header[FILE_PCAP_HEADER_BYTES];
	size_t count = 0;

	input->is_begun = true;
	input->frames_before = recording->number;
	recording->is_source_ended = false;
	recording->is_source_failed = false;
	recording->offset = 0;
	while (count < sizeof(header)) {
		ssize_t more = source_read(input->source, header + count,
			sizeof(header) - count, failure);
		if (more < 0)
			return false;
		if (more == 0)
			break;
		count += (size_t)more;
	}
	if (count < sizeof(header))
		return say_not_a_capture(input->source, header, count, failure);
	if (file_pcap_recognises(header))
		return start_pcap(recording, header, failure);
	if (!file_pcapng_recognises(header))
		return say_not_a_capture(input->source, header, count, failure);
	recording->format = FORMAT_PCAPNG;
	file_pcapng_start(&recording->pcapng, &recording->interfaces);
	return carry(recording, header, count) ||
	       failure_set(failure, EXIT_INPUT_CUT, "%s: no memory to read it",
		       source_name(input->source));
}

/* Keeps the sentence for after the frames that were read before it. */
static void cut(struct recording *recording, const struct split *split,
	const char *what)
{
	const struct input *input = &recording->inputs[recording->current];

	recording->is_cut = true;
	(void)failure_set(&recording->cut, EXIT_INPUT_CUT,
		"%s: packet %" PRIu64 " at byte %" PRIu64 "%s: %s",
		source_name(input->source),
		split->number + 1 - input->frames_before,
		recording->offset + split->position,
		source_compression(input->source) ? " (decompressed)" : "",
		what);
}

static void cut_short(struct recording *recording, const struct split *split)
{
	size_t there = split->batch->used_bytes - split->position;
	char what[160];

	if (split->needed_bytes > there)
		(void)snprintf(what, sizeof(what),
			"the file ends within %s, of which %zu of %zu bytes "
			"are there",
			split->inside, there, split->needed_bytes);
	else
		(void)snprintf(what, sizeof(what), "the file ends within %s",
			split->inside);
	cut(recording, split, what);
}

/* Makes room for a frame that is larger than the batch, as its bytes arrive:
 * a length alone gets no memory. */
static bool make_room(struct batch *batch, size_t needed_bytes)
{
	size_t capacity = batch->capacity_bytes;

	if (batch->used_bytes < capacity)
		return true;
	capacity = capacity * 2 < needed_bytes ? capacity * 2 : needed_bytes;
	if (capacity <= batch->capacity_bytes)
		capacity = batch->capacity_bytes * 2;
	return batch_resize(batch, capacity);
}

/* The source's own words, and how far the frames went. */
static void cut_by_source(
	struct recording *recording, const struct split *split)
{
	uint64_t before = recording->inputs[recording->current].frames_before;

	recording->is_cut = true;
	(void)failure_set(&recording->cut, recording->source_failure.exit_code,
		"%.400s (packet %" PRIu64 " was the last whole one)",
		recording->source_failure.text, split->number - before);
}

/* Reads until the batch holds `wanted` bytes, from a pipe only once. An error
 * ends the source, and is told after the frames before it. */
static void fill(
	struct recording *recording, struct batch *batch, size_t wanted)
{
	struct source *source = recording->inputs[recording->current].source;

	while (batch->used_bytes < wanted && !recording->is_source_ended) {
		ssize_t count = source_read(source,
			batch->bytes + batch->used_bytes,
			wanted - batch->used_bytes, &recording->source_failure);
		if (count <= 0)
			recording->is_source_ended = true;
		if (count < 0)
			recording->is_source_failed = true;
		if (count > 0)
			batch->used_bytes += (size_t)count;
		if (!source_is_file(source))
			break;
	}
}

static enum split_end split_batch(
	struct recording *recording, struct split *split)
{
	return recording->format == FORMAT_PCAP
		       ? file_pcap_split(&recording->pcap, split)
		       : file_pcapng_split(&recording->pcapng, split);
}

/* Drops what was split off without giving a frame. */
static void compact(struct recording *recording, struct split *split)
{
	struct batch *batch = split->batch;

	if (split->position == 0)
		return;
	batch->used_bytes -= split->position;
	memmove(batch->bytes, batch->bytes + split->position,
		batch->used_bytes);
	recording->offset += split->position;
	split->position = 0;
}

/* The bytes to begin with: those carried over, and as many more as a full
 * batch will take. */
static bool begin_batch(struct recording *recording, struct batch *batch)
{
	size_t capacity = batch->capacity_bytes;
	bool is_file =
		source_is_file(recording->inputs[recording->current].source);

	/* A huge frame has passed: give its memory back. */
	if (capacity / 4 > BATCH_USUAL_BYTES)
		capacity = BATCH_USUAL_BYTES;
	if (capacity < recording->carried_bytes)
		capacity = recording->carried_bytes;
	batch->count = 0;
	batch->used_bytes = 0;
	if (capacity != batch->capacity_bytes && !batch_resize(batch, capacity))
		return false;
	if (recording->carried_bytes)
		memcpy(batch->bytes, recording->carried,
			recording->carried_bytes);
	batch->used_bytes = recording->carried_bytes;
	recording->carried_bytes = 0;
	/* From a pipe, whole frames that are here already don't wait. */
	if (is_file)
		fill(recording, batch,
			recording->usual_bytes < capacity
				? recording->usual_bytes
				: capacity);
	return true;
}

static void learn_usual_bytes(
	struct recording *recording, const struct split *split)
{
	size_t bytes = split->position;

	if (split->batch->count < BATCH_FRAMES)
		bytes = bytes / split->batch->count * BATCH_FRAMES;
	recording->usual_bytes =
		bytes > BATCH_LEAST_BYTES ? bytes : BATCH_LEAST_BYTES;
}

void recording_read_frames(struct recording *recording, struct batch *batch)
{
	struct split split = {.batch = batch, .number = recording->number};
	enum split_end end;

	if (!begin_batch(recording, batch)) {
		cut(recording, &split, "there is no memory to read it");
		return;
	}
	while ((end = split_batch(recording, &split)) == SPLIT_SHORT &&
		batch->count == 0 && !recording->is_source_ended) {
		compact(recording, &split);
		if (!make_room(batch, split.needed_bytes)) {
			cut(recording, &split, "there is no memory to read it");
			return;
		}
		fill(recording, batch, batch->capacity_bytes);
	}
	recording->number = split.number;
	recording->odd_frames += split.odd_frames;
	if (end == SPLIT_DAMAGED) {
		cut(recording, &split, split.problem);
	} else if (end == SPLIT_SHORT && recording->is_source_ended) {
		if (recording->is_source_failed)
			cut_by_source(recording, &split);
		else if (split.inside)
			cut_short(recording, &split);
	} else if (!carry(recording, batch->bytes + split.position,
			   batch->used_bytes - split.position)) {
		cut(recording, &split, "there is no memory to read on");
	}
	recording->offset += split.position;
	if (batch->count)
		learn_usual_bytes(recording, &split);
}

static bool is_told_to_stop(const struct recording *recording)
{
	return recording->is_stopped && *recording->is_stopped;
}

enum reading recording_read(struct recording *recording, struct batch *batch,
	struct failure *failure)
{
	batch->count = 0;
	while (recording->current < recording->input_count &&
		!is_told_to_stop(recording)) {
		struct input *input = &recording->inputs[recording->current];
		if (!input->is_begun &&
			!recording_begin_input(recording, failure)) {
			finish_input(recording);
			return is_told_to_stop(recording) ? READING_END
							  : READING_CUT;
		}
		if (!recording->is_cut)
			recording_read_frames(recording, batch);
		if (batch->count)
			return READING_MORE;
		if (is_told_to_stop(recording))
			break; /* what looks cut was only left */
		finish_input(recording);
		if (recording->is_cut) {
			recording->is_cut = false;
			*failure = recording->cut;
			return READING_CUT;
		}
	}
	return READING_END;
}

#include "cli/pipeline.h"

#include <pthread.h>

#include "capture/decode/packet_decode.h"
#include "cli/progress.h"
#include "cli/ring.h"

enum { LOOK_AROUND_MS = 200, NOTED_AT_FIRST = 64 };

/* What the reading side needs and leaves behind. */
struct reader {
	const struct pipeline *pipeline;
	struct ring *ring;
	uint64_t packets, batches;
	bool is_cut;
	struct failure failure; /* the first damage */
	struct progress noting; /* when it looks how far it is */
	atomic_uint_fast64_t done_bytes, total_bytes;
};

static bool is_stopped(const struct pipeline *pipeline)
{
	return pipeline->is_stopped && *pipeline->is_stopped;
}

/* The consumer had these lines last: they are fetched back for writing while
 * earlier frames are decoded. */
static void prefetch_packet(struct batch *batch, uint32_t index)
{
	enum { AHEAD = 6, LINE_BYTES = 64, LINES = 3 };
	const char *line;

	if (index + AHEAD >= BATCH_FRAMES)
		return;
	line = (const char *)&batch->packets[index + AHEAD];
	for (unsigned i = 0; i < LINES; i++)
		__builtin_prefetch(line + i * LINE_BYTES, 1);
}

/* Keeps the frames that pass the filter and the bound, decodes them. */
static void decode(struct reader *reader, struct batch *batch)
{
	const struct pipeline *pipeline = reader->pipeline;
	uint64_t room = pipeline->max_packets
				? pipeline->max_packets - reader->packets
				: UINT64_MAX;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < batch->count && kept < room; i++) {
		if (pipeline->filter &&
			!filter_matches(pipeline->filter, &batch->frames[i]))
			continue;
		if (kept != i)
			batch->frames[kept] = batch->frames[i];
		prefetch_packet(batch, kept);
		packet_decode(&batch->frames[kept], &batch->packets[kept]);
		kept++;
	}
	batch->count = kept;
	reader->packets += kept;
}

static enum reading read_frames(const struct pipeline *pipeline,
	struct batch *batch, struct failure *failure)
{
	if (pipeline->inputs)
		return inputs_read(pipeline->inputs, batch, failure);
	return recording_read(pipeline->recording, batch, failure);
}

static void stop_on(const struct pipeline *pipeline)
{
	if (pipeline->inputs)
		inputs_stop_on(pipeline->inputs, pipeline->is_stopped);
	else
		recording_stop_on(pipeline->recording, pipeline->is_stopped);
}

static void note_progress(struct reader *reader)
{
	const struct pipeline *pipeline = reader->pipeline;
	uint64_t done, total;

	/* looks at every file: of thousands of small ones each is a batch */
	if (reader->batches++ >= NOTED_AT_FIRST &&
		!progress_is_due(&reader->noting))
		return;
	if (pipeline->inputs)
		inputs_progress(pipeline->inputs, &done, &total);
	else
		recording_progress(pipeline->recording, &done, &total);
	atomic_store(&reader->done_bytes, done);
	atomic_store(&reader->total_bytes, total);
}

/* Reads one batch; false when nothing comes after it. */
static bool read_batch(struct reader *reader, struct batch *batch)
{
	const struct pipeline *pipeline = reader->pipeline;
	struct failure failure;
	enum reading reading = read_frames(pipeline, batch, &failure);

	if (reading == READING_CUT && !reader->is_cut) {
		reader->is_cut = true;
		reader->failure = failure;
	}
	decode(reader, batch);
	note_progress(reader);
	return reading != READING_END &&
	       !(pipeline->max_packets &&
		       reader->packets >= pipeline->max_packets);
}

static void *read_ahead(void *context)
{
	struct reader *reader = context;
	bool has_more = true;

	while (has_more && !is_stopped(reader->pipeline)) {
		struct batch *batch = ring_to_fill(reader->ring);
		if (!batch)
			break;
		has_more = read_batch(reader, batch);
		ring_fill(reader->ring);
	}
	ring_close(reader->ring);
	return NULL;
}

static void show_progress(
	struct progress *progress, struct reader *reader, uint64_t packets)
{
	struct progress_state state = {.packets = packets};

	if (!progress_is_due(progress))
		return;
	state.total_bytes = atomic_load(&reader->total_bytes);
	state.done_bytes = atomic_load(&reader->done_bytes);
	progress_show(progress, &state);
}

static void consume_all(const struct pipeline *pipeline, struct reader *reader,
	struct progress *progress)
{
	uint64_t packets = 0;
	bool is_over = false;

	while (!is_over && !is_stopped(pipeline)) {
		struct batch *batch =
			ring_to_empty(reader->ring, LOOK_AROUND_MS, &is_over);

		if (batch) {
			packets += batch->count;
			pipeline->consume(pipeline->context, batch);
			ring_empty(reader->ring);
		}
		show_progress(progress, reader, packets);
	}
	ring_abandon(reader->ring);
}

static bool run_with_thread(const struct pipeline *pipeline,
	struct reader *reader, struct progress *progress)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, read_ahead, reader) != 0)
		return false;
	consume_all(pipeline, reader, progress);
	(void)pthread_join(thread, NULL); /* a thread of ours, joined once */
	return true;
}

static void run_in_turns(const struct pipeline *pipeline, struct reader *reader,
	struct progress *progress)
{
	struct batch *batch = reader->ring->batches[0];
	uint64_t packets = 0;
	bool has_more = true;

	while (has_more && !is_stopped(pipeline)) {
		has_more = read_batch(reader, batch);
		packets += batch->count;
		pipeline->consume(pipeline->context, batch);
		show_progress(progress, reader, packets);
	}
}

enum pipeline_end pipeline_run(
	const struct pipeline *pipeline, struct failure *failure)
{
	struct ring ring;
	struct progress progress;

	if (!ring_init(&ring)) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the packets to be read");
		return PIPELINE_FAILED;
	}
	progress_begin(&progress, pipeline->has_progress_line);
	struct reader reader = {.pipeline = pipeline, .ring = &ring};
	progress_begin(&reader.noting, pipeline->has_progress_line);
	reader.noting.next_ms -= PROGRESS_EVERY_MS; /* before it is shown */
	stop_on(pipeline);

	/* Without a second thread it is slower and right all the same. */
	if (pipeline->is_single_threaded ||
		!run_with_thread(pipeline, &reader, &progress))
		run_in_turns(pipeline, &reader, &progress);
	progress_end(&progress);
	ring_destroy(&ring);
	if (is_stopped(pipeline))
		return PIPELINE_STOPPED;
	if (!reader.is_cut)
		return PIPELINE_DONE;
	*failure = reader.failure;
	return PIPELINE_CUT;
}

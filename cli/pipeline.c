#include "cli/pipeline.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "capture/decode/packet_decode.h"
#include "cli/ring.h"

enum { LOOK_AROUND_MS = 200, PROGRESS_AFTER_MS = 1000 };

/* What the reading side needs and leaves behind. */
struct reader {
	const struct pipeline *pipeline;
	struct ring *ring;
	uint64_t packets;
	bool is_cut;
	struct failure failure; /* the first damage */
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

/* Keeps the frames that pass the filter and the bound, and decodes them where
 * that is wanted. */
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
		if (!pipeline->wants_frames) {
			prefetch_packet(batch, kept);
			packet_decode(
				&batch->frames[kept], &batch->packets[kept]);
		}
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

/* A line that says how far it got, redrawn in place. */
struct progress {
	struct timespec began;
	bool is_wanted, is_shown;
	int64_t next_ms;
};

static int64_t elapsed_ms(const struct timespec *began)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - began->tv_sec) * 1000 +
	       (now.tv_nsec - began->tv_nsec) / 1000000;
}

static void progress_show(
	struct progress *progress, struct reader *reader, uint64_t packets)
{
	if (!progress->is_wanted)
		return;
	int64_t now_ms = elapsed_ms(&progress->began);
	if (now_ms < progress->next_ms)
		return;
	progress->next_ms = now_ms + LOOK_AROUND_MS;
	uint64_t total = atomic_load(&reader->total_bytes);
	uint64_t done = atomic_load(&reader->done_bytes);

	if (total > 0)
		(void)fprintf(stderr, "\r%3.0f %%  %llu packets ",
			100.0 * (double)done / (double)total,
			(unsigned long long)packets);
	else
		(void)fprintf(
			stderr, "\r%llu packets ", (unsigned long long)packets);
	(void)fflush(stderr);
	progress->is_shown = true;
}

static void progress_clear(struct progress *progress)
{
	if (progress->is_shown)
		(void)fputs("\r\033[K", stderr);
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
		progress_show(progress, reader, packets);
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
		progress_show(progress, reader, packets);
	}
}

enum pipeline_end pipeline_run(
	const struct pipeline *pipeline, struct failure *failure)
{
	struct ring ring;
	struct progress progress = {
		.is_wanted = pipeline->has_progress_line,
		.next_ms = PROGRESS_AFTER_MS,
	};

	if (!ring_init(&ring)) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the packets to be read");
		return PIPELINE_FAILED;
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &progress.began);
	struct reader reader = {.pipeline = pipeline, .ring = &ring};
	stop_on(pipeline);

	/* Without a second thread it is slower and right all the same. */
	if (pipeline->is_single_threaded ||
		!run_with_thread(pipeline, &reader, &progress))
		run_in_turns(pipeline, &reader, &progress);
	progress_clear(&progress);
	ring_destroy(&ring);
	if (is_stopped(pipeline))
		return PIPELINE_STOPPED;
	if (!reader.is_cut)
		return PIPELINE_DONE;
	*failure = reader.failure;
	return PIPELINE_CUT;
}

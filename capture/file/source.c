#include "capture/file/source_state.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PACKED_BYTES = 64 * 1024, STOP_NOTICED_MS = 100 };

int source_descriptor(const struct source *source)
{
	return source->descriptor;
}

void source_limit_memory(struct source *source, uint64_t bytes)
{
	source->memory_bytes = bytes < DECOMPRESSOR_MEMORY_BYTES
				       ? bytes
				       : DECOMPRESSOR_MEMORY_BYTES;
}

uint64_t source_window_bytes(const struct source *source)
{
	return source->decompressor &&
			       decompressor_has_window(source->decompressor)
		       ? source->memory_bytes
		       : 0;
}

void source_stop_on(
	struct source *source, const volatile sig_atomic_t *is_stopped)
{
	source->is_stopped = is_stopped;
}

void source_follow(struct source *source)
{
	source->is_followed = source->is_file;
}

/* Has it grown beyond what was taken of it? */
static bool has_grown(const struct source *source)
{
	struct stat status;

	return fstat(source->descriptor, &status) == 0 &&
	       status.st_size > source->start + (int64_t)source->taken_bytes;
}

/* Whoever wrote it began anew: what comes is another capture. */
static bool has_shrunk(const struct source *source)
{
	struct stat status;

	return fstat(source->descriptor, &status) == 0 &&
	       status.st_size < source->start + (int64_t)source->taken_bytes;
}

void source_on_silence(struct source *source,
	void (*call)(void *context, int64_t waited_ns), void *context)
{
	source->on_silence = call;
	source->context = context;
}

/* Waited for the n-th time, without bytes. What this process stood still is no
 * time that was waited. */
static void note_silence(const struct source *source, unsigned count)
{
	enum { A_SECOND = 1000 / STOP_NOTICED_MS };

	if (source->on_silence && count % A_SECOND == 0)
		source->on_silence(source->context,
			(int64_t)count * STOP_NOTICED_MS * 1000000);
}

/* Waits for bytes; false when told to stop before there are any. The signal
 * may reach another thread than this one, so its flag is looked at often. */
static bool wait_for_bytes(const struct source *source)
{
	struct pollfd wanted = {source->descriptor, POLLIN, 0};
	unsigned count = 0;

	while (source->is_followed && !has_grown(source)) {
		if (!source->is_stopped || *source->is_stopped ||
			has_shrunk(source))
			return false;
		(void)poll(NULL, 0, STOP_NOTICED_MS); /* a signal ends it */
		note_silence(source, ++count);
	}
	if (source->is_file || !source->is_stopped)
		return true;
	while (!*source->is_stopped) {
		if (poll(&wanted, 1, STOP_NOTICED_MS) > 0)
			return true;
		note_silence(source, ++count);
	}
	return false;
}

/* A file's descriptor may share its offset with others (of standard input all
 * duplicates do), so the offset is neither used nor moved. */
static ssize_t read_once(
	const struct source *source, uint8_t *bytes, size_t capacity)
{
	if (!source->is_file)
		return read(source->descriptor, bytes, capacity);
	return pread(source->descriptor, bytes, capacity,
		source->start + (int64_t)source->taken_bytes);
}

/* Waits, whatever flags the descriptor came with. */
static ssize_t read_some(struct source *source, uint8_t *bytes, size_t capacity,
	struct failure *failure)
{
	ssize_t count;

	if (source->is_ended || !wait_for_bytes(source)) {
		source->is_ended = true;
		return 0;
	}
	while ((count = read_once(source, bytes, capacity)) < 0) {
		if (errno == EAGAIN || errno == EWOULDBLOCK) {
			struct pollfd wanted = {source->descriptor, POLLIN, 0};
			(void)poll(&wanted, 1, -1); /* read says the rest */
		} else if (errno != EINTR) {
			(void)source_say_why_not(source, errno, failure);
			source->is_ended = true;
			return -1;
		}
	}
	if (count == 0)
		source->is_ended = true;
	source->taken_bytes += (uint64_t)count;
	return count;
}

/* Reads the first few bytes, and finds a decompressor for them. */
static bool begin(struct source *source, struct failure *failure)
{
	bool is_out_of_memory;

	while (source->magic_bytes < DECOMPRESSOR_MAGIC_BYTES) {
		ssize_t count =
			read_some(source, source->magic + source->magic_bytes,
				DECOMPRESSOR_MAGIC_BYTES - source->magic_bytes,
				failure);
		if (count < 0)
			return false;
		if (count == 0)
			break;
		source->magic_bytes += (size_t)count;
	}
	source->is_begun = true;
	source->decompressor = decompressor_new(source->magic,
		source->magic_bytes, source->memory_bytes, &is_out_of_memory);
	if (source->decompressor) {
		source->packed = malloc(PACKED_BYTES);
		is_out_of_memory = !source->packed;
	}
	if (is_out_of_memory)
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory to decompress it", source_name(source));
	if (source->decompressor) {
		memcpy(source->packed, source->magic, source->magic_bytes);
		source->packed_rest = source->packed;
		source->packed_rest_bytes = source->magic_bytes;
		source->magic_given = source->magic_bytes;
	}
	return true;
}

static ssize_t say_damaged(struct source *source, struct failure *failure)
{
	(void)failure_set(failure, EXIT_INPUT_CUT,
		"%s: its %s data is damaged near byte %" PRIu64 " of the file "
		"(byte %" PRIu64 " decompressed): %s",
		source_name(source), decompressor_name(source->decompressor),
		source->taken_bytes - source->packed_rest_bytes,
		source->made_bytes, decompressor_problem(source->decompressor));
	return -1;
}

static ssize_t say_starved(struct source *source, struct failure *failure)
{
	(void)failure_set(failure, EXIT_INPUT_CUT,
		"%s: no memory to decompress its %s data any further than byte "
		"%" PRIu64,
		source_name(source), decompressor_name(source->decompressor),
		source->made_bytes);
	return -1;
}

static ssize_t say_limited(struct source *source, struct failure *failure)
{
	(void)failure_set(failure, EXIT_INPUT_CUT,
		"%s: to decompress its %s data takes more than the %" PRIu64
		" MB of memory that it may have (--memory); or decompress it "
		"first",
		source_name(source), decompressor_name(source->decompressor),
		source->memory_bytes / 1000000);
	return -1;
}

static ssize_t say_ends_early(struct source *source, struct failure *failure)
{
	(void)failure_set(failure, EXIT_INPUT_CUT,
		"%s: its %s data ends early, at byte %" PRIu64 " of the file "
		"(byte %" PRIu64 " decompressed): it was not copied whole, or "
		"is still being written",
		source_name(source), decompressor_name(source->decompressor),
		source->taken_bytes, source->made_bytes);
	return -1;
}

static ssize_t decode(struct source *source, uint8_t *bytes, size_t capacity,
	struct failure *failure)
{
	for (;;) {
		if (source->packed_rest_bytes == 0 && !source->is_ended) {
			ssize_t count = read_some(
				source, source->packed, PACKED_BYTES, failure);
			if (count < 0)
				return -1;
			source->packed_rest = source->packed;
			source->packed_rest_bytes = (size_t)count;
		}
		struct decompressor_step step = {
			.in = source->packed_rest,
			.in_bytes = source->packed_rest_bytes,
			.out = bytes,
			.out_bytes = capacity,
			.is_last = source->is_ended,
		};
		enum decompressor_state state =
			decompressor_run(source->decompressor, &step);
		size_t made = capacity - step.out_bytes;
		bool is_stuck =
			made == 0 && step.in_bytes == source->packed_rest_bytes;
		source->packed_rest = step.in;
		source->packed_rest_bytes = step.in_bytes;
		source->made_bytes += made;
		if (made > 0)
			return (ssize_t)made;
		if (state == DECOMPRESSOR_DAMAGED)
			return say_damaged(source, failure);
		if (state == DECOMPRESSOR_STARVED)
			return say_starved(source, failure);
		if (state == DECOMPRESSOR_LIMITED)
			return say_limited(source, failure);
		if (is_stuck && (source->is_ended || step.in_bytes))
			return state == DECOMPRESSOR_BETWEEN
				       ? 0
				       : say_ends_early(source, failure);
	}
}

ssize_t source_read(struct source *source, uint8_t *bytes, size_t capacity,
	struct failure *failure)
{
	if (!source->is_begun && !begin(source, failure))
		return -1;
	if (source->decompressor)
		return decode(source, bytes, capacity, failure);
	if (source->magic_given < source->magic_bytes) {
		size_t count = source->magic_bytes - source->magic_given;
		if (count > capacity)
			count = capacity;
		memcpy(bytes, source->magic + source->magic_given, count);
		source->magic_given += count;
		return (ssize_t)count;
	}
	return read_some(source, bytes, capacity, failure);
}

void source_rewind(struct source *source)
{
	assert(source->is_file);
	decompressor_free(source->decompressor);
	free(source->packed);
	source->decompressor = NULL;
	source->packed = NULL;
	source->packed_rest_bytes = 0;
	source->is_begun = source->is_ended = false;
	source->magic_bytes = source->magic_given = 0;
	source->taken_bytes = source->made_bytes = 0;
}

bool source_is_file(const struct source *source)
{
	return source->is_file && !source->is_followed;
}

const char *source_compression(const struct source *source)
{
	return source->decompressor ? decompressor_name(source->decompressor)
				    : NULL;
}

void source_progress(const struct source *source, uint64_t *done_bytes,
	uint64_t *total_bytes)
{
	*done_bytes = source->taken_bytes;
	*total_bytes = source->total_bytes;
}

#include "analysis/path/path_backends.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/ttl_spread.h"

/* Routes to one server differ by fewer hops (heuristic): 32 and 33 may both be
 * what is left of 64. */
enum { ROUTES_DIFFER_BY = 16 };

static bool is_same_initial_ttl(uint8_t one, uint8_t other)
{
	return ttl_initial(one) == ttl_initial(other) ||
	       abs(one - other) <= ROUTES_DIFFER_BY;
}

static bool is_same_window_scale(
	const struct path_stream *one, const struct path_stream *other)
{
	return !one->has_window_scale || !other->has_window_scale ||
	       one->window_scale == other->window_scale;
}

static size_t line_bytes(const struct path_stream *stream)
{
	const uint8_t *end =
		memchr(stream->words, '\n', stream->word_bytes);

	return end ? (size_t)(end - stream->words) : stream->word_bytes;
}

static bool is_identification(const struct path_stream *stream)
{
	static const char begin[] = "SSH-";

	return line_bytes(stream) >= sizeof(begin) - 1 &&
	       memcmp(stream->words, begin, sizeof(begin) - 1) == 0;
}

static bool is_same_identification(
	const struct path_stream *one, const struct path_stream *other)
{
	size_t bytes = line_bytes(one) < line_bytes(other) ? line_bytes(one)
							   : line_bytes(other);

	return !is_identification(one) || !is_identification(other) ||
	       memcmp(one->words, other->words, bytes) == 0;
}

static bool is_same(const struct path_stream *one,
	const struct path_stream *other, enum backend_sign sign)
{
	switch (sign) {
	case BACKEND_INITIAL_TTL:
		return is_same_initial_ttl(
			one->syn_ack_ttl, other->syn_ack_ttl);
	case BACKEND_WINDOW_SCALE:
		return is_same_window_scale(one, other);
	case BACKEND_IDENTIFICATION:
		return is_same_identification(one, other);
	}
	return true;
}

/* Connections each of which differs from all the others that were counted. */
static struct path_backends count_by(
	const struct path *path, enum backend_sign sign)
{
	const struct path_stream *counted[PATH_STREAMS];
	struct path_backends backends = {.sign = sign};

	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *stream = &path->streams[i];
		bool is_new = stream->syn_ack_frame != 0;

		for (unsigned j = 0; j < backends.count && is_new; j++)
			is_new = !is_same(stream, counted[j], sign);
		if (!is_new)
			continue;
		counted[backends.count++] = stream;
		if (backends.count == 1)
			backends.frame = stream->syn_ack_frame;
		if (backends.count == 2)
			backends.other_frame = stream->syn_ack_frame;
	}
	return backends;
}

struct path_backends path_backends_find(const struct path *path)
{
	static const enum backend_sign signs[] = {BACKEND_INITIAL_TTL,
		BACKEND_WINDOW_SCALE, BACKEND_IDENTIFICATION};
	struct path_backends most = {0};

	for (unsigned i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		struct path_backends backends = count_by(path, signs[i]);

		if (backends.count > most.count)
			most = backends;
	}
	return most;
}

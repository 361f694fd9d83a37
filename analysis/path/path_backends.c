#include "analysis/path/path_backends.h"

#include <string.h>

#include "analysis/verdict/ttl_spread.h"

static unsigned initial_ttl_of(const struct path_stream *stream)
{
	return stream->syn_ack_ttl ? ttl_initial(stream->syn_ack_ttl) : 0;
}

/* One more, so that 0 is for those that are not known. */
static unsigned window_scale_of(const struct path_stream *stream)
{
	return stream->has_window_scale ? stream->window_scale + 1u : 0;
}

/* 0 is the same as any other. */
static bool is_same_value(unsigned one, unsigned other)
{
	return one == 0 || other == 0 || one == other;
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
		return is_same_value(
			initial_ttl_of(one), initial_ttl_of(other));
	case BACKEND_WINDOW_SCALE:
		return is_same_value(
			window_scale_of(one), window_scale_of(other));
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

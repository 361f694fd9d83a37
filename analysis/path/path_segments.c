#include "analysis/path/path_segments.h"

#include "analysis/path/path_reverse_silent.h"
#include "capture/numbers.h"

static uint32_t header_bytes(const struct path *path)
{
	return tcp_headers_bytes(path->comment.family);
}

static bool is_other(const struct path *path, const struct path_stream *stream)
{
	return stream->is_open && !stream->is_flow &&
	       stream->port != path->roles.run_port;
}

static unsigned parity_bit(const struct path_stream *stream)
{
	return 1u << stream->port % 2;
}

static void take_arrived(struct path_segments *segments,
	const struct path *path, const struct path_stream *stream)
{
	if (!is_other(path, stream))
		return;
	segments->streams += stream->largest > 0;
	segments->tried++;
	if (stream->mss + header_bytes(path) >= path->comment.interface_mtu)
		segments->is_asked = segments->is_asked || stream->is_asked;
	if (stream->largest >= path->comment.interface_mtu)
		segments->full_parities |= parity_bit(stream);
	if (stream->largest == segments->passed)
		segments->passed_parities |= parity_bit(stream);
	if (stream->largest <= segments->passed)
		return;
	segments->passed_parities = parity_bit(stream);
	segments->passed = stream->largest;
	segments->passed_frame = stream->largest_frame;
	segments->passed_against = stream->syn_frame;
	segments->is_cut = stream->is_cut && stream->is_asked &&
			   stream->largest < stream->mss + header_bytes(path);
}

/* The size of the missing segment, if the server had time to retransmit it. One
 * no larger than what arrived on the same connection is none: a server that is
 * told a path MTU cuts the segments that it has in smaller ones, and the last
 * piece comes late. */
static uint32_t missing_bytes(
	const struct path *path, const struct path_stream *stream)
{
	uint32_t gap = stream->beyond.start - stream->next;
	uint32_t size =
		(gap < stream->mss ? gap : stream->mss) + header_bytes(path);
	int64_t rtt_ns = path->totals.rtt_ns;

	if (!is_other(path, stream) || stream->beyond_frame == 0 ||
		rtt_ns == INT64_MAX ||
		stream->sent_ns - stream->beyond_ns <
			rtt_ns + path->rules->missing_after_ns ||
		size <= stream->largest)
		return 0;
	return size;
}

static void take_span(struct path_span *span, unsigned index)
{
	if (span->count++ == 0)
		span->first = index;
	span->last = index;
}

static void take_missing(struct path_segments *segments,
	const struct path *path, const struct path_stream *stream,
	uint32_t size, bool is_silent)
{
	if (size <= segments->passed) {
		take_span(&segments->contrary_span,
			(unsigned)(stream - path->streams));
		if (segments->contrary++ > 0 &&
			size >= segments->contrary_bytes)
			return;
		segments->contrary_bytes = size;
		segments->contrary_frame =
			is_silent ? stream->asked_frame : stream->beyond_frame;
		return;
	}
	segments->misses++;
	segments->silent += is_silent;
	if (segments->failed == size)
		segments->failed_parities |= parity_bit(stream);
	if (segments->failed && segments->failed <= size)
		return;
	segments->failed_parities = parity_bit(stream);
	segments->failed = size;
	segments->failed_frame =
		is_silent ? stream->asked_frame : stream->beyond_frame;
	segments->failed_against = stream->syn_frame;
}

static void take_silent(struct path_segments *segments, const struct path *path,
	const struct path_stream *stream)
{
	if (!is_other(path, stream) || !path_reverse_is_silent(path, stream))
		return;
	if (path_reverse_is_free(path, stream)) {
		take_missing(segments, path, stream,
			stream->mss + header_bytes(path), true);
		return;
	}
	if (segments->unanswered++ == 0)
		segments->unanswered_frame = stream->asked_frame;
}

struct path_segments path_segments_find(const struct path *path)
{
	struct path_segments segments = {0};

	for (unsigned i = 0; i < path->stream_count; i++)
		take_arrived(&segments, path, &path->streams[i]);
	for (unsigned i = 0; i < path->stream_count; i++) {
		uint32_t size = missing_bytes(path, &path->streams[i]);

		if (size)
			take_missing(&segments, path, &path->streams[i], size,
				false);
		take_silent(&segments, path, &path->streams[i]);
	}
	for (unsigned i = 0; i < path->stream_count; i++)
		if (segments.contrary && is_other(path, &path->streams[i]) &&
			path->streams[i].largest >= segments.contrary_bytes)
			take_span(&segments.arrived_span, i);
	return segments;
}

#include "analysis/path/path_reverse_silent.h"

/* Longer than the server takes to begin with the next connection. */
static int64_t margin_ns(const struct path *path)
{
	return 2 * path->totals.rtt_ns + path->rules->missing_after_ns;
}

static bool has_answered(const struct path_stream *stream)
{
	return stream->is_asked && stream->answered_ns != INT64_MAX;
}

/* From one event of a connection to another; -1: one did not happen. */
static int64_t elapsed_ns(int64_t from_ns, int64_t to_ns)
{
	return from_ns == INT64_MAX || to_ns == INT64_MAX
		       ? -1
		       : path_record_elapsed_ns(from_ns, to_ns);
}

bool path_reverse_is_silent(
	const struct path *path, const struct path_stream *stream)
{
	return stream->is_open && stream->is_asked &&
	       stream->answered_ns == INT64_MAX &&
	       stream->acknowledged == stream->said &&
	       path->totals.rtt_ns != INT64_MAX &&
	       elapsed_ns(stream->asked_ns, stream->left_ns) >= margin_ns(path);
}

/* Another was open for as long as the server would have needed. */
static bool is_alone(const struct path *path, const struct path_stream *stream)
{
	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *other = &path->streams[i];

		if (other != stream && other->port != path->roles.run_port &&
			elapsed_ns(other->syn_ns, stream->left_ns) >=
				margin_ns(path) &&
			!(elapsed_ns(other->left_ns, stream->asked_ns) >= 0))
			return false;
	}
	return true;
}

bool path_reverse_is_free(
	const struct path *path, const struct path_stream *stream)
{
	bool is_before = false, is_after = false;

	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *other = &path->streams[i];

		if (other->port == path->roles.run_port ||
			other->mss > stream->mss || !has_answered(other))
			continue;
		if (elapsed_ns(stream->asked_ns, other->answered_ns) >= 0 &&
			elapsed_ns(other->answered_ns, stream->left_ns) >=
				margin_ns(path))
			return true;
		is_before = is_before ||
			    elapsed_ns(other->left_ns, stream->asked_ns) >= 0;
		is_after = is_after ||
			   elapsed_ns(stream->left_ns, other->syn_ns) >= 0;
	}
	return is_before && is_after && is_alone(path, stream);
}

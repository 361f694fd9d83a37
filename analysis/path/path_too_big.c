/* Whether the target heeds a "too big" that we sent it about a segment of its
 * own: the same bytes come again in smaller segments, or as large as before. */
#include "analysis/path/mtu_bound.h"

#include <stdio.h>

static void judge_ignored(struct path *path, const struct path_stream *stream)
{
	struct finding *finding = path_add(path, FINDING_TOO_BIG_IGNORED);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	finding->direction = PATH_REVERSE;
	finding->grade = GRADE_LIKELY;
	(void)snprintf(finding->other, sizeof(finding->other),
		"a firewall on the way drops such messages, or those that an "
		"end of the path sends itself");
	(void)snprintf(
		found, sizeof(found), "mtu %u", stream->told.claimed_mtu);
	path_evidence(finding, "too-big-sent", TRUTH_YES, stream->told.frame,
		stream->told.about_frame, found, found);
	(void)snprintf(found, sizeof(found), "%u times", stream->told.repeats);
	path_evidence(finding, "same-size-again", TRUTH_YES,
		stream->told.repeat_frame, stream->told.frame, found,
		"smaller segments");
	(void)snprintf(found, sizeof(found), "never");
	if (stream->told.heeded_frame)
		(void)snprintf(found, sizeof(found), "after %.1f s",
			(double)(stream->told.heeded_ns - stream->told.ns) /
				1e9);
	(void)snprintf(expected, sizeof(expected), "after a round trip");
	path_evidence(finding, "smaller-segments", TRUTH_NO,
		stream->told.heeded_frame, stream->told.frame, found, expected);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Let %s through to the target, and to programs on it. Until "
		"then clamp the MSS before every link that is smaller; on "
		"Linux, net.ipv4.tcp_mtu_probing=1 helps after some seconds.",
		path->comment.family == 4 ? "ICMP type 3 code 4"
					  : "ICMPv6 type 2");
}

void path_judge_too_big(struct path *path)
{
	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *stream = &path->streams[i];

		if (stream->told.frame == 0)
			continue;
		if (stream->told.repeats >= path->rules->ptb_sure_repeats)
			judge_ignored(path, stream);
		if (stream->told.repeats >= path->rules->ptb_sure_repeats ||
			stream->told.heeded_frame)
			path->is_too_big_settled = true;
	}
}

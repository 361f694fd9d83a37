#include "analysis/path/path_too_big.h"

static void take_stream(const struct path *path,
	const struct path_case_sink *sink, const struct ptb_sent *ptb)
{
	struct path_case one;
	struct path_facts *facts = &one.facts;

	path_case_begin(&one, PATH_SUBJECT_PTB, path->comment.family);
	path_fact_set(facts, PATH_FACT_TOO_BIG_SENT, true);
	path_fact_frames(
		facts, PATH_FACT_TOO_BIG_SENT, ptb->frame, ptb->about_frame);
	path_fact_as_expected(
		facts, PATH_FACT_TOO_BIG_SENT, "mtu %u", ptb->claimed_mtu);
	path_fact_set(facts, PATH_FACT_SAME_SIZE_AGAIN,
		ptb->repeats >= path->rules->ptb_sure_repeats);
	path_fact_frames(facts, PATH_FACT_SAME_SIZE_AGAIN, ptb->repeat_frame,
		ptb->frame);
	path_fact_found(
		facts, PATH_FACT_SAME_SIZE_AGAIN, "%u times", ptb->repeats);
	path_fact_expected(
		facts, PATH_FACT_SAME_SIZE_AGAIN, "smaller segments");
	path_fact_set(
		facts, PATH_FACT_TOO_BIG_HONOURED, ptb->honoured_frame != 0);
	/* Smaller segments after retransmissions come from its RTO. */
	path_fact_set(facts, PATH_FACT_SMALLER_SEGMENTS,
		ptb->honoured_frame && ptb->repeats == 0);
	path_fact_frames(facts, PATH_FACT_SMALLER_SEGMENTS, ptb->honoured_frame,
		ptb->frame);
	path_fact_found(facts, PATH_FACT_SMALLER_SEGMENTS, "never");
	if (ptb->honoured_frame)
		path_fact_found(facts, PATH_FACT_SMALLER_SEGMENTS,
			"after %.1f s",
			(double)(ptb->honoured_ns - ptb->ns) / 1e9);
	path_fact_expected(
		facts, PATH_FACT_SMALLER_SEGMENTS, "after a round trip");
	sink->take(sink->context, &one);
}

void path_too_big_cases(
	const struct path *path, const struct path_case_sink *sink)
{
	for (unsigned i = 0; i < path->stream_count; i++)
		if (path->streams[i].ptb.frame)
			take_stream(path, sink, &path->streams[i].ptb);
}

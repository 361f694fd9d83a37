#include "analysis/path/path_ssh_result.h"

/* Connections of the run that sshd may have counted: it does until it has seen
 * to their end, and a busy server is late. */
static unsigned opened_before(const struct path *path, uint64_t frame)
{
	unsigned count = 0;

	for (unsigned i = 0; i < path->stream_count; i++)
		count += path->streams[i].is_open &&
			 path->streams[i].syn_frame < frame;
	return count;
}

void path_ssh_startups_case(
	const struct path *path, const struct path_case_sink *sink)
{
	const enum path_fact few = PATH_FACT_SSH_OWN_FEW;
	unsigned own = opened_before(path, path->startups_frame);
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_SSH, path->comment.family);
	path_case_word(&one.words, PATH_WORD_PORT, "%u", path->comment.port);
	path_fact_set(&one.facts, PATH_FACT_SSH_SAID_MAX_STARTUPS, true);
	path_fact_frames(&one.facts, PATH_FACT_SSH_SAID_MAX_STARTUPS,
		path->startups_frame, path->startups_syn_frame);
	path_fact_as_expected(&one.facts, PATH_FACT_SSH_SAID_MAX_STARTUPS,
		"Exceeded MaxStartups");
	path_fact_set(&one.facts, few,
		own < path->thresholds[PATH_SSH_OWN_STARTUPS]);
	path_fact_found(&one.facts, few, "%u of this run", own);
	path_fact_expected(&one.facts, few, "fewer than ten");
	path_case_word(&one.words, PATH_WORD_OPEN, "%u", own);
	sink->take(sink->context, &one);
}

#include "analysis/path/path_ssh.h"
#include "analysis/path/path_ssh_result.h"

void path_ssh_startups_case(
	const struct path *path, const struct path_case_sink *sink)
{
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_SSH, path->comment.family);
	path_case_word(&one.words, PATH_WORD_PORT, "%u", path->comment.port);
	path_fact_set(&one.facts, PATH_FACT_SSH_SAID_MAX_STARTUPS, true);
	path_fact_frames(&one.facts, PATH_FACT_SSH_SAID_MAX_STARTUPS,
		path->startups_frame, path->startups_syn_frame);
	path_fact_as_expected(&one.facts, PATH_FACT_SSH_SAID_MAX_STARTUPS,
		"Exceeded MaxStartups");
	sink->take(sink->context, &one);
}

bool path_ssh_is_passed_over(const struct path *path)
{
	for (unsigned i = 0; i < path->ssh.flow_count; i++) {
		enum ssh_purpose purpose;

		if (path_ssh_is_of(&path->ssh.flows[i], &purpose))
			return false;
	}
	return path->ssh.run.is_open && path->totals.is_ssh &&
	       section_comment_has(&path->comment, EXPERIMENT_REVERSE) &&
	       section_comment_has(&path->comment, EXPERIMENT_SSH) &&
	       path->ended & probe_experiment_bit(EXPERIMENT_SSH);
}

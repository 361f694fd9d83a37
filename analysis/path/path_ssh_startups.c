#include "analysis/path/path_ssh.h"
#include "analysis/path/path_ssh_result.h"

static void refusal_case(const struct path *path,
	const struct path_case_sink *sink, enum path_fact fact,
	const char *text, uint64_t frame, uint64_t syn_frame)
{
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_SSH, path->comment.family);
	path_case_word(&one.words, PATH_WORD_PORT, "%u", path->comment.port);
	path_fact_set(&one.facts, fact, true);
	path_fact_frames(&one.facts, fact, frame, syn_frame);
	path_fact_as_expected(&one.facts, fact, "%s", text);
	sink->take(sink->context, &one);
}

void path_ssh_startups_case(
	const struct path *path, const struct path_case_sink *sink)
{
	refusal_case(path, sink, PATH_FACT_SSH_SAID_MAX_STARTUPS,
		"Exceeded MaxStartups", path->startups_frame,
		path->startups_syn_frame);
}

void path_ssh_not_allowed_case(
	const struct path *path, const struct path_case_sink *sink)
{
	refusal_case(path, sink, PATH_FACT_SSH_SAID_NOT_ALLOWED,
		"Not allowed at this time", path->not_allowed_frame,
		path->not_allowed_syn_frame);
}

bool path_ssh_is_passed_over(const struct path *path)
{
	for (unsigned i = 0; i < path->dialogs.flow_count; i++) {
		enum ssh_purpose purpose;

		if (path_ssh_is_of(&path->dialogs.flows[i], &purpose))
			return false;
	}
	return path->dialogs.run.is_open && path->totals.is_ssh &&
	       section_comment_has(&path->comment, EXPERIMENT_REVERSE) &&
	       section_comment_has(&path->comment, EXPERIMENT_SSH) &&
	       path->ended & probe_experiment_bit(EXPERIMENT_SSH);
}

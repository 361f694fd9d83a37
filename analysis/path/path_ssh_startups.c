#include "analysis/path/path_ssh.h"
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

static void begin_refusal(const struct path *path, struct path_case *one,
	enum path_fact fact, const char *text, uint64_t frame,
	uint64_t syn_frame)
{
	path_case_begin(one, PATH_SUBJECT_SSH, path->comment.family);
	path_case_word(&one->words, PATH_WORD_PORT, "%u", path->comment.port);
	path_fact_set(&one->facts, fact, true);
	path_fact_frames(&one->facts, fact, frame, syn_frame);
	path_fact_as_expected(&one->facts, fact, "%s", text);
}

void path_ssh_startups_case(
	const struct path *path, const struct path_case_sink *sink)
{
	const enum path_fact few = PATH_FACT_FEW_OWN_CONNECTIONS;
	unsigned own = opened_before(path, path->startups_frame);
	struct path_case one;

	begin_refusal(path, &one, PATH_FACT_SSH_SAID_MAX_STARTUPS,
		"Exceeded MaxStartups", path->startups_frame,
		path->startups_syn_frame);
	path_fact_set(&one.facts, few,
		own < path->thresholds[PATH_SSH_OWN_STARTUPS]);
	path_fact_found(&one.facts, few, "%u of this run", own);
	path_fact_expected(&one.facts, few, "fewer than ten");
	path_case_word(&one.words, PATH_WORD_OPEN, "%u", own);
	sink->take(sink->context, &one);
}

void path_ssh_not_allowed_case(
	const struct path *path, const struct path_case_sink *sink)
{
	struct path_case one;

	begin_refusal(path, &one, PATH_FACT_SSH_SAID_NOT_ALLOWED,
		"Not allowed at this time", path->not_allowed_frame,
		path->not_allowed_syn_frame);
	sink->take(sink->context, &one);
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

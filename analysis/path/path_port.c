/* Whether the port is open, and who says otherwise. An open port is no
 * finding. */
#include "analysis/path/path_state.h"

#include <stdio.h>
#include <string.h>

static void judge_closed(const struct path *path, struct finding *finding)
{
	finding->state = "closed";
	finding->grade = GRADE_LIKELY;
	(void)snprintf(finding->other, sizeof(finding->other),
		"a firewall that refuses with a reset");
	path_evidence(finding, "syn-answered-by-reset", TRUTH_YES,
		path->closed_frame, path->syn_frame, "reset", "reset");
}

/* Whether an error refuses. Others say that a router has no way to the target:
 * RFC 1812, 5.2.7.1, and RFC 4443, 3.1. */
static bool is_refusal(const struct path *path)
{
	uint8_t code = path->rejected_code;

	return path->comment.family == 4
		       ? code == 2 || code == 3 || code == 9 || code == 10 ||
				 code == 13
		       : code == 1 || code >= 4;
}

static void judge_rejected(const struct path *path, struct finding *finding)
{
	const char *name = icmp_name(path->rejected_type, path->rejected_code,
		path->comment.family == 6);
	bool is_target = memcmp(&path->rejected_from, &path->comment.target,
				 sizeof(path->rejected_from)) == 0;

	finding->state = "rejected";
	finding->by = is_target ? "target" : "path";
	finding->reporter = path->rejected_from;
	finding->has_reporter = true;
	finding->hop = path_hop_of(path, &path->rejected_from);
	finding->grade = GRADE_CERTAIN;
	path_evidence(finding, "syn-answered-by-icmp-error", TRUTH_YES,
		path->rejected_frame, path->syn_frame, name, name);
	if (is_refusal(path) || is_target)
		return;
	finding->grade = GRADE_POSSIBLE;
	(void)snprintf(finding->other, sizeof(finding->other),
		"the target is down, or a route to it is missing: that is what "
		"\"%s\" says where no firewall made it up",
		name);
}

static void judge_silent(const struct path *path, struct finding *finding)
{
	finding->state = "filtered";
	finding->grade = GRADE_LIKELY;
	(void)snprintf(finding->other, sizeof(finding->other),
		"the target is down, or its answers get lost");
	path_evidence(finding, "syn-answered", TRUTH_NO, 0, path->syn_frame,
		"silence", "an answer");
}

void path_judge_port(struct path *path)
{
	struct finding *finding;

	/* Silence after one SYN is no silence yet. */
	if (path->opened_frame || path->syn_frame == 0 ||
		(!path->closed_frame && !path->rejected_frame &&
			path->syn_count < 2))
		return;
	finding = path_add(path, FINDING_PORT_STATE);
	if (!finding)
		return;
	if (path->closed_frame)
		judge_closed(path, finding);
	else if (path->rejected_frame)
		judge_rejected(path, finding);
	else
		judge_silent(path, finding);
	if (path->distance &&
		section_comment_has(&path->comment, EXPERIMENT_MTU))
		(void)snprintf(finding->advice, sizeof(finding->advice),
			"Sizes were measured by ICMP echo only, which can't "
			"tell the way there from the way back: probe an open "
			"port (-p).");
}

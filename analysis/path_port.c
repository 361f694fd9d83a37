/* Whether the port is open, and who says otherwise. An open port is no
 * finding. */
#include "analysis/path_state.h"

#include <stdio.h>

void path_judge_port(struct path *path)
{
	struct finding *finding;

	if (path->opened_frame || path->syn_frame == 0)
		return;
	finding = path_add(path, FINDING_PORT_STATE);
	if (!finding)
		return;
	if (path->closed_frame) {
		finding->state = "closed";
		finding->grade = GRADE_LIKELY;
		(void)snprintf(finding->other, sizeof(finding->other),
			"a firewall that refuses with a reset");
		path_evidence(finding, "syn-answered-by-reset", TRUTH_YES,
			path->closed_frame, path->syn_frame, "reset",
			"reset");
	} else if (path->rejected_frame) {
		finding->state = "rejected";
		finding->grade = GRADE_CERTAIN;
		path_evidence(finding, "syn-answered-by-icmp-error", TRUTH_YES,
			path->rejected_frame, path->syn_frame, "ICMP error",
			"ICMP error");
	} else {
		finding->state = "filtered";
		finding->grade = GRADE_LIKELY;
		(void)snprintf(finding->other, sizeof(finding->other),
			"the target is down, or its answers get lost");
		path_evidence(finding, "syn-answered", TRUTH_NO, 0,
			path->syn_frame, "silence", "an answer");
	}
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Sizes were measured by ICMP echo only, which can't tell the "
		"way there from the way back: probe an open port (-p).");
}

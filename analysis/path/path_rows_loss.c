/* Loss, and where it is. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* Every TCP acknowledges duplicate data at once (RFC 9293,
	 * 3.10.7.4). */
	{
		.name = "loss-on-a-stretch",
		.when = {.needs = FACTS(
				 SENT_OFTEN, SEVERAL_LOST, HOPS_MEASURED)},
		.kind = FINDING_LOSS,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_PERCENT | FIGURE_LINK | FIGURE_HOP,
		.shows = FACTS(
			OLD_DATA_ANSWERED, HOP_BEFORE_LOSES, HOP_BEHIND_LOSES),
		.says = "Packets of all sizes are lost, and the hops show "
			"between which two.",
	},
	{
		.name = "loss-somewhere",
		.when = {.needs = FACTS(SENT_OFTEN, SEVERAL_LOST),
			.forbids = FACTS(HOPS_MEASURED)},
		.kind = FINDING_LOSS,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_PERCENT,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.says = "Packets of all sizes are lost, on the forward or the "
			"return path.",
	},
	{
		.name = "loss-measured",
		.when = {.needs = FACTS(SENT_OFTEN)},
		.kind = FINDING_COUNT,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.excludes = QUESTION_BIT(LOSS),
		.says = "Enough packets were sent to measure loss, and fewer "
			"than two were lost.",
	},
	{
		.name = "loss-not-measured",
		.when = {.denies = FACTS(SENT_OFTEN)},
		.kind = FINDING_COUNT,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.opens = QUESTION_BIT(LOSS),
		.says = "{sent} packets measure loss, and that is too few.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "few-lost",
		.when = {.denies = FACTS(MANY_LOST)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "target-rations-echo",
		.when = {.denies = FACTS(ECHO_ANSWERED)},
		.most = GRADE_LIKELY,
		.other = "the target rate-limits its echo replies",
	},
	{
		.name = "hop-rations",
		.when = {.needs = FACTS(HOP_BEHIND_LOSES)},
		.most = GRADE_CERTAIN,
		.other = "hop {hop} leaves as many packets unreported as are "
			 "lost behind it",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "look-for-a-faulty-link",
		.advice = "Look for an overloaded or faulty link; a capture at "
			  "the target shows whether the forward or the return "
			  "path loses packets.",
	},
};

const struct path_table path_rows_loss = {
	.title = "Loss",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

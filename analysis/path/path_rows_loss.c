/* Loss, and where it is. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* Every TCP answers old data at once (RFC 9293, 3.10.7.4). */
	{
		.name = "loss-on-a-stretch",
		.when = {.needs = FACTS(
				 SENT_OFTEN, SEVERAL_LOST, HOPS_MEASURED)},
		.kind = FINDING_LOSS,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_PERCENT | FIGURE_LINK | FIGURE_HOP,
		.shows = FACTS(
			OLD_DATA_ANSWERED, HOP_BEFORE_LOSES, HOP_BEHIND_LOSES),
		.says = "Packets of all sizes that pass are lost, and hops "
			"tell on which stretch.",
	},
	{
		.name = "loss-somewhere",
		.when = {.needs = FACTS(SENT_OFTEN, SEVERAL_LOST),
			.forbids = FACTS(HOPS_MEASURED)},
		.kind = FINDING_LOSS,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_PERCENT,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.says = "Packets of all sizes that pass are lost, on the way "
			"there or back.",
	},
	{
		.name = "loss-measured",
		.when = {.needs = FACTS(SENT_OFTEN)},
		.kind = FINDING_COUNT,
		.excludes = 1u << FINDING_LOSS,
		.says = "Enough packets were sent to see loss.",
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
		.other = "the target answers only so many ICMP echos",
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
		.advice = "Look for an overloaded or faulty link; whether it "
			  "loses on the way there or back takes a capture at "
			  "the target to say.",
	},
};

const struct path_table path_rows_loss = {
	.title = "Loss",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

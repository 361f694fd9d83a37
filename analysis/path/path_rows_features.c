/* Options and flags for which SYNs are dropped. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* [lab: test_features] */
	{
		.name = "syn-option-dropped",
		.when = {.needs = FACTS(LOSS_UNLIKELY)},
		.kind = FINDING_OPTION_REFUSED,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FIELD | FIGURE_LINK,
		.shows = FACTS(SYN_WITH_IT_ARRIVES, SYN_WITHOUT_ARRIVES),
		.says = "SYNs with an option or flag are lost, and SYNs "
			"without it are not.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "ends-on-the-way",
		.most = GRADE_CERTAIN,
		.other = "a filter for SYNs that end on the way: a connection "
			 "with that option decides",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "let-pass",
		.advice = "Let the device there pass SYNs with it: clients "
			  "that send it wait for retransmissions, or never "
			  "connect.",
	},
};

const struct path_table path_rows_features = {
	.title = "Options and flags of SYNs",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

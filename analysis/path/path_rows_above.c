/* Sizes above a limit that a router reports: a hole in front of it. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* [lab: test_limits] */
	{
		.name = "hole-before-limit",
		.when = {.needs = FACTS(LOST_ONES_ARE_LARGER, LINK_KNOWN)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LINK,
		.shows = FACTS(NEXT_SIZE_FAILS, LARGER_PACKETS_VANISH,
			LOST_ONES_ARE_LARGER, HOP_ANSWERS_LARGE,
			NEXT_HOP_ANSWERS_LARGE, HOP_BEFORE_REPORTS_EXPIRY),
		.says = "Packets above a size are lost between two hops, and a "
			"smaller limit behind them is reported.",
	},
	{
		.name = "hole-before-limit-somewhere",
		.when = {.needs = FACTS(LOST_ONES_ARE_LARGER),
			.denies = FACTS(LINK_KNOWN)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, LARGER_PACKETS_VANISH,
			LOST_ONES_ARE_LARGER),
		.says = "Packets above a size are lost, and a smaller limit is "
			"reported; the place of the loss is not known.",
	},
	/* [lab: test_limits] */
	{
		.name = "limit-before-hole",
		.when = {.needs = FACTS(TOO_BIG_NAMES_MORE)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LIMITED_AFTER | FIGURE_REPORTER,
		.shows = FACTS(TOO_BIG_NAMES_MORE),
		.says = "A router reports a limit, and another link passes "
			"less and reports nothing.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "rate-limited",
		.when = {.denies = FACTS(ORDER_NO_CHANCE)},
		.most = GRADE_LIKELY,
		.other = "a router that rate-limits its PTB, and left these "
			 "packets without one by chance",
	},
	{
		.name = "reported-by-one",
		.of = {"limit-before-hole"},
		.most = GRADE_CERTAIN,
		.other = "a size that the router claims and that its link does "
			 "not have: no packet of it arrived",
	},
	{
		.name = "size-not-exact",
		.when = {.denies = FACTS(NEXT_SIZE_FAILS)},
		.most = GRADE_LIKELY,
		.other = "any size from {from} to {to} bytes: no size between "
			 "was sent",
	},
	{
		.name = "loss-at-the-link",
		.when = {.denies = FACTS(LINK_LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-at-the-link-explains-all",
		.when = {.denies = FACTS(LINK_LOSS_UNLIKELY)},
		.most = GRADE_POSSIBLE,
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "clamp-below-both",
		.of = {"hole-before-limit", "hole-before-limit-somewhere"},
		.advice = "Clamp the MSS {place} to what passes both: nft add "
			  "rule inet filter forward tcp flags syn tcp option "
			  "maxseg size set {size}; or let {ptb} from there "
			  "reach the senders.",
	},
};

const struct path_table path_rows_above = {
	.title = "Sizes above a reported limit",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

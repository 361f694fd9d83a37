/* Sizes that some connections pass and others do not, on the forward path. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* [lab: test_flows] Routers choose a route by ports (RFC 2992), and
	 * load balancers a server. */
	{
		.name = "hole-on-some-flows",
		.when = {.denies = FACTS(NEXT_SIZE_REFUSED)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LINK,
		.shows = FACTS(FLOWS_AGREE, NEXT_SIZE_FAILS, SAME_ROUTERS,
			NEXT_HOP_ANSWERS_LARGE, LOSS_UNLIKELY),
		.says = "Packets above a size are lost on some connections, "
			"without an ICMP error, and arrive on others.",
	},
	{
		.name = "limit-on-some-flows",
		.when = {.needs = FACTS(NEXT_SIZE_REFUSED)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LIMITED_AFTER | FIGURE_REPORTER,
		.shows = FACTS(FLOWS_AGREE, NEXT_SIZE_FAILS, SAME_ROUTERS),
		.says = "A router reports a smaller path MTU (PTB) on some "
			"connections.",
	},
	/* RFC 1812, 4.3.2.8, as limit-reported-at-times. [lab: two_faults] */
	{
		.name = "limit-reported-at-times-on-some-flows",
		.when = {.needs = FACTS(TOO_BIG_NAMES_THAT_SIZE),
			.denies = FACTS(NEXT_SIZE_REFUSED)},
		.outranks = {{"hole-on-some-flows", "a router names exactly "
						    "that size"}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LIMITED_AFTER | FIGURE_REPORTER,
		.shows = FACTS(TOO_BIG_NAMES_THAT_SIZE, FLOWS_AGREE,
			NEXT_SIZE_FAILS, SAME_ROUTERS),
		.opens = QUESTION_BIT(HOLE_FORWARD),
		.says = "On some connections a router names the size that "
			"passes, and reports few of the packets that are "
			"larger.",
		.settled_by = "{probe}, again",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "by-connection",
		.of = {"hole-on-some-flows"},
		.most = GRADE_CERTAIN,
		.other = "a device that treats connections differently, and "
			 "not another route or server",
	},
	{
		.name = "few-reported",
		.of = {"limit-reported-at-times-on-some-flows"},
		.most = GRADE_CERTAIN,
		.other = "a black hole of the same size: {arrived} of {sent} "
			 "larger packets were answered with a PTB",
	},
	{
		.name = "loss-explains-some",
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_POSSIBLE,
	},
	{
		.name = "sizes-between",
		.when = {.denies = FACTS(NEXT_SIZE_FAILS)},
		.most = GRADE_CERTAIN,
		.other = "any size from {from} to {to} bytes: no size between "
			 "was sent",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "look-at-the-route",
		.of = {"hole-on-some-flows"},
		.advice = "Several routes, or several servers behind one "
			  "address: {on} lose packets above {mtu} bytes. Look "
			  "at what these take{place}; until it is mended, "
			  "clamp the MSS of all to {mss}.",
	},
	{
		.name = "let-be",
		.of = {"limit-on-some-flows",
			"limit-reported-at-times-on-some-flows"},
		.advice = "Nothing, as long as senders receive the PTB "
			  "messages: several routes, with different MTUs"
			  "{place}.",
	},
};

const struct path_table path_rows_flows = {
	.title = "Sizes of several connections",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

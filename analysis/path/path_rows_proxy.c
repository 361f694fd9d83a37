/* Who answers the connection: another host than the one that answers ICMP
 * echo. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* [lab: test_usage] */
	{
		.name = "connection-ends-before-echo",
		.when = {.needs = FACTS(ECHO_FARTHER)},
		.kind = FINDING_PROXY,
		.grade = GRADE_LIKELY,
		.figures = FIGURE_HOP,
		.shows = FACTS(ECHO_AT_SAME_HOP, ECHO_BY_SAME_ROUTERS,
			REPLIES_FROM_AS_FAR),
		.says = "A device before the target answers the connection: a "
			"transparent proxy, or a redirection.",
	},
	{
		.name = "path-behind-proxy",
		.when = {.needs = FACTS(ECHO_FARTHER, HOPS_APART)},
		.kind = FINDING_COUNT,
		.shows = FACTS(ECHO_AT_SAME_HOP),
		.opens = QUESTION_BIT(HOLE_FORWARD) |
			 QUESTION_BIT(HOLE_REVERSE) |
			 QUESTION_BIT(MSS_FORWARD) | QUESTION_BIT(MSS_REVERSE) |
			 QUESTION_BIT(LOSS),
		.says = "TCP measured the path to the device that answers the "
			"connection, and not the path behind it.",
		.settled_by = "{probe}, from that device",
	},
	/* [lab: echo-elsewhere] */
	{
		.name = "connection-ends-behind-echo",
		.when = {.denies = FACTS(ECHO_FARTHER)},
		.kind = FINDING_PROXY,
		.grade = GRADE_LIKELY,
		.figures = FIGURE_HOP,
		.shows = FACTS(ECHO_AT_SAME_HOP, ECHO_BY_SAME_ROUTERS,
			REPLIES_FROM_AS_FAR),
		.says = "The address forwards the port to a host behind it, "
			"and answers ICMP echo itself.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "route-one-hop-longer",
		.when = {.denies = FACTS(HOPS_APART)},
		.outranks = {{"route-of-another-length", "it is one hop"}},
		.most = GRADE_POSSIBLE,
		.other = "one host, and routes of which one is a hop longer",
	},
	/* Policy routing by protocol, and several routes. [lab: test_routes] */
	{
		.name = "route-of-other-routers",
		.when = {.denies = FACTS(ECHO_BY_SAME_ROUTERS)},
		.outranks = {{"route-of-another-length", "the routers show it"},
			{"route-one-hop-longer", "the routers show it"}},
		.most = GRADE_POSSIBLE,
		.other = "one host, and different routes for TCP and ICMP: "
			 "other routers report them",
	},
	{
		.name = "answers-from-as-far",
		.when = {.needs = FACTS(REPLIES_FROM_AS_FAR)},
		.outranks = {{"route-of-another-length", "the answers show it"},
			{"route-one-hop-longer", "the answers show it"}},
		.most = GRADE_POSSIBLE,
		.other = "one host, and routes to it of different length for "
			 "TCP and ICMP: its answers to both have passed as "
			 "many routers",
	},
	{
		.name = "route-of-another-length",
		.most = GRADE_CERTAIN,
		.other = "one host, and routes of different length for TCP and "
			 "ICMP",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "measured-to-proxy",
		.of = {"connection-ends-before-echo"},
		.advice = "What TCP measured is the path to {place}; of the "
			  "path behind it only ICMP and UDP tell.",
	},
};

const struct path_table path_rows_proxy = {
	.title = "Proxies and forwarded ports",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

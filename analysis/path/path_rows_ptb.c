/* Whether the server honours a PTB that the probe sends. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* RFC 1191, 6.3: a host that receives a PTB sends smaller packets.
	 * [lab: test_too_big] */
	{
		.name = "too-big-ignored",
		.when = {.needs = FACTS(SAME_SIZE_AGAIN)},
		.kind = FINDING_TOO_BIG_IGNORED,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.shows = FACTS(TOO_BIG_SENT, SAME_SIZE_AGAIN, SMALLER_SEGMENTS),
		.says = "The server got a PTB about its segment, and "
			"retransmitted it at the same size.",
	},
	{
		.name = "too-big-honoured",
		.when = {.needs = FACTS(TOO_BIG_HONOURED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TOO_BIG_SENT, SMALLER_SEGMENTS),
		.excludes = QUESTION_BIT(TOO_BIG_IGNORED),
		.says = "The server got a PTB about its segment, and sent "
			"smaller ones.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "message-dropped",
		.most = GRADE_CERTAIN,
		.other = "a firewall on the path drops PTB messages, or those "
			 "that an endpoint sends itself",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "let-through",
		.advice = "Let {ptb} reach the target's stack. Until then "
			  "clamp the MSS before every link with a smaller MTU; "
			  "on Linux, net.ipv4.tcp_mtu_probing=1 helps after "
			  "some seconds.",
	},
};

const struct path_table path_rows_ptb = {
	.title = "PTB to the server",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

/* "Too big", to the server. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* RFC 1191, 6.3: who is told sends smaller packets. [lab:
	 * test_too_big] */
	{
		.name = "too-big-ignored",
		.when = {.needs = FACTS(SAME_SIZE_AGAIN)},
		.kind = FINDING_TOO_BIG_IGNORED,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.shows = FACTS(PTB_SENT, SAME_SIZE_AGAIN, SMALLER_SEGMENTS),
		.says = "The server was told that its segment is too big, and "
			"sent it again as large.",
	},
	{
		.name = "too-big-honoured",
		.when = {.needs = FACTS(PTB_HONOURED)},
		.kind = FINDING_COUNT,
		.excludes = 1u << FINDING_TOO_BIG_IGNORED,
		.says = "The server was told that its segment is too big, and "
			"sent smaller ones.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "message-dropped",
		.most = GRADE_CERTAIN,
		.other = "a firewall on the way drops such messages, or those "
			 "that an end of the path sends itself",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "let-through",
		.advice = "Let {ptb} through to the target, and to programs on "
			  "it. Until then clamp the MSS before every link that "
			  "is smaller; on Linux, "
			  "net.ipv4.tcp_mtu_probing=1 helps after some "
			  "seconds.",
	},
};

const struct path_table path_rows_ptb = {
	.title = "\"Too big\", to the server",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

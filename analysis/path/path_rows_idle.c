/* Idle time-outs. Keepalives whose hop limit ends on the path tell where:
 * Linux' connection tracking counts a packet before the hop limit is looked at,
 * so a packet that expires at a router has renewed that router's own state
 * [lab: test_idle]. */
#include "analysis/path/path_rows.h"

#define IDLE_SHOWS                                                             \
	FACTS(SHORTER_IDLE_SURVIVED, IDLE_CONNECTION_DIES, SEVERAL_DIED,       \
		OTHERS_LIVE, RESET_FROM_SERVER, REFRESHED_UP_TO_HOP_LIVES,     \
		REFRESHED_UP_TO_HOP_DIES, KEEPALIVE_PROVED)

static const struct path_row rows[] = {
	{
		.name = "idle-timeout-silent",
		.when = {.needs = FACTS(OTHERS_LIVE),
			.denies = FACTS(RESET_AFTER_IDLE, ERROR_AFTER_IDLE,
				ANSWERED_FOR_ANOTHER)},
		.kind = FINDING_IDLE_TIMEOUT,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_IDLE | FIGURE_LINK | FIGURE_HOP,
		.on_expiry = IDLE_EXPIRY_SILENT,
		.shows = IDLE_SHOWS,
		.says = "Connections that were idle for so long are not "
			"answered any more, while others live: a device "
			"dropped their state, and drops their packets.",
	},
	{
		.name = "idle-timeout-error",
		.when = {.needs = FACTS(OTHERS_LIVE, ERROR_AFTER_IDLE)},
		.kind = FINDING_IDLE_TIMEOUT,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_IDLE | FIGURE_LINK | FIGURE_HOP |
			   FIGURE_REPORTER,
		.on_expiry = IDLE_EXPIRY_ERROR_BY_BOX,
		.shows = FACTS(SHORTER_IDLE_SURVIVED, IDLE_CONNECTION_DIES,
			SEVERAL_DIED, OTHERS_LIVE, ERROR_AFTER_IDLE,
			REFRESHED_UP_TO_HOP_LIVES, REFRESHED_UP_TO_HOP_DIES,
			KEEPALIVE_PROVED),
		.says = "The same, and an ICMP error rejects their packets.",
	},
	/* A firewall's reset has another distance than the server's packets
	 * [lab: test_idle]. */
	{
		.name = "idle-timeout-reset-by-box",
		.when = {.needs = FACTS(OTHERS_LIVE),
			.denies = FACTS(RESET_FROM_SERVER)},
		.kind = FINDING_IDLE_TIMEOUT,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_IDLE | FIGURE_LINK | FIGURE_HOP,
		.on_expiry = IDLE_EXPIRY_RESET_BY_BOX,
		.shows = IDLE_SHOWS,
		.says = "A device dropped the state of the idle connection, "
			"and answers its packets with a reset.",
	},
	/* The server's kernel does not know the address or port that the packet
	 * comes from now (RFC 9293, 3.10.7.1). */
	{
		.name = "idle-timeout-reset-by-server",
		.when = {.needs = FACTS(OTHERS_LIVE, RESET_FROM_SERVER)},
		.kind = FINDING_IDLE_TIMEOUT,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_IDLE | FIGURE_LINK | FIGURE_HOP,
		.on_expiry = IDLE_EXPIRY_RESET_BY_SERVER,
		.shows = IDLE_SHOWS,
		.says = "A NAT forgot the idle connection and gave the next "
			"packet another address or port: the server knows no "
			"such connection and resets it.",
	},
	/* The server acknowledges the numbers of the connection that it knows
	 * by that address and port (RFC 9293, 3.10.7.4) [lab: test_idle]. */
	{
		.name = "idle-timeout-port-moved",
		.when = {.needs = FACTS(OTHERS_LIVE, ANSWERED_FOR_ANOTHER)},
		.kind = FINDING_IDLE_TIMEOUT,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_IDLE | FIGURE_LINK | FIGURE_HOP,
		.on_expiry = IDLE_EXPIRY_PORT_MOVED,
		.shows = FACTS(SHORTER_IDLE_SURVIVED, IDLE_CONNECTION_DIES,
			SEVERAL_DIED, OTHERS_LIVE, ANSWERED_FOR_ANOTHER,
			REFRESHED_UP_TO_HOP_LIVES, REFRESHED_UP_TO_HOP_DIES,
			KEEPALIVE_PROVED),
		.says = "A NAT forgot the idle connection and gave the next "
			"packet a port by which the server knows another "
			"connection: the answer has that one's numbers.",
	},
	{
		.name = "idle-survived",
		.when = {.needs = FACTS(IDLE_MAX_SURVIVED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SHORTER_IDLE_SURVIVED),
		.excludes = QUESTION_BIT(IDLE_TIMEOUT),
		.says = "Connections survived up to {survived} s without "
			"packets, the longest idle time that was to be tested.",
	},
	{
		.name = "idle-not-all-tested",
		.when = {.needs = FACTS(SHORTER_IDLE_SURVIVED),
			.denies = FACTS(IDLE_MAX_SURVIVED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SHORTER_IDLE_SURVIVED),
		.opens = QUESTION_BIT(IDLE_TIMEOUT),
		.says = "Idle times up to {survived} s were survived; longer "
			"ones were not tested.",
		.settled_by = "{probe} --only idle, to its end",
	},
	{
		.name = "idle-closed-by-server",
		.when = {.needs = FACTS(SERVER_CLOSES),
			.denies = FACTS(IDLE_MAX_SURVIVED)},
		.outranks = {{"idle-not-all-tested", "it says why"}},
		.kind = FINDING_COUNT,
		.shows = FACTS(SHORTER_IDLE_SURVIVED, SERVER_CLOSES),
		.opens = QUESTION_BIT(IDLE_TIMEOUT),
		.says = "The server closed connections {closes} s after they "
			"were opened, also those that were kept alive: that is "
			"no device's time-out, and longer idle times are not "
			"known.",
		.settled_by =
			"{probe host} -p PORT --only idle, with another port",
	},
	{
		.name = "idle-longer-not-known",
		.when = {.needs = FACTS(OTHERS_LIVE, IDLE_TIMES_SEPARATE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(IDLE_CONNECTION_DIES),
		.opens = QUESTION_BIT(IDLE_LONGER),
		.says = "No connection lives for longer than the time-out that "
			"was found: other devices that keep theirs for longer "
			"are not seen.",
	},
	{
		.name = "idle-all-failed",
		.when = {.denies = FACTS(OTHERS_LIVE)},
		.outranks = {{"idle-not-all-tested", "it says why"}},
		.kind = FINDING_COUNT,
		.shows = FACTS(SHORTER_IDLE_SURVIVED, IDLE_CONNECTION_DIES),
		.opens = QUESTION_BIT(IDLE_TIMEOUT),
		.says = "Connections that were kept alive failed at the same "
			"time: the path or the server did.",
		.settled_by = "{probe} --only idle, again",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "one-connection",
		.when = {.denies = FACTS(SEVERAL_DIED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-of-questions-small",
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-of-questions",
		.when = {.denies = FACTS(LOSS_UNLIKELY)},
		.most = GRADE_POSSIBLE,
		.other = "the packets were lost by chance",
	},
	/* [test_path_mutants] */
	{
		.name = "connections-differ",
		.when = {.denies = FACTS(IDLE_TIMES_SEPARATE)},
		.most = GRADE_POSSIBLE,
		.other = "several devices share the connections, or several "
			 "paths: one died sooner than others that lived",
	},
	/* Cisco's ASA gives connections other initial numbers [doc: Cisco ASA
	 * configuration guide, TCP Sequence Randomization]. */
	{
		.name = "numbers-translated",
		.of = {"idle-timeout-port-moved"},
		.most = GRADE_CERTAIN,
		.other = "a device that translates sequence numbers, and does "
			 "so no more",
	},
	/* [lab: test_idle] */
	{
		.name = "own-port-again",
		.of = {"idle-timeout-reset-by-server",
			"idle-timeout-port-moved"},
		.when = {.needs = FACTS(REFRESHED_UP_TO_HOP_LIVES),
			.denies = FACTS(HOP_LIVES_TWICE)},
		.most = GRADE_LIKELY,
		.other = "a hop behind, if the NAT has few ports and gave the "
			 "connection that lives its own again",
	},
	/* A keepalive that never reaches the server cures: then the server is
	 * not the one that forgets. */
	{
		.name = "server-forgets",
		.of = {"idle-timeout-silent", "idle-timeout-reset-by-server"},
		.when = {.forbids = FACTS(REFRESHED_UP_TO_HOP_LIVES)},
		.most = GRADE_LIKELY,
		.other = "the server's own host, or a proxy in front of it, "
			 "drops idle connections without closing them",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "keepalive-of-ssh",
		.when = {.needs = FACTS(KEEPALIVE_POSSIBLE, PORT_OF_SSH)},
		.advice = "ServerAliveInterval {keepalive} in ~/.ssh/config, "
			  "or ssh -o ServerAliveInterval={keepalive} {ssh "
			  "target}; or ClientAliveInterval {keepalive} in the "
			  "server's /etc/ssh/sshd_config. Or raise the idle "
			  "time-out of the device.",
	},
	{
		.name = "keepalive-of-others",
		.when = {.needs = FACTS(KEEPALIVE_POSSIBLE),
			.denies = FACTS(PORT_OF_SSH)},
		.advice = "Keepalives every {keepalive} s: SO_KEEPALIVE with "
			  "TCP_KEEPIDLE {keepalive} and TCP_KEEPINTVL "
			  "{keepalive} on either end's socket, or the "
			  "application's own. Or raise the idle time-out of "
			  "the device.",
	},
	{
		.name = "prove-the-keepalive",
		.when = {.needs = FACTS(KEEPALIVE_POSSIBLE),
			.forbids = FACTS(KEEPALIVE_PROVED)},
		.advice = "{probe} --only idle --verify proves that this "
			  "keepalive helps.",
	},
};

const struct path_table path_rows_idle = {
	.title = "Idle connections",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

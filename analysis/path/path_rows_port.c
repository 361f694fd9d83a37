/* Whether the port is open, and which host rejects. An open port is no
 * finding. */
#include "analysis/path/path_rows.h"

#define CLOSED_BY_OTHER_ROUTE                                                  \
	"the port is closed: one hop is what another route explains"

static const struct path_row rows[] = {
	/* The endpoint's stack refuses with a reset (RFC 9293, 3.10.7.1). */
	{
		.name = "port-closed",
		.when = {.needs = FACTS(SYN_ANSWERED_BY_RESET),
			.denies = FACTS(SYN_ANSWERED_BY_SYN_ACK)},
		.outranks = {{"port-rejected-by-target",
				     "a reset is the stack's own answer"},
			{"port-rejected-on-path",
				"a reset is the stack's own answer"}},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_LIKELY,
		.state = PORT_CLOSED,
		.shows = FACTS(SYN_ANSWERED_BY_RESET, RESET_TTL_MATCHES_SENDER,
			PORT_RETURNS_TRAFFIC_CLASS,
			OTHER_PORTS_RETURN_TRAFFIC_CLASS),
		.says = "The SYN was answered with a reset: nothing listens on "
			"the port.",
	},
	/* [lab: test_resets] */
	{
		.name = "port-reset-on-path",
		.when = {.needs = FACTS(RESET_NEARER),
			.denies = FACTS(SYN_ANSWERED_BY_SYN_ACK)},
		.outranks = {{"port-closed", "the target is farther away"}},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_LIKELY,
		.figures = FIGURE_HOP,
		.state = PORT_REJECTED,
		.by = REJECTER_PATH,
		.shows = FACTS(SYN_ANSWERED_BY_RESET, RESET_TTL_MATCHES_SENDER),
		.says = "A device on the path answered the SYN with a reset in "
			"the target's name.",
	},
	/* Only the host's kernel has the port's state, and it would copy the
	 * traffic class as for other ports [lab: test_reset]. */
	{
		.name = "port-reset-by-firewall",
		.when = {.needs = FACTS(RESET_TTL_MATCHES_SENDER,
				 OTHER_PORTS_RETURN_TRAFFIC_CLASS),
			.denies = FACTS(SYN_ANSWERED_BY_SYN_ACK,
				PORT_RETURNS_TRAFFIC_CLASS)},
		.outranks = {{"port-closed", "other ports are refused in "
					     "another way"}},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_LIKELY,
		.state = PORT_REJECTED,
		.by = REJECTER_TARGET,
		.shows = FACTS(SYN_ANSWERED_BY_RESET, RESET_TTL_MATCHES_SENDER,
			PORT_RETURNS_TRAFFIC_CLASS,
			OTHER_PORTS_RETURN_TRAFFIC_CLASS),
		.says = "A firewall on the target's host answered the SYN with "
			"a reset: its kernel answers in another way.",
	},
	{
		.name = "port-rejected-by-target",
		.when = {.needs = FACTS(ICMP_ERROR_FROM_TARGET),
			.denies = FACTS(SYN_ANSWERED_BY_SYN_ACK)},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_REPORTER | FIGURE_HOP,
		.state = PORT_REJECTED,
		.by = REJECTER_TARGET,
		.shows = FACTS(SYN_ANSWERED_BY_ICMP_ERROR),
		.says = "The target's own firewall answered the SYN with an "
			"ICMP error.",
	},
	{
		.name = "port-rejected-on-path",
		.when = {.denies = FACTS(SYN_ANSWERED_BY_SYN_ACK,
				 ICMP_ERROR_FROM_TARGET)},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_REPORTER | FIGURE_HOP,
		.state = PORT_REJECTED,
		.by = REJECTER_PATH,
		.shows = FACTS(SYN_ANSWERED_BY_ICMP_ERROR),
		.says = "A device on the path answered the SYN with an ICMP "
			"error.",
	},
	{
		.name = "port-filtered",
		.when = {.needs = FACTS(SYN_REPEATED),
			.denies = FACTS(SYN_ANSWERED)},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_LIKELY,
		.state = PORT_FILTERED,
		.shows = FACTS(SYN_ANSWERED, SYN_ENDS_ON_PATH, STRAY_ACK_RESET,
			UNUSED_PORTS_ANSWER),
		.says = "The SYN was retransmitted and never answered.",
	},
	/* A filter without state drops SYNs alone; so does a kernel whose
	 * program takes no connections from a full queue [lab: test_reset]. */
	{
		.name = "port-silent-to-syns",
		.when = {.needs = FACTS(SYN_REPEATED, STRAY_ACK_RESET),
			.denies = FACTS(SYN_ANSWERED)},
		.outranks = {{"port-filtered", "the target answers other "
					       "segments to the port"}},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_POSSIBLE,
		.state = PORT_FILTERED,
		.shows = FACTS(SYN_ANSWERED, SYN_ENDS_ON_PATH, STRAY_ACK_RESET,
			UNUSED_PORTS_ANSWER),
		.says = "SYNs to the port are never answered, and ACKs of no "
			"connection are: SYNs alone are dropped, or "
			"their answers.",
	},
	/* A router checks the hop limit before its forwarding rules: one that
	 * drops the port reports SYNs that end there [lab: test_port]. */
	{
		.name = "port-filtered-on-path",
		.when = {.needs = FACTS(SYN_REPEATED, SYN_ENDS_ON_PATH),
			.denies = FACTS(SYN_ANSWERED)},
		.outranks = {{"port-filtered", "the SYN ends before the "
					       "target"},
			{"port-silent-to-syns",
				"the SYN ends before the target"}},
		.kind = FINDING_PORT_STATE,
		.grade = GRADE_LIKELY,
		.figures = FIGURE_LINK,
		.state = PORT_FILTERED,
		.by = REJECTER_PATH,
		.shows = FACTS(SYN_ANSWERED, SYN_ENDS_ON_PATH),
		.says = "The SYN was never answered, and a device on the path "
			"drops it.",
	},
};

static const struct path_doubt doubts[] = {
	/* [lab: refused-by-reset] */
	{
		.name = "firewall-resets",
		.of = {"port-closed"},
		.most = GRADE_CERTAIN,
		.other = "a firewall that refuses with a reset",
	},
	{
		.name = "firewall-copies-class",
		.of = {"port-closed"},
		.when = {.needs = FACTS(PORT_RETURNS_TRAFFIC_CLASS)},
		.outranks = {{"firewall-resets", "it would have to copy"}},
		.most = GRADE_CERTAIN,
		.other = "a firewall that refuses with a reset and copies the "
			 "traffic class, which Linux' does not",
	},
	{
		.name = "device-before-host",
		.of = {"port-reset-by-firewall"},
		.most = GRADE_CERTAIN,
		.other = "a device right before the target's host",
	},
	{
		.name = "reset-one-hop-nearer",
		.of = {"port-reset-on-path"},
		.when = {.denies = FACTS(RESET_HOPS_APART),
			.forbids = FACTS(OTHER_PORTS_RETURN_TRAFFIC_CLASS)},
		.outranks = {{"reset-by-shorter-way", "it is one hop"}},
		.most = GRADE_POSSIBLE,
		.other = CLOSED_BY_OTHER_ROUTE,
	},
	{
		.name = "reset-one-hop-nearer-alike",
		.of = {"port-reset-on-path"},
		.when = {.needs = FACTS(OTHER_PORTS_RETURN_TRAFFIC_CLASS),
			.denies = FACTS(RESET_HOPS_APART),
			.keeps = FACTS(PORT_RETURNS_TRAFFIC_CLASS)},
		.outranks = {{"reset-by-shorter-way", "it is one hop"}},
		.most = GRADE_POSSIBLE,
		.other = CLOSED_BY_OTHER_ROUTE,
	},
	/* Of both, the host's kernel copies the class [lab: test_reset]. */
	{
		.name = "host-firewall-by-shorter-way",
		.of = {"port-reset-on-path"},
		.when = {.needs = FACTS(OTHER_PORTS_RETURN_TRAFFIC_CLASS),
			.denies = FACTS(
				RESET_HOPS_APART, PORT_RETURNS_TRAFFIC_CLASS)},
		.outranks = {{"reset-by-shorter-way", "it is one hop"}},
		.most = GRADE_CERTAIN,
		.other = "a firewall on the target's host, if its resets take "
			 "a route that is one hop shorter",
	},
	{
		.name = "reset-by-shorter-way",
		.of = {"port-reset-on-path"},
		.most = GRADE_CERTAIN,
		.other = "the port is closed, and the target's resets take a "
			 "shorter route than its other packets",
	},
	/* RFC 1812, 5.2.7.1: the codes of a router without a route. */
	{
		.name = "route-missing",
		.of = {"port-rejected-on-path"},
		.when = {.denies = FACTS(ICMP_ERROR_REFUSES)},
		.most = GRADE_POSSIBLE,
		.other = "the target is down, or a route to it is missing: "
			 "that is the meaning of \"{error}\" unless a firewall "
			 "sent it",
	},
	/* A NAT may leave the source of the error as it is. */
	{
		.name = "target-by-another-address",
		.of = {"port-rejected-on-path"},
		.when = {.denies = FACTS(REPORTER_IS_A_HOP)},
		.most = GRADE_LIKELY,
		.other = "the target itself, by another of its addresses: "
			 "hosts send that error too, and no hop has this "
			 "address",
	},
	{
		.name = "target-down",
		.of = {"port-filtered"},
		.most = GRADE_CERTAIN,
		.other = "the target is down, or its responses are lost",
	},
	/* Closed ports of a host whose program does not accept answer. */
	{
		.name = "other-ports-answer",
		.of = {"port-filtered"},
		.when = {.needs = FACTS(UNUSED_PORTS_ANSWER)},
		.outranks = {{"target-down", "its other ports answer"}},
		.most = GRADE_CERTAIN,
		.other = "the port's program takes no connections, and its "
			 "queue is full",
	},
	{
		.name = "queue-full",
		.of = {"port-silent-to-syns"},
		.most = GRADE_CERTAIN,
		.other = "the port's program takes no connections, and its "
			 "queue is full",
	},
	{
		.name = "hop-without-words",
		.of = {"port-filtered-on-path"},
		.most = GRADE_CERTAIN,
		.other = "hop {hop} reports no SYNs, and they are dropped "
			 "behind it",
	},
	/* [test_path] */
	{
		.name = "loss-explains-silence",
		.of = {"port-filtered", "port-silent-to-syns",
			"port-filtered-on-path"},
		.when = {.denies = FACTS(LOSS_UNLIKELY)},
		.outranks = {{"target-down", "it answers echo"},
			{"other-ports-answer", "chance explains it"},
			{"queue-full", "chance explains it"},
			{"hop-without-words", "chance explains both"}},
		.most = GRADE_POSSIBLE,
		.other = "the SYNs were lost by chance: of {sent} ICMP echo "
			 "requests {arrived} were answered",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "probe-an-open-port",
		.when = {.needs = FACTS(SIZES_MEASURED_BY_ECHO)},
		.advice = "Sizes were measured by ICMP echo only, which can't "
			  "distinguish the forward from the return path: "
			  "{probe host} -p PORT, with an open port.",
	},
};

const struct path_table path_rows_port = {
	.title = "The port",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

/* Silence, ICMP errors, unanswered SYNs. */
#include "analysis/verdict/signatures.h"

#define ALSO_BLACK_HOLE                                                        \
	{                                                                      \
		MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,                \
			"only large packets vanish: no small one was tried "   \
			"to tell"                                              \
	}
#define ALSO_SILENT_EXPIRY                                                     \
	{                                                                      \
		MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,                  \
			"a box on the path forgot the connection and drops "   \
			"its packets"                                          \
	}

const struct signature signatures_silence[] = {
	{
		.name = "syn-rejected-by-server",
		.needs = FACTS(SYN_UNANSWERED, ICMP_FROM_SERVER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall refused the SYN with "
			   "an ICMP error (a REJECT rule, a ban).",
		.also = {ALSO_REJECTED_BY_BOX},
		.outranks = {{"syn-prohibited-on-path",
				     "the error came from the server itself"},
			{"syn-port-unreachable-on-path",
				"the error came from the server itself"}},
		.why = "RFC 792 and RFC 4443; REJECT rules answer so by "
		       "default [measured: h2 from the server's address, c6c "
		       "from a router's]. Fooled by: forged ICMP.",
	},
	{
		.name = "syn-prohibited-on-path",
		.needs = FACTS(SYN_UNANSWERED, ICMP_PROHIBITED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN and said "
			   "so with an ICMP error.",
		.outranks = {{"syn-unanswered", "an ICMP error is an answer"}},
	},
	{
		.name = "syn-port-unreachable-on-path",
		.needs = FACTS(SYN_UNANSWERED, ICMP_PORT),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN and said "
			   "so with an ICMP error.",
		.outranks = {{"syn-unreachable",
			"a router with no way to the server does not speak of "
			"ports"}},
	},
	{
		.name = "syn-unreachable",
		.needs = FACTS(SYN_UNANSWERED),
		.denies = FACTS(ICMP_PROHIBITED, ICMP_FROM_SERVER),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A router had no way to the server: the server is "
			   "off, or the route to it is missing.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				 ROLE_SERVER, "the server is switched off"},
			{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX, "a route is missing"}},
		.outranks = {{"syn-unanswered", "an ICMP error is an answer"}},
		.why = "e1: host unreachable from the last router, 3 s after "
		       "the SYN, when nobody answers ARP [measured].",
	},
	{
		.name = "syn-unanswered",
		.needs = FACTS(SYN_UNANSWERED),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Nobody answered the SYN.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall or security group drops it"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_SERVER,
				"the server is down, drops it, or its accept "
				"queue is full"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = FACTS(SYN_UNANSWERED),
		.why = "A drop rule, a full backlog and a dead host are alike "
		       "from here [measured: c6d, c15, c16].",
	},
	{
		.name = "syn-ack-unanswered",
		.needs = FACTS(SYNACK_UNANSWERED),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The server answered the SYN again and again; its "
			   "answer did not arrive, or the client's did not "
			   "come back.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall drops one direction"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_CLIENT,
				"a scan, or a forged source address"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = FACTS(SYNACK_UNANSWERED),
	},
	{
		.name = "handshake-not-heard",
		.needs = FACTS(HANDSHAKE_NOT_HEARD, RETRANSMISSIONS_UNANSWERED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server repeats its SYN-ACK though the client "
			   "has acknowledged it, and takes no data: its "
			   "accept queue is full, or the path loses "
			   "everything towards it.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SYN_UNANSWERED),
		.outranks = {{"never-served",
			"the repeated SYN-ACK says who did not hear"}},
		.why = "The accept queue was full when the last ACK came: the "
		       "client thinks it is connected, the server drops "
		       "everything [measured: c16b]. Fooled by: that one ACK "
		       "lost and all data after it.",
	},
	{
		.name = "never-served",
		.needs = FACTS(SERVER_NEVER_SPOKE, RETRANSMISSIONS_UNANSWERED),
		.denies = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The handshake passed, and nothing after it was "
			   "ever answered.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_SERVER,
				 "its accept queue overflowed at the last "
				 "step"},
			{MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,
				"a box on the path forgot the connection and "
				"drops its packets"},
			ALSO_LOSS},
		.decide = FACTS(SERVER_NEVER_SPOKE),
		.outranks = {{"unanswered",
			"nothing was ever answered, and the handshake passed"}},
		.why = "The same without a repeated SYN-ACK: the queue, or a "
		       "box that let the handshake through and nothing else.",
	},
	{
		.name = "expired-with-icmp",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_PROHIBITED,
			IDLE_BEFORE),
		.denies = FACTS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path forgot the connection "
			   "while it was idle, and refuses its packets with "
			   "ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-with-icmp",
			"the silence before it says why packets are refused"}},
		.why = "Linux treats these as soft errors after the handshake "
		       "and goes on retransmitting [measured: b5, b6].",
	},
	{
		.name = "expired-with-icmp-port",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, ICMP_PORT, IDLE_BEFORE),
		.denies = FACTS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path forgot the connection "
			   "while it was idle, and refuses its packets with "
			   "ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-with-icmp-port",
			"the silence before it says why packets are refused"}},
	},
	{
		.name = "banned-by-server",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_FROM_SERVER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall began to refuse the "
			   "established connection (a ban), with ICMP errors.",
		.also = {ALSO_FIREWALL},
		.outranks = {{"rejected-with-icmp",
				     "the error came from the server itself"},
			{"rejected-with-icmp-port",
				"the error came from the server itself"}},
	},
	{
		.name = "rejected-with-icmp",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_PROHIBITED),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refuses the established "
			   "connection with ICMP errors.",
		.outranks = {{"unreachable", "the error names a filter"}},
	},
	{
		.name = "rejected-with-icmp-port",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_PORT),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refuses the established "
			   "connection with ICMP errors.",
		.outranks = {{"unreachable",
			"a router that lost its way does not speak of ports"}},
	},
	{
		.name = "unreachable",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_ERROR),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A router lost its way to the other end in the "
			   "middle of the connection.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX, ROLE_PEER,
				 "the other end is switched off"},
			{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX, "a route is missing"}},
		.outranks = {{"expired-silently",
			"an ICMP error is no silence"}},
	},
	{
		.name = "black-hole",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, SMALLER_PASSED),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Only large packets vanish, and nothing says so: a "
			   "path MTU black hole.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device drops this segment for its content"}},
		.decide = FACTS(REPAIRED_BY_SMALLER),
		.outranks = {{"unanswered-large",
			"smaller packets of the same connection passed"}},
		.why = "Later, smaller data is acknowledged selectively while "
		       "the same large segment is never [measured: d2, d5]. "
		       "Fooled by: a device that drops this one segment for "
		       "its content.",
	},
	{
		.name = "black-hole-peer-alive",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, PEER_STILL_ANSWERS),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "A large packet never arrives while the other end "
			   "still talks: probably a path MTU black hole.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
		.outranks = {{"unanswered-large", "the other end is heard"}},
	},
	{
		.name = "expired-silently-by-timer",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, IDLE_TIMER_ON_PATH),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "Something on the path forgot the connection while "
			   "it was idle, and drops its packets silently; "
			   "others on this path did not survive such a "
			   "silence either.",
		.also = {ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "expired-silently",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, IDLE_BEFORE),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "After a silence nothing was answered any more: "
			   "mostly a NAT or firewall that forgot the "
			   "connection and drops its packets.",
		.also = {ALSO_LOSS, ALSO_BLACK_HOLE},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"unanswered", "the silence before says why"}},
	},
	{
		.name = "first-large-unanswered",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, FIRST_LARGE_PACKET),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The first large packet of this side was never "
			   "answered, the small ones before it all were: "
			   "perhaps a path MTU black hole; no small one was "
			   "sent after it that would tell.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
		.outranks = {{"unanswered-large",
			"smaller ones had passed before"}},
		.why = "SSH hangs so at its key exchange, TLS at its "
		       "certificates.",
	},
	{
		.name = "unanswered-large",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Large packets went unanswered to the end; no "
			   "small one was tried that would tell a dead path "
			   "from a path MTU black hole.",
		.also = {ALSO_BLACK_HOLE, ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
		.outranks = {{"unanswered", "its size may be the reason"}},
	},
	{
		.name = "unanswered",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Every retransmission went unanswered: the other "
			   "end is gone, or the path drops everything.",
		.also = {ALSO_LOSS,
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_PEER,
				"the other end crashed or was "
				"switched off"},
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				ROLE_MIDDLEBOX,
				"a firewall began to drop its packets"}},
		.decide = FACTS(RETRANSMISSIONS_UNANSWERED),
	},
	{
		.name = "probes-unanswered",
		.needs = FACTS(OWN_PROBES_UNANSWERED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_KEEPALIVE_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Keepalive probes went unanswered.",
		.also = {ALSO_SILENT_EXPIRY, ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
};
const unsigned signatures_silence_count =
	sizeof(signatures_silence) / sizeof(signatures_silence[0]);

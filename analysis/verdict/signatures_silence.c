/* Silence and ICMP errors, once the handshake has passed. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_silence[] = {
	{
		.name = "timestamps-missing",
		.needs = FACTS(HANDSHAKE_NOT_HEARD, TIMESTAMPS_MISSING),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The client's packets lack the timestamps that both "
			   "sides agreed on, and the server takes none of "
			   "them.",
		.also = {{MECHANISM_OPTION_REFUSED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a device on the path strips them"},
			{MECHANISM_OPTION_REFUSED, ROLE_NONE, ROLE_CLIENT,
				"the client's stack forgets them"}},
		.decide = FACTS(TIMESTAMPS_MISSING),
		.outranks = {{"handshake-not-heard",
				     "what they lack says why they are not "
				     "heard"},
			{"silent-beside-the-recording",
				"what they lack says why"}},
		.why = "RFC 7323, 3.2: once negotiated, timestamps have to be "
		       "in every segment; stacks may drop what has none.",
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
		.name = "unreachable-unrecorded",
		.needs = FACTS(ICMP_ALONE),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Errors say that one end can't be reached; of the "
			   "connection itself nothing was recorded.",
		.also = {{MECHANISM_INJECTED, ROLE_UNKNOWN, ROLE_UNKNOWN,
			"the errors are forged: their numbers can't be held "
			"against anything"}},
		.decide = FACTS(ICMP_ALONE, RETRANSMISSIONS_UNANSWERED),
		.why = "A capture filter for ICMP, or one direction of an "
		       "asymmetric route, records the errors only.",
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
		.name = "silent-beside-the-recording",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, SILENT_SIDE_HERE),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "What goes unanswered was recorded next to the side "
			   "that does not answer: nothing on the way has lost "
			   "it. Its firewall, its kernel or its program is "
			   "silent.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
			ROLE_LOSS,
			"the last link, between the recording and it"}},
		.decide = FACTS(SILENT_SIDE_HERE),
		.outranks = {{"expired-silently",
				     "no box between has eaten them"},
			{"never-served", "it has arrived"}},
		.why = "TTLs that nobody has decremented, packets that leave "
		       "this machine, answers within microseconds. Fooled by: "
		       "a tunnel or bridge behind the recording.",
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

/* Unanswered packets and ICMP errors after the handshake. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_silence[] = {
	{
		.name = "rebound",
		.needs = FACTS(GOES_ON_UNDER_ANOTHER_NAME),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_CERTAIN,
		.summary = "A NAT's mapping of the connection expired while it "
			   "was idle, and its next packet was mapped to "
			   "another address or port: its numbers are those of "
			   "a connection known under the old one.",
		.why = "A NAT may give up the mapping of an idle connection "
		       "(RFC 5382, 5; the words are those of RFC 4787, 4). "
		       "Sequence and acknowledgment number both: 64 bits do "
		       "not agree by chance. Between them lies a silence, and "
		       "the server and its port are the same.",
	},
	{
		.name = "timestamps-missing",
		.needs = FACTS(SYN_ACK_RETRANSMITTED, TIMESTAMPS_MISSING),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The client's packets lack the timestamps that both "
			   "sides agreed on, and the server acknowledges none "
			   "of them.",
		.also = {{MECHANISM_OPTION_REFUSED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a device on the path strips them"},
			{MECHANISM_OPTION_REFUSED, ROLE_NONE, ROLE_CLIENT,
				"the client's stack omits them"}},
		.decide = FACTS(TIMESTAMPS_MISSING),
		.outranks = {{"syn-ack-retransmitted",
				     "the missing timestamps explain why the "
				     "packets are dropped"},
			{"silent-beside-the-recording",
				"the missing timestamps explain it"}},
		.why = "RFC 7323, 3.2: once negotiated, timestamps have to be "
		       "in every segment; stacks may drop segments without.",
	},
	{
		.name = "never-served",
		.needs = FACTS(SERVER_NEVER_SPOKE, RETRANSMISSIONS_UNANSWERED),
		.denies = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The handshake completed, and nothing after it was "
			   "ever acknowledged.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_SERVER,
				 "the server's accept queue overflowed at the "
				 "handshake's ACK"},
			{MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,
				"a state entry expired in a device on the "
				"path, which drops the connection's packets"},
			ALSO_LOSS},
		.decide = FACTS(SERVER_NEVER_SPOKE),
		.outranks = {{"unanswered",
			"nothing was ever acknowledged, and the handshake "
			"completed"}},
		.why = "The same without a retransmitted SYN-ACK: the accept "
		       "queue, or a device that passed the handshake and "
		       "nothing else.",
	},
	{
		.name = "expired-with-icmp",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_SAYS_PROHIBITED,
			IDLE_LONG_ENOUGH),
		.denies = FACTS(ICMP_FROM_THE_SERVER_ITSELF,
			ICMP_FROM_THE_SENDER_ITSELF),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The connection's state entry expired in a firewall "
			   "on the path while the connection was idle; the "
			   "firewall rejects its packets with ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-with-icmp",
			"the idle time before it explains why packets are "
			"rejected"}},
		.why = "Linux treats these as soft errors after the handshake "
		       "and goes on retransmitting [measured: b5, b6].",
	},
	{
		.name = "expired-with-icmp-port",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED,
			ICMP_SAYS_PORT_UNREACHABLE, IDLE_LONG_ENOUGH),
		.denies = FACTS(ICMP_FROM_THE_SERVER_ITSELF,
			ICMP_FROM_THE_SENDER_ITSELF),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The connection's state entry expired in a firewall "
			   "on the path while the connection was idle; the "
			   "firewall rejects its packets with ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-with-icmp-port",
			"the idle time before it explains why packets are "
			"rejected"}},
	},
	{
		.name = "banned-by-server",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED,
			ICMP_FROM_THE_SERVER_ITSELF,
			ICMP_SAYS_PORT_UNREACHABLE),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall began to reject the "
			   "established connection with ICMP errors (a ban).",
		.also = {ALSO_FIREWALL},
		.outranks = {{"rejected-with-icmp-port",
			"the error came from the server itself"}},
		.why = "Not host unreachable: a gateway that holds the "
		       "server's address says that of the machine behind it.",
	},
	{
		.name = "prohibited-by-server",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED,
			ICMP_FROM_THE_SERVER_ITSELF, ICMP_SAYS_PROHIBITED),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall began to reject the "
			   "established connection with ICMP errors (a ban).",
		.also = {ALSO_FIREWALL},
		.outranks = {{"rejected-with-icmp",
			"the error came from the server itself"}},
		.why = "As banned-by-server.",
	},
	{
		.name = "rejected-by-own-host",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED,
			ICMP_FROM_THE_SENDER_ITSELF,
			ICMP_SAYS_PORT_UNREACHABLE),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The host that sends these packets rejects them "
			   "itself with ICMP errors: its own firewall.",
		.also = {ALSO_FIREWALL},
		.outranks = {{"rejected-with-icmp-port",
			"the error came from the sender's own host"}},
		.why = "Linux' REJECT for outgoing packets answers from the "
		       "host's own address, over the loopback interface.",
	},
	{
		.name = "prohibited-by-own-host",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED,
			ICMP_FROM_THE_SENDER_ITSELF, ICMP_SAYS_PROHIBITED),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The host that sends these packets rejects them "
			   "itself with ICMP errors: its own firewall.",
		.also = {ALSO_FIREWALL},
		.outranks = {{"rejected-with-icmp",
			"the error came from the sender's own host"}},
		.why = "As rejected-by-own-host.",
	},
	{
		.name = "rejected-with-icmp",
		.needs =
			FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_SAYS_PROHIBITED),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejects the established "
			   "connection with ICMP errors.",
		.outranks = {{"unreachable", "the error names a filter"}},
	},
	{
		.name = "rejected-with-icmp-port",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, ICMP_SAYS_PORT_UNREACHABLE),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejects the established "
			   "connection with ICMP errors.",
		.outranks = {{"unreachable",
			"a router that lost its route does not send port "
			"unreachable"}},
	},
	{
		.name = "unreachable",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_ERROR),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A router lost its route to the other endpoint in "
			   "the middle of the connection.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX, ROLE_PEER,
				 "the other endpoint is switched off"},
			{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX, "a route is missing"}},
		.outranks = {{"expired-silently",
			"an ICMP error is a response"}},
	},
	{
		.name = "routing-loop",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, ICMP_SAYS_TIME_EXCEEDED),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "In the middle of the connection the TTL of its "
			   "packets was used up on the way: routers send them "
			   "in a loop.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX, ROLE_PEER,
			"the other endpoint's network is switched off, and "
			"two routers send its packets to each other"}},
		.outranks = {{"unreachable",
			"a router without a route says so"}},
		.why = "As syn-in-a-routing-loop.",
	},
	{
		.name = "unreachable-unrecorded",
		.needs = FACTS(ICMP_ERRORS_ALONE),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "ICMP errors report one end as unreachable; no "
			   "packet of the connection itself was recorded.",
		.also = {{MECHANISM_INJECTED, ROLE_UNKNOWN, ROLE_UNKNOWN,
			"the errors are forged: there are no sequence numbers "
			"to compare theirs with"}},
		.decide = FACTS(ICMP_ERRORS_ALONE, RETRANSMISSIONS_UNANSWERED),
		.why = "A capture filter for ICMP, or one direction of an "
		       "asymmetric route, records the errors only.",
	},
	{
		.name = "black-hole",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, SMALLER_PACKETS_PASSED),
		.denies = FACTS(SAME_SIZE_PASSED_BEFORE),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Only large packets are lost, and no ICMP error "
			   "arrives: a path MTU black hole.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device drops this segment for its content"}},
		.decide = FACTS(REPAIRED_BY_SMALLER_PACKETS),
		.outranks = {{"unanswered-large",
				     "smaller packets of the same connection "
				     "passed"},
			{"expired-silently",
				"smaller packets pass: no device has "
				"forgotten the connection"}},
		.why = "Later, smaller segments are acknowledged by SACK, and "
		       "the same large segment never is [measured: d2, d5]. "
		       "Fooled by: a device that drops this one segment for "
		       "its content.",
	},
	{
		.name = "black-hole-peer-alive",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, PEER_STILL_ANSWERS),
		.denies = FACTS(SAME_SIZE_PASSED_BEFORE),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "A large packet is never acknowledged while the "
			   "peer still sends: probably a path MTU black hole.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PACKETS_PASSED),
		.outranks = {{"unanswered-large", "the peer's packets arrive"}},
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
		.summary = "The connection's state entry expired in a device "
			   "on the path while the connection was idle, and the "
			   "device drops its packets silently; other "
			   "connections on this path did not survive such an "
			   "idle time either.",
		.also = {ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "silent-after-a-pause",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, IDLE_BEFORE),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "After a pause of seconds nothing was acknowledged "
			   "any more: the other endpoint is gone, the path "
			   "drops every packet, or a device on it had already "
			   "forgotten the connection.",
		.also = {ALSO_LOSS, ALSO_SILENT_EXPIRY, ALSO_BLACK_HOLE},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"unanswered", "a state entry may have expired in "
					    "the pause"}},
		.why = "Timers of devices are longer than a few seconds "
		       "(shortest_timer_s).",
	},
	{
		.name = "expired-silently",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, IDLE_LONG_ENOUGH),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "After an idle time nothing was acknowledged any "
			   "more: the usual cause is a NAT or firewall whose "
			   "state entry expired and that drops the "
			   "connection's packets.",
		.also = {ALSO_LOSS, ALSO_BLACK_HOLE},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"silent-after-a-pause",
			"so long an idle time is what timers of devices "
			"need"}},
	},
	{
		.name = "dscp-dropped",
		.needs = FACTS(LOST_SINCE_DSCP_CHANGED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "When the session began, ssh gave its packets "
			   "another DSCP (IPQoS); none of these was "
			   "acknowledged, and all before them were: a device "
			   "on the path drops packets with that DSCP.",
		.also = {ALSO_LOSS},
		.decide = FACTS(LOST_SINCE_DSCP_CHANGED),
		.outranks = {{"unanswered",
			"the DSCP tells those that are dropped from those that "
			"pass"}},
		.why = "ssh_config(5), IPQoS: sessions are marked once they "
		       "begin [public reports of routers and hypervisors that "
		       "drop marked packets]. Fooled by: a path that fails in "
		       "that moment.",
	},
	{
		.name = "expired-beside-others",
		.needs = FACTS(IDLE_LONG_ENOUGH, ANOTHER_CONNECTION_SERVED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "After an idle time nothing was acknowledged any "
			   "more, while the same server answered a new "
			   "connection of the same client: host and path were "
			   "there, and a device between them, or the host's "
			   "firewall, had forgotten the connection.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
			ROLE_PEER,
			"one of several machines behind the address is gone"}},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"expired-silently",
			"neither the path nor the other endpoint is gone"}},
		.why = "A host without the connection would reset it, unless "
		       "its firewall drops the packet first. Fooled by: an "
		       "address with several machines behind it, equally many "
		       "hops away.",
	},
	{
		.name = "another-machine-serves",
		.needs = FACTS(IDLE_LONG_ENOUGH),
		.denies = FACTS(ANOTHER_CONNECTION_SERVED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "After an idle time nothing was acknowledged any "
			   "more, while a machine at another distance answered "
			   "a new connection of the same client to the same "
			   "address: of several machines behind it, the one "
			   "that had the connection is gone.",
		.also = {{MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,
			"a device on the path had forgotten the connection, "
			"and machines or routes have changed"}},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"expired-silently",
			"the path leads to that address, and another machine "
			"than before answers"}},
		.why = "Balancers and routers give new connections to the "
		       "machines that are left; what the others had is lost. "
		       "Fooled by: routes to one machine that differ in "
		       "length.",
	},
	{
		.name = "not-taken",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, RETRANSMISSIONS_NOT_TAKEN),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Each retransmission was answered by an "
			   "acknowledgment that leaves its data out: it "
			   "arrives, and is not acceptable there.",
		.also = {{MECHANISM_OPTION_REFUSED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a device on the path changes timestamps or "
				 "sequence numbers"},
			{MECHANISM_OPTION_REFUSED, ROLE_NONE, ROLE_SENDER,
				"its sender's timestamps went back"},
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_PEER,
				"the other endpoint's stack is at fault"}},
		.decide = FACTS(RETRANSMISSIONS_NOT_TAKEN),
		.outranks = {{"silent-beside-the-recording",
				     "the other endpoint does answer"},
			{"black-hole-peer-alive", "the large packet arrives"},
			{"first-large-unanswered", "the large packet arrives"}},
		.why = "RFC 9293, 3.10.7.4: what lies outside of the window, "
		       "and RFC 7323, 5.3: what is older than the last "
		       "timestamp, is answered by an ACK and dropped.",
	},
	{
		.name = "acknowledgments-unheard",
		.needs = FACTS(ACKNOWLEDGED_DATA_SENT_AGAIN),
		.forbids = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "One side sends the same data again and again, to "
			   "the end, although it was acknowledged: the "
			   "acknowledgments do not reach it, or it drops "
			   "them.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_LOSS,
				 "the acknowledgments are lost behind the "
				 "capture point"},
			{MECHANISM_OPTION_REFUSED, ROLE_NONE, ROLE_MIDDLEBOX,
				"a device changes numbers or options, and "
				"that side's firewall or stack takes the "
				"acknowledgments for invalid"}},
		.decide = FACTS(ACKNOWLEDGED_DATA_SENT_AGAIN),
		.why = "RFC 9293, 3.8.1: what is acknowledged is not sent "
		       "again. Firewalls that number anew and leave SACK "
		       "blocks as they were make acknowledgments invalid "
		       "[public reports].",
	},
	{
		.name = "first-large-unanswered",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, FIRST_LARGE_PACKET),
		.denies = FACTS(SAME_SIZE_PASSED_BEFORE),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The first large packet of this side was never "
			   "acknowledged, all small ones before it were: "
			   "perhaps a path MTU black hole; no small one was "
			   "sent after it to decide.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PACKETS_PASSED),
		.outranks = {{"unanswered-large",
			"smaller ones had passed before"}},
		.why = "SSH then hangs at its key exchange, TLS at its "
		       "certificates.",
	},
	{
		.name = "silent-beside-the-recording",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED,
			SILENT_SIDE_BESIDE_THE_RECORDING),
		.denies = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The unanswered packets were recorded next to the "
			   "side that does not answer: the path did not lose "
			   "them. Its firewall, kernel or program does not "
			   "answer.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
			ROLE_LOSS,
			"the link between the capture point and that side"}},
		.decide = FACTS(SILENT_SIDE_BESIDE_THE_RECORDING),
		.outranks = {{"expired-silently",
				     "no device before the capture point "
				     "dropped them"},
			{"never-served", "the packets arrived"}},
		.why = "TTLs that no router decremented, packets that this "
		       "host sends, responses within microseconds. Fooled by: "
		       "a tunnel or bridge behind the capture point.",
	},
	{
		.name = "unanswered-large",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED),
		.denies = FACTS(SAME_SIZE_PASSED_BEFORE),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Large packets went unacknowledged to the end; no "
			   "small one was sent, which would distinguish a "
			   "failed path from a path MTU black hole.",
		.also = {ALSO_BLACK_HOLE, ALSO_LOSS},
		.decide = FACTS(SMALLER_PACKETS_PASSED),
		.outranks = {{"unanswered", "the packet's size may be the "
					    "reason"}},
	},
	{
		.name = "one-segment-unanswered",
		.needs = FACTS(SIZE_PASSED_BESIDE),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "One segment is lost each time that it is sent, and "
			   "one of its size arrived in another connection.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a device drops this segment for its content"},
			ALSO_BLACK_HOLE},
		.decide = FACTS(REPAIRED_BY_SMALLER_PACKETS),
		.why = "A segment's content, or one of several routes, tells "
		       "it from the others.",
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
		.summary = "Every retransmission went unacknowledged: the "
			   "other endpoint is gone, or the path drops every "
			   "packet.",
		.also = {ALSO_LOSS,
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_PEER,
				"the other endpoint crashed or was switched "
				"off"},
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

/* Resets from the endpoint's own distance, or without a packet to compare
 * with. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_own[] = {
	{
		.name = "answered-by-neighbour-after-close",
		.needs = FACTS(ANSWERED_BY_NEIGHBOUR, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_PROXY_CLOSED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "All packets in the server's name came from the "
			   "next hop: a proxy, or a NAT that terminates "
			   "connections, ended the connection.",
		.also = {ALSO_ABORT, ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(ANSWERED_BY_NEIGHBOUR),
		.why = "VirtualBox's NAT and redirecting proxies do this "
		       "[captures; measured: c10, c11]. Fooled by: a server "
		       "that is one hop away.",
	},
	{
		.name = "fin-unacknowledged",
		.needs = FACTS(SENDER_HAD_CLOSED, OWN_DATA_UNANSWERED,
			RESET_TTL_MATCHES_SENDER, IDLE_BEFORE),
		.forbids = FACTS(SENDER_IS_CLIENT),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint had closed the connection, but its "
			   "FIN was never acknowledged: a device on the path "
			   "dropped it, as devices do whose state entry for "
			   "the connection has expired.",
		.also = {{MECHANISM_LATE_DATA, ROLE_SENDER, ROLE_SENDER,
			"the peer was only slow"}},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"late-data",
			"the FIN was never acknowledged: the path had failed "
			"before the data came"}},
		.why = "Not of a client: the packets of an inner side renew a "
		       "NAT's state entry. "
		       "The FIN was retransmitted and never acknowledged: the "
		       "path had failed in that direction before the peer's "
		       "data came [measured: h4].",
	},
	{
		.name = "late-data",
		.needs = FACTS(SENDER_HAD_CLOSED, DATA_AFTER_CLOSE,
			RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_LATE_DATA,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It had closed the connection; data came after "
			   "that, and its kernel said so.",
		.outranks = {{"right-distance-foreign-counter",
			"after its FIN there is no program left to abort, and "
			"kernels count for themselves"}},
		.why = "Kernel sends it when data comes after close() "
		       "[measured: c4, c17].",
	},
	{
		.name = "answered-by-another",
		.needs = FACTS(DATA_AFTER_CLOSE, SEGMENT_ACKNOWLEDGED_IN_PART),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path answered in the peer's name: "
			   "the endpoint acknowledged a number inside a "
			   "segment of the peer and closed, and its kernel "
			   "reset what the peer had really sent.",
		.also = {{MECHANISM_LATE_DATA, ROLE_SENDER, ROLE_SENDER,
			"the endpoint closed first and took part of the "
			"segment only"}},
		.outranks = {{"late-data",
			"it closed upon an answer that was not the peer's"}},
		.why = "A segment is taken whole, and no longer than the MSS "
		       "it is not cut on the way. What ends inside it was "
		       "another segment, which the peer did not send "
		       "[measured: forged-answer-and-fin]. Fooled by: a "
		       "receiver that takes as much as its buffer holds; "
		       "devices that cut segments anew.",
	},
	{
		.name = "late-data-of-another-initial-ttl",
		.needs = FACTS(DATA_AFTER_CLOSE, RESET_AS_MANY_HOPS_AWAY),
		.mechanism = MECHANISM_LATE_DATA,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint had closed the connection; data came "
			   "after that, and its kernel answered with a reset "
			   "that has another initial TTL than its own stack's.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"stateless-without-baseline",
			"it is as many hops away"}},
		.why = "Front ends with a stack of their own over a kernel "
		       "that answers for closed sockets [captures].",
	},
	{
		.name = "late-data-after-an-unrecorded-fin",
		.needs = FACTS(
			FIN_NOT_RECORDED, RESET_IS_BARE, RESET_ANSWERS_PEER),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_LATE_DATA,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary =
			"The peer had acknowledged one number beyond all "
			"data that was recorded, as it does a FIN; data came "
			"after that, and the kernel answered with a reset.",
		.also = {ALSO_UNKNOWN_CONNECTION, ALSO_EXPIRED},
		.decide = FACTS(SENDER_HAD_CLOSED),
		.outranks = {{"unknown-after-silence",
				     "its FIN explains why its kernel has no "
				     "such connection"},
			{"within-its-round-trip",
				"after its FIN there is no program left to "
				"abort"}},
		.why = "RFC 9293, 3.4: a FIN takes one number. Fooled by: a "
		       "single byte of data that was not recorded.",
	},
	{
		.name = "keepalive-ran-out",
		.needs = FACTS(RESET_SEQUENCE_EXACT, OWN_PROBES_UNANSWERED),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_KEEPALIVE_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint's keepalive probes went unanswered, "
			   "and it reset the connection. The packets do not "
			   "show why they went unanswered.",
		.also = {{MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,
				 "a state entry expired in a device on the "
				 "path, which drops the connection's packets"},
			ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"ended-after-silence",
			"it is its own reset, and the unanswered probes say "
			"why"}},
		.why = "Whatever form its stack gives such a reset: BSD and "
		       "macOS leave the timestamp out.",
	},
	{
		.name = "abort-of-the-silent",
		.needs = FACTS(NOTHING_WAS_SAID, PEER_LONG_QUIET),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It ended a connection on which nobody had spoken "
			   "for seconds: a time-out for those who say nothing.",
		.also = {ALSO_INJECTED},
		.outranks = {{"ended-after-silence",
			"nobody had spoken at all"}},
		.why = "Servers end what does not begin to speak (handshake, "
		       "login and header time-outs), many with a reset.",
	},
	{
		.name = "abort-after-silence",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_IP_ID_CONTINUES,
			SENDER_TTL_STEADY, RESET_BREAKS_THE_SILENCE,
			IDLE_LONG_ENOUGH),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary =
			"The endpoint itself ended the connection after a "
			"silence, with a reset: a timeout of its own, or its "
			"program was killed.",
		.also = {{MECHANISM_PROXY_CLOSED, ROLE_MIDDLEBOX,
				 ROLE_MIDDLEBOX,
				 "a load balancer or proxy that speaks for the "
				 "endpoint "
				 "ended what was idle"},
			ALSO_WAITED},
		.outranks = {{"abort-in-every-detail",
			"there was nothing to leave unread"}},
		.why = "As abort-in-every-detail; rows about another distance "
		       "outrank this one. Load balancers and proxies that "
		       "speak for a server reset what was idle for long; all "
		       "packets are theirs then, and fit.",
	},
	{
		.name = "ended-after-silence",
		.needs = FACTS(RESET_SEQUENCE_EXACT, RESET_TTL_MATCHES_SENDER,
			RESET_BREAKS_THE_SILENCE, IDLE_LONG_ENOUGH),
		.denies = FACTS(SENDER_IS_CLIENT),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server ended the connection after a silence, "
			   "with a reset: a timeout of its own, or of a device "
			   "that speaks for it.",
		.also = {{MECHANISM_PROXY_CLOSED, ROLE_MIDDLEBOX,
				 ROLE_MIDDLEBOX,
				 "a load balancer or proxy that speaks for the "
				 "endpoint ended what was idle"},
			{MECHANISM_STATE_EXPIRED, ROLE_MIDDLEBOX, ROLE_NAT,
				"a firewall at the endpoint's distance, or "
				"with its TTL, deleted its state entry"},
			ALSO_WAITED},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"abort-after-silence",
			"who speaks for a server may end what is idle"}},
		.why = "Load balancers and proxies that speak for a server "
		       "reset what was idle for long; all packets are theirs "
		       "then, and fit. Firewalls that delete a state entry "
		       "reset both ends in each other's name.",
	},
	{
		.name = "abort-in-every-detail",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_IP_ID_CONTINUES,
			RESET_TTL_MATCHES_SENDER, SENDER_TTL_STEADY),
		.forbids = FACTS(RESET_FASTER_THAN_PATH),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_CERTAIN,
		.summary = "The endpoint aborted the connection itself: its "
			   "program crashed, was killed, or closed it with "
			   "data unread.",
		.outranks = {{"right-distance-other-df",
			"every other detail fits"}},
		.why = "A reset sent for a socket carries the connection's own "
		       "sequence numbers, timestamps and IP ID [measured: c2, "
		       "c3, c5, c12]. Only a device that tracks all of them "
		       "could forge it.",
	},
	{
		.name = "abort",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection itself: its "
			   "program crashed, was killed, or closed it with "
			   "data unread.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"abort-of-another-stack",
			"Linux and most others abort in this form"}},
	},
	{
		.name = "expired-by-timer",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			IDLE_TIMER_ON_PATH, RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint's kernel sent the reset because it "
			   "had no such connection: a device on the path "
			   "dropped the connection's state first, after an "
			   "idle time that other connections on this path did "
			   "not survive either.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"unknown-after-silence", "other connections "
						       "failed after such an "
						       "idle time too"},
			{"within-its-round-trip", "other connections failed "
						  "after such an idle time "
						  "too"}},
	},
	{
		.name = "restarted",
		.needs = FACTS(REFUSED_SOON_AFTER),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "Its kernel knew no such connection, and its port "
			   "refused new ones just then: it was restarted.",
		.also = {{MECHANISM_FIREWALL_REJECT, ROLE_SENDER, ROLE_SENDER,
				 "its firewall rejects this client from then "
				 "on, with resets"},
			ALSO_EXPIRED},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"expired-by-timer", "the port was shut as well"}},
		.why = "A service that has just been started, or a host: no "
		       "NAT shuts the port. Fooled by: a firewall that is "
		       "loaded anew, or that bans the client.",
	},
	{
		.name = "pool-died-together",
		.needs = FACTS(DIED_TOGETHER),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint's kernel had no such connection, nor "
			   "the others that were used at that moment, however "
			   "long each had been idle: it was restarted.",
		.also = {{MECHANISM_STATE_EXPIRED, ROLE_SENDER, ROLE_NAT,
				 "a NAT, firewall or load balancer lost its "
				 "table, or forgot each of them in its time"},
			ALSO_BALANCER},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"unknown-after-silence",
			"no timer ends silences of different lengths at one "
			"moment"}},
		.why = "As restarted, where nobody tried the port while it was "
		       "shut. Fooled by: connections that had all been idle "
		       "for longer than a timer, and were used at once.",
	},
	{
		.name = "unknown-after-silence",
		.needs = FACTS(RESET_IS_BARE, RESET_ANSWERS_PEER,
			IDLE_LONG_ENOUGH, RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint's kernel sent the reset because it "
			   "had no such connection. After an idle time the "
			   "usual cause is a NAT, firewall or load balancer "
			   "whose state entry expired first.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"unknown-connection",
			"the idle time before it explains why the connection "
			"is unknown"}},
		.why = "A NAT remap, a load balancer, a server's idle close "
		       "with a lost FIN, and a restart look the same from here "
		       "[measured: a2, a4, h4, c9, i1]. Load balancers fill in "
		       "a window [captures].",
	},
	{
		.name = "unknown-connection",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint's kernel had no such connection: the "
			   "host was restarted, or a load balancer sent the "
			   "packet to another host.",
		.also = {ALSO_BALANCER, ALSO_EXPIRED, ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
	},
	{
		.name = "bare-abort",
		.needs = FACTS(RESET_IS_STATELESS, RESET_IP_ID_CONTINUES,
			RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint aborted the connection, in the form "
			   "of old stacks: its IP ID continues, so it was not "
			   "restarted, and it is no other host.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"unknown-connection",
				     "the same kernel sent the connection's "
				     "earlier packets"},
			{"abort-of-another-stack", "no socket sent it, and no "
						   "close was recorded"}},
		.why = "RFC 793 let an abort be a bare RST; old Windows and "
		       "small devices send it [captures].",
	},
	{
		.name = "right-distance-foreign-counter",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER, RESET_IP_ID_FOREIGN),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset from the endpoint's distance with its "
			   "numbers; but its IP ID does not continue the "
			   "endpoint's, which rose from packet to packet.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device adjacent to the endpoint, or one that "
			"copies its TTL"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"right-distance-other-df",
			"a socket would have gone on counting"}},
		.why = "Inline devices leave the distance right [captures]. "
		       "Fooled by: stacks with another counter for resets.",
	},
	{
		.name = "right-distance-other-df",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER, RESET_HAS_OTHER_DF),
		.denies = FACTS(RESET_IS_BARE),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset from the endpoint's distance with its "
			   "numbers; but all its other packets differ from it "
			   "in DF.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device in line, or one that copies the endpoint's "
			"TTL"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"within-its-round-trip",
			"a socket sends its resets as it sends its data"}},
		.why = "Inline devices leave the distance right and forget DF "
		       "[captures; lab: ips-inline]. Fooled by: stacks that "
		       "send resets without path MTU discovery.",
	},
	{
		.name = "abort-of-another-stack",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER, RESET_SEQUENCE_EXACT),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection; its stack's "
			   "reset has another form than Linux's.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"inexact-at-the-right-distance",
			"its sequence numbers fit"}},
	},
	{
		.name = "copying-at-the-right-distance",
		.needs = FACTS(
			RESET_COPIES_PEER_HEADER, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset copies fields of the packet that it "
			   "answers; endpoints don't.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"answers-a-reset",
			"endpoints do not copy fields of the packet they "
			"answer"}},
	},
	{
		.name = "inexact-at-the-right-distance",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset from the endpoint's distance, with "
			   "sequence numbers that do not fit exactly.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
	},
	{
		.name = "stateless-without-baseline",
		.needs = FACTS(RESET_IS_STATELESS),
		.forbids = FACTS(RESET_TTL_MATCHES_SENDER, RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset in the form that kernels send for an "
			   "unknown connection; no other packet of its sender "
			   "was captured to compare it with.",
		.also = {ALSO_BALANCER, ALSO_EXPIRED, ALSO_INJECTED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"without-baseline", "its form is stronger "
						  "evidence"}},
	},
	{
		.name = "stateless-to-a-repeat",
		.needs = FACTS(RESET_IS_STATELESS, ONLY_A_REPEAT_WAS_ANSWERED),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Nothing of this side was captured but a reset in "
			   "the form that kernels send for an unknown "
			   "connection, and that answers data sent again: "
			   "whose it is can't be told.",
		.also = {ALSO_INJECTED, ALSO_UNKNOWN_CONNECTION, ALSO_EXPIRED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"stateless-without-baseline",
			"a host that is there answers the first copy"}},
		.why = "A kernel without the connection answers each segment "
		       "(RFC 9293, 3.10.7.1): that the first got no answer "
		       "means loss, or a device that acts at times.",
	},
	{
		.name = "without-baseline",
		.needs = FACTS(RESET_SEEN),
		.forbids = FACTS(RESET_TTL_MATCHES_SENDER, RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset that can't be attributed: too few packets "
			   "of its sender were captured, or the comparison "
			   "with them is inconclusive.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "unrecorded-before",
		.needs = FACTS(PACKETS_BEFORE_NOT_RECORDED),
		.forbids =
			FACTS(RESET_TTL_FAR_OFF, SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint's host reset the connection; what "
			   "came before that was not recorded, and so the "
			   "reason is not known.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
				 "its program crashed, was killed, or closed "
				 "the connection so"},
			ALSO_UNKNOWN_CONNECTION, ALSO_EXPIRED},
		.decide = FACTS(PACKETS_BEFORE_NOT_RECORDED),
		.outranks = {{"inexact-at-the-right-distance",
				     "its numbers may be those of packets that "
				     "were not recorded"},
			{"stateless-without-baseline",
				"what it answers was not recorded"}},
		.why = "Filters for SYN, FIN and RST, and recordings of one "
		       "direction, leave out idle times, retransmissions and "
		       "what a reset answers.",
	},
	{
		.name = "unrecorded-before-far",
		.needs = FACTS(PACKETS_BEFORE_NOT_RECORDED, RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Another device than the endpoint reset the "
			   "connection; what came before that was not "
			   "recorded, and so the reason is not known.",
		.also = {{MECHANISM_STATE_EXPIRED, ROLE_MIDDLEBOX, ROLE_NAT,
				 "the connection's state entry had expired in "
				 "that device"},
			ALSO_FIREWALL},
		.decide = FACTS(PACKETS_BEFORE_NOT_RECORDED),
		.outranks = {{"injected-far",
			"a state entry may have expired before"}},
		.why = "As unrecorded-before.",
	},
};
const unsigned signatures_own_count =
	sizeof(signatures_own) / sizeof(signatures_own[0]);

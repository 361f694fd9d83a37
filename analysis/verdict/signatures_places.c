/* What two capture points of one connection prove. That no answer left the peer
 * is known only of what arrived there (facts_places.c). */
#include "analysis/verdict/signatures.h"

#define ALSO_DROPPED                                                           \
	{                                                                      \
		MECHANISM_FIREWALL_REJECT, ROLE_NONE, ROLE_MIDDLEBOX,          \
			"a firewall between both capture points drops its "    \
			"packets"                                              \
	}

const struct signature signatures_places_reset[] = {
	{
		.name = "never-left-its-sender",
		.needs = FACTS(WHAT_IT_ANSWERS_ARRIVED),
		.denies = FACTS(RESET_LEFT_ITS_SENDER),
		.forbids = FACTS(RESET_BY_OTHER_INTERFACE),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: the end "
			   "that it names did not send it, as the capture "
			   "there shows.",
		.outranks_others =
			"whatever it looks like, its sender did not send it",
		.why = "What a host sends passes its own interface. The other "
		       "capture is of that host (its packets have their "
		       "initial TTL), shows the connection before and after "
		       "without a gap, and what the reset answers did arrive. "
		       "Fooled by: a capture there that leaves resets out; "
		       "two hosts with one address, of which another was sent "
		       "the same packets [measured: tap-*].",
	},
	{
		.name = "never-left-after-silence",
		.needs = FACTS(WHAT_IT_ANSWERS_ARRIVED, IDLE_LONG_ENOUGH),
		.denies = FACTS(RESET_LEFT_ITS_SENDER),
		.forbids = FACTS(RESET_BY_OTHER_INTERFACE),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "After a silence a device on the path reset the "
			   "connection, as the capture at the end that the "
			   "reset names shows: a NAT, firewall or load "
			   "balancer whose idle timer ran out.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"never-left-its-sender",
			"the silence before says why"}},
		.outranks_others =
			"whatever it looks like, its sender did not send it",
		.why = "As Azure's load balancer does to both ends "
		       "[measured: wire-expires-reset-both].",
	},
	{
		.name = "mapping-changed",
		.needs = FACTS(MAPPING_CHANGED),
		.mechanism = MECHANISM_NAT_MISMATCH,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A NAT on the path gave a packet of the connection "
			   "another address or port than those before: where "
			   "that arrived, no such connection was known.",
		.also = {{MECHANISM_UNKNOWN_CONNECTION, ROLE_SENDER,
			ROLE_MIDDLEBOX,
			"the connection was moved to another way out, with "
			"another NAT"}},
		.outranks_others =
			"the packet that it answers was another connection's",
		.why = "Sequence and acknowledgment number of the packet that "
		       "arrived under another name are those of this "
		       "connection's next one: 64 bits that agree. No silence "
		       "came before: its table was lost, or was full "
		       "[measured: nat-loses-its-table].",
	},
	{
		.name = "mapping-expired",
		.needs = FACTS(MAPPING_CHANGED, IDLE_BEFORE),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A NAT on the path forgot the connection while it "
			   "was idle and gave its next packet another address "
			   "or port: where that arrived, no such connection "
			   "was known.",
		.also = {{MECHANISM_UNKNOWN_CONNECTION, ROLE_SENDER,
			ROLE_MIDDLEBOX,
			"the connection was moved to another way out, with "
			"another NAT"}},
		.outranks = {{"mapping-changed",
			"the silence before says why"}},
		.outranks_others =
			"the packet that it answers was another connection's",
		.why = "As mapping-changed [measured: nat-random-port].",
	},
	{
		.name = "translated-otherwise",
		.needs = FACTS(TRANSLATED_OTHERWISE, RESET_ANSWERS_PEER),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_NAT_MISMATCH,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A NAT or balancer did not translate a packet as it "
			   "does the others of the connection: where that "
			   "arrived, no connection of that name was known.",
		.also = {{MECHANISM_UNKNOWN_CONNECTION, ROLE_SENDER, ROLE_PEER,
			"the peer itself sent the packet from another "
			"address or port"}},
		.outranks_others =
			"the packet that it answers was another connection's",
		.why = "Connection tracking that takes a packet for invalid "
		       "(numbers out of its window) lets it pass without "
		       "translation [public reports of kube-proxy and "
		       "Docker].",
	},
	{
		.name = "translated-otherwise-before",
		.needs = FACTS(
			PACKET_TRANSLATED_OTHERWISE_BEFORE, RESET_IS_STATELESS),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_NAT_MISMATCH,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "A NAT or balancer had not translated a packet of "
			   "the connection as it does the others; what that "
			   "was answered with has ended the connection for one "
			   "end, which resets the next packet of the other.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.outranks_others =
			"another packet of the connection went astray before",
		.why = "Whoever receives a packet of no connection resets it, "
		       "and its sender takes that reset for the "
		       "connection's [public reports of kube-proxy].",
	},
	{
		.name = "window-scale-changed-then-reset",
		.needs = FACTS(WINDOW_MISREAD, WINDOW_SCALE_CHANGED),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device between both capture points changes the "
			   "window scale of a SYN: the other end sends as if "
			   "the window had no scale. Then the "
			   "connection was reset.",
		.outranks = {{"window-misread-then-reset",
			"both SYNs show who is to blame"}},
		.why = "As window-scale-changed.",
	},
};
const unsigned signatures_places_reset_count =
	sizeof(signatures_places_reset) / sizeof(signatures_places_reset[0]);

const struct signature signatures_places_silence[] = {
	{
		.name = "arrived-unanswered",
		.needs =
			FACTS(RETRANSMISSIONS_UNANSWERED, RECORDED_AT_THE_PEER),
		.denies = FACTS(ANSWER_LEFT_PEER),
		.forbids = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_PEER,
		.grade = GRADE_LIKELY,
		.summary = "The segments arrive at the other end, and nothing "
			   "there answers them.",
		.outranks_others = "the path is not to blame for what arrives",
		.why = "A capture sees packets before the host's own firewall "
		       "and its sockets do [measured: "
		       "accept-queue-overflows]. Fooled by: a bridge or a "
		       "firewall without a hop between a capture and its "
		       "host.",
	},
	{
		.name = "answers-lost",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ANSWER_LEFT_PEER),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_LOSS,
		.grade = GRADE_LIKELY,
		.summary = "The other end acknowledges the segments, and its "
			   "answers are lost on the way back.",
		.also = {ALSO_DROPPED},
		.outranks_others = "the answers were sent",
		.why = "They are recorded there and not here [measured: "
		       "answers-lost].",
	},
	{
		.name = "lost-between",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED),
		.denies = FACTS(SEGMENT_ARRIVED_AT_PEER),
		.forbids = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_LOSS,
		.grade = GRADE_LIKELY,
		.summary = "The segments leave here and never arrive at the "
			   "other end: they are lost between both capture "
			   "points.",
		.also = {ALSO_DROPPED},
		.outranks = {{"never-served",
			"what does not arrive can't be served"}},
		.why = "They are recorded here and not there [measured: "
		       "all-lost-small].",
	},
	{
		.name = "expired-between",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, IDLE_LONG_ENOUGH),
		.denies = FACTS(SEGMENT_ARRIVED_AT_PEER),
		.forbids = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "After a silence the segments leave here and never "
			   "arrive at the other end: a NAT or firewall between "
			   "both capture points forgot the connection.",
		.also = {ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"lost-between", "the silence before says why"},
			{"expired-silently",
				"it is known that they did not arrive"}},
		.why = "The end itself is excluded [measured: "
		       "state-expired-drop].",
	},
	{
		.name = "large-lost-between",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, SMALLER_PACKETS_PASSED),
		.denies =
			FACTS(SEGMENT_ARRIVED_AT_PEER, SAME_SIZE_PASSED_BEFORE),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Only large packets are lost between both capture "
			   "points, and nothing says so: a path MTU black "
			   "hole.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device drops this segment for its content"}},
		.outranks_others = "small ones of the same time arrive",
		.why = "The large segment is recorded here and not there, what "
		       "was sent behind it is recorded at both [measured: "
		       "hole-forward-*].",
	},
	{
		.name = "syn-arrived-unanswered",
		.needs = FACTS(SYN_UNANSWERED, RECORDED_AT_THE_PEER),
		.denies = FACTS(ANSWER_LEFT_PEER),
		.forbids = FACTS(ICMP_ERROR),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The SYN arrives at the server, and nothing there "
			   "answers it: its firewall drops it, or its queue "
			   "is full.",
		.outranks_others = "the path is not to blame for what arrives",
		.why = "A capture sees packets before the host's own firewall "
		       "and its sockets do [measured: accept-queue-full, "
		       "ssh-ban-drop-new]. Fooled by: a bridge or a firewall "
		       "without a hop between a capture and its host.",
	},
	{
		.name = "syn-ack-lost",
		.needs = FACTS(SYN_UNANSWERED, ANSWER_LEFT_PEER),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_LOSS,
		.grade = GRADE_LIKELY,
		.summary = "The server answers the SYN, and its answer never "
			   "arrives here: it is lost on the way back.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a firewall between both capture points drops it"}},
		.outranks_others = "the answer was sent",
		.why = "It is recorded there and not here [measured: "
		       "syn-ack-dropped-r1].",
	},
	{
		.name = "window-scale-changed",
		.needs = FACTS(WINDOW_MISREAD, WINDOW_SCALE_CHANGED),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device between both capture points changes the "
			   "window scale of a SYN: the other end sends as if "
			   "the window had no scale.",
		.outranks = {{"window-misread",
			"both SYNs show who is to blame"}},
		.why = "The SYN is recorded at both points, with another "
		       "scale: RFC 7323, 2.2, the option belongs to the two "
		       "ends [measured: window-scale-zeroed]. Fooled by: a "
		       "proxy that keeps the initial numbers",
	},
};
const unsigned signatures_places_silence_count =
	sizeof(signatures_places_silence) /
	sizeof(signatures_places_silence[0]);

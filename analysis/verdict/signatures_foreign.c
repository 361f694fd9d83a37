/* Packets that another device sent in an endpoint's name: from another
 * distance, by the capturing machine, or while the alleged sender keeps
 * sending. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_foreign[] = {
	{
		.name = "reset-twice-alone",
		.needs = FACTS(RESETS_FROM_TWO_PLACES),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Two resets with the same numbers came from two "
			   "distances, and no other packet of the connection "
			   "was recorded: a device on the path sent at least "
			   "one of them.",
		.also = {ALSO_ABORT},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "expired-box-answers-outlived",
		.needs = FACTS(SENDER_CONTINUED_AFTER_RESET, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER, IDLE_LONG_ENOUGH),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The connection's state entry expired in a device "
			   "on the path while the connection was idle, and the "
			   "device answered the next packet with a reset; the "
			   "other endpoint did not receive the reset and keeps "
			   "sending.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-and-outlived",
				     "the idle time before it explains why the "
				     "packet was rejected"},
			{"expired-box-answers-long-silence",
				"the same, and the other endpoint kept "
				"sending"}},
		.why = "A device that answers one side's packet does not "
		       "inform the other side, which keeps sending [measured: "
		       "a7, c8].",
	},
	{
		.name = "rejected-and-outlived",
		.needs = FACTS(SENDER_CONTINUED_AFTER_RESET, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "connection with a reset in the endpoint's name; "
			   "the endpoint did not receive the reset and keeps "
			   "sending.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that inspects content (DPI)"}},
		.outranks = {{"forged-and-outlived",
			"a reset in nf_reject's form, in answer to a packet, "
			"comes from a packet filter"}},
	},
	{
		.name = "forged-and-outlived",
		.needs = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: the reset "
			   "came from another distance, and the alleged sender "
			   "keeps sending.",
		.outranks = {{"outlived-by-its-sender",
				     "its distance says so too"},
			{"injected-too-fast", "who went on was not reset, "
					      "whatever else shows it"},
			{"near-but-its-own-socket",
				"who went on has not aborted"},
			{"refused-from-elsewhere",
				"the server kept sending: it did not refuse"}},
		.why = "A socket that has sent a reset sends nothing more (RFC "
		       "9293, 3.10.7), so an endpoint that keeps sending did "
		       "not send the reset. Fooled by: reordering, hence newer "
		       "sequence numbers are required.",
	},
	{
		.name = "forged-blindly",
		.needs = FACTS(
			SENDER_CONTINUED_AFTER_RESET, RESET_NUMBER_OF_NOBODY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(RESET_COPIES_PEER_HEADER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "Somebody who knew the addresses and ports, and not "
			   "the numbers, forged the reset, on the path or "
			   "anywhere else: it came from another distance, and "
			   "the alleged sender keeps sending.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device on the path that does not know the "
			"connection's numbers"}},
		.decide = FACTS(RESET_NUMBER_OF_NOBODY),
		.outranks = {{"forged-and-outlived",
			"its number is none that a device on the path would "
			"have read"}},
		.why = "RFC 5961, 1: who sees nothing of a connection guesses "
		       "its numbers; a receiver drops what lies outside of its "
		       "window. One number of twenty is near the right ones by "
		       "chance. Fooled by: devices that number their resets "
		       "badly.",
	},
	{
		.name = "outlived-by-its-sender",
		.needs = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Another device sent the reset: the alleged sender "
			   "keeps sending.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"the packets after it are late copies of older "
			"ones"}},
		.outranks = {{"answers-a-reset", "another device sent it"},
			{"sooner-than-its-answers",
				"who went on was not reset, whatever else "
				"shows it"}},
	},
	{
		.name = "acknowledged-what-never-arrived",
		.needs = FACTS(ACKNOWLEDGES_WHAT_NEVER_ARRIVED),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: the reset "
			   "acknowledges a packet that never reached the "
			   "endpoint, and came from another distance.",
		.why = "A router reported the packet as expired (time "
		       "exceeded); no host behind that router can have "
		       "acknowledged it.",
	},
	{
		.name = "made-here-after-silence",
		.needs = FACTS(RESET_MADE_AT_CAPTURE_POINT, IDLE_LONG_ENOUGH),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The capturing machine sent the reset itself, after "
			   "an idle time: its state entry for the connection "
			   "had expired.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"made-here", "the idle time before it explains "
					   "why the packet was rejected"}},
		.why = "Captured on the device itself: the reset was only ever "
		       "outbound [measured].",
	},
	{
		.name = "made-here",
		.needs = FACTS(RESET_MADE_AT_CAPTURE_POINT),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "The capturing machine sent the reset itself, in "
			   "the endpoint's name.",
		.outranks = {{"answers-a-reset",
			"the endpoint did not send it"}},
	},
	{
		.name = "own-firewall",
		.needs = FACTS(RESET_BY_OTHER_INTERFACE, RESET_IS_STATELESS),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_PEER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came by another interface than the rest "
			   "of the connection: a REJECT rule on the capturing "
			   "machine.",
		.also = {ALSO_FIREWALL},
		.outranks = {{"near-with-another-counter",
			"a reset that came by another interface has another "
			"TTL for that reason"}},
		.why = "A REJECT rule for outgoing packets answers over the "
		       "loopback interface [measured: h3].",
	},
	{
		.name = "injected-copying",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_COPIES_PEER_HEADER,
			SENDER_TTL_STEADY),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: the reset "
			   "came from another distance and copies fields of "
			   "the packet that it answers.",
		.why = "A device that copies the other side's IP ID and window "
		       "into a packet has seen the other side's packet, so it "
		       "is on the path [captures of several injectors].",
	},
	{
		.name = "injected-copying-short",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_COPIES_PEER_HEADER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: the reset "
			   "came from another distance and copies fields of "
			   "the packet that it answers.",
	},
	{
		.name = "injected-too-fast",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_FASTER_THAN_PATH),
		.forbids = FACTS(IDLE_BEFORE),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: the reset "
			   "came from another distance, and sooner than the "
			   "endpoint could have answered.",
		.outranks = {{"injected-foreign-counter",
			"arriving too soon is stronger evidence than a field "
			"value"}},
		.why = "Not after a silence: a line that took over meanwhile "
		       "has another distance and another delay.",
	},
	{
		.name = "expired-box-answers-long-silence",
		.needs = FACTS(IDLE_LONG_ENOUGH, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(ANOTHER_ROUTE_FITS, RESET_ONE_HOP_NEARER),
		.keeps = FACTS(SENDER_TTL_STEADY),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The connection's state entry expired in a device "
			   "on the path while the connection was idle, and the "
			   "device answered the next packet with a reset.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"expired-box-answers",
			"so long an idle time is what timers of devices "
			"need"}},
		.why = "A NAT or firewall that answers for a connection "
		       "without a state entry [measured: a7, c7 after expiry; "
		       "capture of a home gateway].",
	},
	{
		.name = "expired-box-answers-by-timer",
		.needs = FACTS(IDLE_TIMER_ON_PATH, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The connection's state entry expired in a device "
			   "on the path after an idle time that other "
			   "connections on this path did not survive either, "
			   "and the device answered the next packet with a "
			   "reset.",
		.also = {ALSO_FIREWALL},
	},
	{
		.name = "expired-box-answers",
		.needs = FACTS(
			IDLE_BEFORE, RESET_IS_STATELESS, RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SYN_ACK_RETRANSMITTED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "After an idle time a reset came from another "
			   "distance than the endpoint's packets: from a "
			   "device on the path whose state entry had expired, "
			   "or from a host that answers for the endpoint.",
		.also = {ALSO_UNKNOWN_CONNECTION, ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-far", "the idle time before it "
					      "explains why the packet was "
					      "rejected"}},
		.why = "A second of silence is no timer of devices: a node "
		       "that answers for a container that is gone, or for an "
		       "address that has moved, stands as near to the "
		       "endpoint [captures]. Not where the server only "
		       "repeated its SYN-ACK: there was no connection yet.",
	},
	{
		.name = "box-after-close",
		.needs = FACTS(
			RESET_TTL_FAR_OFF, IDLE_LONG_ENOUGH, PEER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path removed its state entry after "
			   "an idle time, and sent a reset in the endpoint's "
			   "name.",
		.also = {ALSO_FIREWALL},
		.outranks = {{"expired-box-ends-in-another-form",
			"a FIN before it says more"}},
	},
	{
		.name = "expired-box-remembers-handshake",
		.needs = FACTS(RESET_NUMBER_OF_HANDSHAKE,
			RESET_BREAKS_THE_SILENCE, IDLE_LONG_ENOUGH),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "After a silence a device ended the connection with "
			   "the first number of the side that it speaks for, "
			   "which had sent data since: it remembers the "
			   "handshake, and its timer ran out.",
		.outranks = {{"injected-far", "the silence is the reason"}},
		.why = "RFC 9293, 3.10.7.4: receivers drop such a number. "
		       "Firewalls that keep what the SYN-ACK told reset both "
		       "ends so when their timer runs out [public reports of "
		       "FortiGate].",
	},
	{
		.name = "injected-foreign-counter",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_IP_ID_FOREIGN,
			SENDER_TTL_STEADY),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: neither its "
			   "distance nor its IP ID is the endpoint's.",
		.outranks = {{"rejected-far",
			"the endpoint's IP ID counter is known, and the "
			"reset's IP ID does not fit it"}},
		.why = "Not an identification that a counter of the whole host "
		       "can have reached since: routes change in silences, "
		       "and such a host counts on.",
	},
	{
		.name = "rejected-far",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that inspects content (DPI)"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"injected-far",
				     "the reset's form shows that the device "
				     "is a packet filter"},
			{"near-with-another-counter",
				"a larger TTL difference is stronger "
				"evidence"}},
		.why = "nf_reject's form: RST, seq = the acknowledgment number "
		       "of the packet it answers, window 0 [measured: c7, c8, "
		       "b3, b4]; other stateful devices also send this to "
		       "packets without a state entry.",
	},
	{
		.name = "answered-from-farther-away",
		.needs = FACTS(RESET_FROM_FARTHER_AWAY, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.forbids = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "A packet of the established connection was "
			   "answered with a reset from farther away than the "
			   "endpoint: by another machine with its address, to "
			   "which the route has changed, or by a firewall "
			   "there.",
		.also = {{MECHANISM_FIREWALL_REJECT, ROLE_MIDDLEBOX,
				 ROLE_MIDDLEBOX,
				 "a firewall on the path, whose packets take "
				 "a longer way or begin with another TTL"},
			ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"expired-box-answers-long-silence",
			"a device on the path is nearer than the endpoint"}},
		.why = "RFC 4786, 4.4.1: where several machines have an "
		       "address (anycast), a change of routes brings packets "
		       "to one that knows no such connection. Fooled by: "
		       "devices with a small initial TTL.",
	},
	{
		.name = "expired-box-ends-in-another-form",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_SEQUENCE_EXACT,
			RESET_BREAKS_THE_SILENCE, IDLE_LONG_ENOUGH),
		.forbids = FACTS(SSH_AT_GRACE_TIME),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path reset the connection after "
			   "an idle time, unprompted by a packet.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"injected-far",
			"the silence before it says why"}},
		.why = "As expired-box-ends, whatever its form, but not when "
		       "the server's own "
		       "timer is just up; load balancers fill in an "
		       "acknowledgment (RST,ACK), and leave out the "
		       "connection's timestamps [vendor documentation of "
		       "Azure].",
	},
	{
		.name = "ended-from-farther-away",
		.needs = FACTS(RESET_FROM_FARTHER_AWAY,
			RESET_BREAKS_THE_SILENCE, IDLE_LONG_ENOUGH),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset that broke a silence came from farther "
			   "away than all packets of the endpoint: the route "
			   "has become longer, or a proxy had answered for it.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(RESET_FROM_FARTHER_AWAY),
		.why = "What has passed more routers than all packets of a "
		       "side came from no device before it. Fooled by: "
		       "devices with a small initial TTL.",
	},
	{
		.name = "far-with-its-counter",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_SEQUENCE_EXACT,
			RESET_IP_ID_CONTINUES),
		.forbids = FACTS(RESET_HAS_OTHER_DF),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from another distance than the "
			   "endpoint's packets, and goes on with its sequence "
			   "numbers and IP ID: a device on the path forged it "
			   "well, or the route changed and the endpoint "
			   "aborted.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"the endpoint itself aborted, just after its route "
			"had changed"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"injected-far",
				     "the IP ID is the endpoint's next one"},
			{"near-but-its-own-socket",
				"so many hops are no slight change of the "
				"route"}},
		.why = "Devices seldom know the counter of IP IDs; routes "
		       "change seldom. Fooled by: a device that counts on.",
	},
	{
		.name = "far-after-silence",
		.needs = FACTS(
			RESET_TTL_FAR_OFF, RESET_FROM_SOCKET, IDLE_LONG_ENOUGH),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "After a silence a reset came from another distance "
			   "than the endpoint's packets before it, with its "
			   "numbers: a device on the path forged it, or the "
			   "route changed meanwhile and the endpoint aborted.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"the endpoint itself aborted, and its route had "
			"changed in the silence"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"injected-far",
			"a route has time to change in a silence"}},
		.why = "The distance of a side is that of its packets before "
		       "the silence. Where timestamps are in use, the reset "
		       "has one.",
	},
	{
		.name = "injected-far",
		.needs = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance than the endpoint's "
			   "packets.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"bare-and-knowing",
			"a large TTL difference needs no further evidence"}},
	},
};
const unsigned signatures_foreign_count =
	sizeof(signatures_foreign) / sizeof(signatures_foreign[0]);

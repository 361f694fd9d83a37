/* Resets that ended nothing: the connection had ended before, its receiver has
 * to drop them, or it continued. And the resets of a device at the right
 * distance: for both sides at once, or sooner than the endpoint's answers. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_over[] = {
	{
		.name = "over-already",
		.needs = FACTS(CONNECTION_WAS_OVER),
		.forbids = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.is_untold = true,
		.summary = "The connection had ended when the reset came, "
			   "whoever sent it: a device that had deleted its "
			   "state entry answered late packets, or deleted it "
			   "then.",
		.outranks = {{"expired-box-answers-long-silence",
				     "there was nothing left to forget"},
			{"expired-box-ends",
				"there was nothing left to forget"},
			{"box-after-close", "there was nothing left to forget"},
			{"injected-copying-short", "there was nothing to end"}},
		.why = "NATs and front ends drop a record with the first "
		       "reset or the last FIN, and answer leftovers; others "
		       "keep it for a while and tell both sides when they "
		       "delete it [captures]. No socket is left to hear of "
		       "that (RFC 9293, 3.6). Fooled by: data under way that "
		       "was still wanted.",
	},
	{
		.name = "client-was-closing",
		.needs = FACTS(CLIENT_CLOSED_AFTER_THE_ANSWER),
		.forbids = FACTS(RESET_TTL_MATCHES_SENDER, IDLE_LONG_ENOUGH),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.is_untold = true,
		.summary = "The client had its answer and was closing when a "
			   "reset answered its FIN, whoever sent it.",
		.outranks = {{"expired-box-answers",
			"nobody was left to miss the state entry"}},
		.why = "Devices drop their record with the first FIN, and "
		       "answer with a reset; from the server's distance the "
		       "same is peer-had-closed. Not after a long silence: the "
		       "client may have given up on what a device no longer "
		       "let through. Fooled by: a client that closes its half "
		       "only.",
	},
	{
		.name = "expired-box-ends",
		.needs = FACTS(RESET_BREAKS_THE_SILENCE, RESET_IS_STATELESS,
			IDLE_LONG_ENOUGH, RESET_SEQUENCE_EXACT),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(ANOTHER_ROUTE_FITS),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path reset the connection after "
			   "an idle time, unprompted by a packet.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"expired-box-ends-in-another-form",
			"its form is that of packet filters"}},
		.why = "Load balancers reset both ends when the time is up "
		       "[measured: wire-expires-reset-both; vendor "
		       "documentation].",
	},
	{
		.name = "handshake-rejected-at-the-servers-place",
		.needs = FACTS(SERVER_REPEATED_ITS_SYN_ACK),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "A firewall at the server's distance, on its host "
			   "or next to it, rejected the handshake's last "
			   "packet; the server did not receive it and "
			   "retransmitted its SYN-ACK.",
		.also = {ALSO_FIREWALL, ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"unknown-connection",
			"the server's socket still waits"}},
		.why = "A socket that sent a reset has no timer that would "
		       "repeat a SYN-ACK (RFC 9293, 3.10.7) [captures; a "
		       "public report]. Fooled by: devices that answer the "
		       "SYN for the server.",
	},
	{
		.name = "both-reset-by-one-device",
		.needs = FACTS(BOTH_SIDES_RESET_BY_ONE_DEVICE),
		.denies = FACTS(PEER_HAD_RESET),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Both sides were reset at once, before either "
			   "could have received the other's reset, and in a "
			   "form that their stacks do not send: an inline "
			   "device.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"right-distance-foreign-counter",
			"no side's own stack counts so"}},
		.why = "Intrusion prevention swallows a packet and resets both "
		       "ends from where it stands [captures].",
	},
	{
		.name = "sooner-than-its-answers",
		.needs = FACTS(RESET_FASTER_THAN_PATH, SENDER_TTL_STEADY),
		.forbids = FACTS(RESET_IP_ID_CONTINUES, PEER_HAD_RESET,
			IDLE_LONG_ENOUGH, ONLY_ITS_TIME_DIFFERS),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it "
			   "acknowledges data that cannot have reached the "
			   "endpoint so soon.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"a proxy in front of the endpoint whose other answers "
			"were slow"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"right-distance-foreign-counter",
			"only who stands nearer answers so soon"}},
		.why = "Inline devices and those that copy the TTL [lab: "
		       "ips-inline-far]. At least 3 packets of the endpoint, "
		       "since the handshake alone may have been slow. Not "
		       "after a silence: the round trips were those of "
		       "another time, of another line or of a radio that "
		       "slept. Not on the time alone: where no packet of the "
		       "endpoint acknowledges at once, its program's time is "
		       "in every round trip. Fooled by: a proxy that asks its "
		       "server first, and a link that holds packets back.",
	},
	{
		.name = "too-fast-with-other-df",
		.needs = FACTS(RESET_FASTER_THAN_PATH, RESET_HAS_OTHER_DF),
		.forbids = FACTS(PEER_HAD_RESET),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it "
			   "acknowledges data that cannot have reached the "
			   "endpoint so soon, and all the endpoint's other "
			   "packets differ from it in DF.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"a proxy in front of the endpoint whose other answers "
			"were slow"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"sooner-than-its-answers", "its DF says so too"}},
		.why = "An identification that seems to continue the "
		       "endpoint's is one of 64 in 65,536 by chance. Fooled "
		       "by: a proxy that asks its server first and sends "
		       "resets without path MTU discovery.",
	},
	{
		.name = "within-its-round-trip",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER, RESET_SEQUENCE_EXACT,
			RESET_WITHIN_ROUND_TRIP),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset from the endpoint's distance with its "
			   "numbers; but it came sooner after the peer's data "
			   "than the endpoint's answers do.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device in line nearer than the endpoint, which the "
			"data provoked"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"abort", "the endpoint's answers take longer"}},
		.why = "Inline devices leave the distance right and know the "
		       "numbers [lab: ips-inline-far-v6]. An endpoint sends "
		       "so early a reset only unprompted, and with ACK only "
		       "where its round trip was measured too long.",
	},
	{
		.name = "outlived-and-too-fast",
		.needs = FACTS(
			RESET_FASTER_THAN_PATH, SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it "
			   "acknowledges data that cannot have reached the "
			   "endpoint so soon, and the endpoint keeps sending.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"a proxy in front of the endpoint whose other answers "
			"were slow, and late copies of older packets"}},
		.outranks = {{"ignored-in-every-detail",
			"no program beside the endpoint's stack answers before "
			"the packet arrives"}},
		.why = "A device that copies the endpoint's TTL and numbers "
		       "[lab: tap-copies-side-far without timestamps].",
	},
	{
		.name = "ignored-by-all",
		.needs = FACTS(RESET_IS_UNACCEPTABLE, CONNECTION_SURVIVED_RESET,
			RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A reset that its receiver has to drop, and did: "
			   "both sides continued.",
		.outranks = {{"ignored-in-every-detail",
			"the receiver dropped it, so it ended nothing"}},
		.why = "RFC 5961, 3.2: out of the window; RFC 2385, RFC 5925: "
		       "a signature that was not agreed upon.",
	},
	{
		.name = "ignored-in-every-detail",
		.needs = FACTS(SENDER_CONTINUED_AFTER_RESET, RESET_FROM_SOCKET),
		.keeps = FACTS(RESET_IP_ID_CONTINUES),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The alleged sender of the reset kept sending, "
			   "although the reset fits it in every detail: a "
			   "precise forgery, or a program on the same host "
			   "sent it.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"a program beside its stack sent the reset, as tools "
			"that test firewalls do"}},
		.outranks = {{"outlived-by-its-sender",
			"distance, numbers and identification are the "
			"endpoint's own"}},
	},
};
const unsigned signatures_over_count =
	sizeof(signatures_over) / sizeof(signatures_over[0]);

/* Resets that end an outage: one side had retransmitted the same data without
 * an acknowledgment before the reset. The sender of the reset then only ends
 * the wait: the retransmitting side, the server whose time-out expires, the
 * kernel that has deleted the connection. The same facts as without a reset
 * (signatures_silence.c) show what the outage was. And resets that end a
 * stalled connection (signatures_waited.c). */
#include "analysis/verdict/signatures.h"

#define OUTAGE_COMES_FIRST                                                     \
	{                                                                      \
		"both-had-closed", "the outage came before the close"          \
	}

const struct signature signatures_outage[] = {
	{
		.name = "black-hole-then-reset",
		.needs = FACTS(SMALLER_PACKETS_PASSED),
		.denies = FACTS(SAME_SIZE_PASSED_BEFORE),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Only large packets were lost, and no PTB arrived: "
			   "a path MTU black hole. The reset only ended the "
			   "wait.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device drops this segment for its content"}},
		.decide = FACTS(REPAIRED_BY_SMALLER_PACKETS),
		.outranks = {{"unacknowledged-then-reset",
				     "smaller packets of the same connection "
				     "passed"},
			{"unacknowledged-then-closed",
				"smaller packets of the same connection "
				"passed"}},
		.why = "As black-hole; connections that hang end by a time-out "
		       "or by a user who gives up.",
	},
	{
		.name = "large-unanswered-then-reset",
		.needs = FACTS(PEER_STILL_ANSWERS),
		.denies = FACTS(SAME_SIZE_PASSED_BEFORE),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "A large packet never arrived while the peer kept "
			   "sending: probably a path MTU black hole. The "
			   "reset only ended the wait.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PACKETS_PASSED),
	},
	{
		.name = "first-large-then-reset",
		.needs = FACTS(FIRST_LARGE_PACKET),
		.forbids = FACTS(RESET_IS_STATELESS, SAME_SIZE_PASSED_BEFORE),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The first large packet was never acknowledged, "
			   "the small ones before it all were: perhaps a path "
			   "MTU black hole. The reset only ended the wait.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PACKETS_PASSED),
		.outranks = {{"unacknowledged-then-reset",
				     "smaller ones had passed before"},
			{"unacknowledged-then-closed",
				"smaller ones had passed before"}},
		.why = "Not for a bare reset: a restarted host answers "
		       "retransmissions with one.",
	},
	{
		.name = "unacknowledged-then-reset",
		.needs = FACTS(PEER_DATA_UNANSWERED, RESET_FROM_SOCKET),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The peer's retransmissions never reached the "
			   "sender of the reset, which stopped waiting.",
		.also = {ALSO_LOSS, ALSO_SILENT_EXPIRY, ALSO_BLACK_HOLE},
		.decide = FACTS(SMALLER_PACKETS_PASSED),
		.outranks = {OUTAGE_COMES_FIRST},
		.why = "Its kernel acknowledged none of them, so its program "
		       "had nothing to read. Time-outs of servers and users "
		       "end such connections.",
	},
	{
		.name = "unacknowledged-then-closed",
		.needs = FACTS(PEER_DATA_UNANSWERED, SENDER_HAD_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The peer's retransmissions never reached the "
			   "sender of the reset; it closed, and the kernel "
			   "reset the rest.",
		.also = {ALSO_LOSS, ALSO_SILENT_EXPIRY, ALSO_BLACK_HOLE},
		.decide = FACTS(SMALLER_PACKETS_PASSED),
		.outranks = {OUTAGE_COMES_FIRST},
	},
	{
		.name = "slept-then-unknown",
		.needs = FACTS(PEER_HAD_PAUSED, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Data went unanswered, and its sender paused for "
			   "longer than retransmission timers wait, as a "
			   "machine that sleeps does. When it went on, the "
			   "endpoint's kernel no longer had the connection.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_SENDER,
				 ROLE_PEER,
				 "the peer was asleep or without a network, "
				 "and the endpoint gave up"},
			ALSO_UNKNOWN_CONNECTION, ALSO_EXPIRED},
		.decide = FACTS(PEER_HAD_PAUSED),
		.outranks = {{"unknown-connection",
				     "data was outstanding before the pause"},
			{"abort-of-another-stack",
				"no socket sent it, and an outage came "
				"before"}},
		.why = "RFC 6298, 2.5: the retransmission timer may be limited "
		       "to 60 s, Linux limits it to 120 s; a longer pause is "
		       "one of the machine. Fooled by: stacks with longer "
		       "timers.",
	},
	{
		.name = "handshake-not-taken",
		.needs = FACTS(SYN_ACK_RETRANSMITTED, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.denies = FACTS(SENDER_IS_CLIENT),
		.forbids = FACTS(RESET_TTL_FAR_OFF, SERVER_REPEATED_ITS_SYN_ACK,
			SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server repeated its SYN-ACK after the "
			   "handshake: it had not taken the last ACK (its "
			   "accept queue was full, or it waits for data "
			   "first), gave up, and knows no such connection.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_SENDER,
			ROLE_LOSS,
			"the path lost the client's packets until then"}},
		.decide = FACTS(SYN_ACK_RETRANSMITTED),
		.outranks = {{"unknown-after-silence",
				     "the server never had the connection"},
			{"abort-of-another-stack", "no socket sent it"}},
		.why = "Linux drops the handshake's ACK when the accept queue "
		       "is full, and with TCP_DEFER_ACCEPT until data comes; "
		       "after its last SYN-ACK it forgets the SYN [measured: "
		       "c16b; tcp(7)]. A SYN-ACK that comes again after the "
		       "reset is of a server that still waits: a firewall "
		       "rejected the ACK.",
	},
	{
		.name = "large-missing-then-reset",
		.needs = FACTS(LARGE_PACKETS_MISSING),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "Small packets arrived, the large ones before them "
			   "never did: probably a path MTU black hole in the "
			   "direction to the capture point. The reset only "
			   "ended the wait.",
		.also = {ALSO_LOSS},
		.decide = FACTS(LARGE_PACKETS_MISSING),
		.outranks = {{"gave-up-waiting",
				     "the response was sent and lost"},
			{"gave-up-on-data-cut-off",
				"small packets arrived behind it"}},
		.why = "As large-never-arrive; a time-out or a user who gives "
		       "up ends such a connection.",
	},
	{
		.name = "gave-up-waiting",
		.needs = FACTS(REQUEST_WITHOUT_AN_ANSWER),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server's kernel acknowledged the request, and "
			   "no response came; the client stopped waiting.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_LOSS,
				 "the responses were lost before the capture "
				 "point"},
			ALSO_BLACK_HOLE},
		.decide = FACTS(LARGE_PACKETS_MISSING),
		.outranks = {OUTAGE_COMES_FIRST,
			{"heartbeat-unanswered",
				"it is known that an answer was due"}},
	},
	{
		.name = "ended-while-waiting",
		.needs = FACTS(SENDER_HAD_THE_LAST_WORD),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint itself reset the connection, and it "
			   "had spoken last: the other side's stack had "
			   "acknowledged that, and its program had said "
			   "nothing for seconds.",
		.also = {{MECHANISM_NO_RESPONSE, ROLE_SENDER, ROLE_PEER,
				 "the other side's program no longer answered "
				 "requests or heartbeats"},
			{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
				"its program ended, or ended the connection "
				"for reasons of its own"}},
		.decide = FACTS(SENDER_HAD_THE_LAST_WORD),
		.outranks = {{"ended-after-silence",
			"it may have waited for an answer"}},
		.why = "An acknowledgment is the kernel's, an answer the "
		       "program's. Who gives up and who is killed reset alike. "
		       "Fooled by: protocols in which nobody owes an answer.",
	},
	{
		.name = "gave-up-on-an-answer",
		.needs = FACTS(SENDER_HAD_THE_LAST_WORD, SENDER_IS_CLIENT,
			ANSWERING_SERVICE),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server's kernel acknowledged what the client "
			   "sent, and no response came, which every request "
			   "to such a service has; the client stopped "
			   "waiting.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
				 "the client's program ended, or its time-out "
				 "is shorter than the request takes"},
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_LOSS,
				"the responses were lost before the capture "
				"point"}},
		.decide = FACTS(SENDER_HAD_THE_LAST_WORD),
		.outranks = {{"ended-while-waiting",
			"such a service owes an answer"}},
		.why = "Databases and caches answer each command when it is "
		       "done. Fooled by: another service on that port.",
	},
	{
		.name = "heartbeat-unanswered",
		.needs = FACTS(SENDER_HAD_THE_LAST_WORD, HEARTBEAT_PROTOCOL),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "In a protocol with heartbeats one side went on "
			   "speaking, the other side's stack acknowledged "
			   "that, and its program said nothing any more; the "
			   "first reset the connection.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
				 "its program ended, or ended the connection "
				 "for reasons of its own"},
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_LOSS,
				"the other side's packets were lost before "
				"the capture point"}},
		.decide = FACTS(SENDER_HAD_THE_LAST_WORD),
		.outranks = {{"gave-up-on-an-answer",
			"it waited for a sign of life"}},
		.why = "MQTT 3.1.1, 3.1.2.10; AMQP 0-9-1, 4.2.7; STOMP 1.2, "
		       "heart-beating; RFC 6455, 5.5.2: who hears nothing for "
		       "long enough ends the connection.",
	},
	{
		.name = "closed-for-missing-heartbeats",
		.needs = FACTS(DATA_AFTER_CLOSE, HEARTBEAT_OVERDUE),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "In a protocol with heartbeats one side closed the "
			   "connection when it had heard nothing for longer "
			   "than before; what the other side said after that "
			   "met no socket.",
		.also = {{MECHANISM_LATE_DATA, ROLE_SENDER, ROLE_SENDER,
			"it closed the connection for reasons of its own"}},
		.decide = FACTS(HEARTBEAT_OVERDUE),
		.outranks = {{"late-data", "its close ended a silence"}},
		.why = "As heartbeat-unanswered; brokers close with a FIN. "
		       "Fooled by: a broker that is stopped in a silence.",
	},
	{
		.name = "answered-too-late",
		.needs = FACTS(DATA_AFTER_CLOSE, CLOSED_WHILE_WAITING),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The client had said something, waited for seconds "
			   "and closed; what the server said after that met "
			   "no socket.",
		.also = {{MECHANISM_LATE_DATA, ROLE_SENDER, ROLE_SENDER,
			"the client closed too early, or waited for nothing"}},
		.decide = FACTS(CLOSED_WHILE_WAITING),
		.outranks = {{"late-data", "it had waited before it closed"}},
		.why = "Clients whose own time-out is shorter than a query "
		       "takes close so. Fooled by: a server that says "
		       "something unasked just then.",
	},
	{
		.name = "gave-up-on-a-greeting",
		.needs = FACTS(SENDER_IS_CLIENT, PEER_LONG_QUIET,
			GREETING_SERVICE, RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SYN_ACK_RETRANSMITTED),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server, which speaks first in this protocol, "
			   "accepted the connection and said nothing; the "
			   "client stopped waiting.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
			ROLE_LOSS,
			"the greeting was lost before the capture point"}},
		.decide = FACTS(ANSWER_LEFT_PEER),
		.outranks = {{"nothing-was-said",
			"a scan or a health check does not wait"}},
		.why = "RFC 5321, 3.1, and those of the other protocols.",
	},
	{
		.name = "gave-up-on-data-cut-off",
		.needs = FACTS(PEER_DATA_CUT_OFF, RESET_FROM_SOCKET),
		.forbids = FACTS(OWN_PROBES_UNANSWERED, OWN_DATA_UNANSWERED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The peer's data broke off in the middle, and "
			   "nothing of it came any more; the endpoint stopped "
			   "waiting.",
		.also = {ALSO_LOSS,
			{MECHANISM_NO_RESPONSE, ROLE_NONE, ROLE_PEER,
				"the peer's program stalled"},
			{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
				"it ended the connection for reasons of its "
				"own"}},
		.decide = FACTS(ANSWER_LEFT_PEER),
		.outranks = {{"web-client-puts-idle-away",
			"who waits for the rest is not idle"}},
		.why = "RFC 9293, 3.9.1: a sender pushes when nothing is left "
		       "to send. Fooled by: stacks that never push; a sender "
		       "whose program pauses in the middle.",
	},
	{
		.name = "gave-up-on-a-key-exchange",
		.needs = FACTS(REQUEST_WITHOUT_AN_ANSWER,
			SSH_KEY_EXCHANGE_REPLY_MISSING),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The client's part of the SSH key exchange was "
			   "acknowledged, and the server's part, its first "
			   "large packet, never came: probably a path MTU "
			   "black hole in the direction to the capture point. "
			   "The client stopped waiting.",
		.also = {{MECHANISM_NO_RESPONSE, ROLE_NONE, ROLE_SERVER,
				 "sshd did not reply"},
			ALSO_LOSS},
		.decide = FACTS(LARGE_PACKETS_MISSING),
		.outranks = {{"gave-up-waiting",
			"a key exchange is answered at once, and the answer is "
			"large"}},
		.why = "As ssh-key-exchange-unanswered.",
	},
	{
		.name = "gave-up-on-a-shut-window",
		.needs = FACTS(PEER_ZERO_WINDOW_TO_THE_END),
		.forbids = FACTS(OWN_PROBES_UNANSWERED),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_LIKELY,
		.summary = "The peer's window stayed at 0: its program did "
			   "not read. This side reset the connection.",
		.also = {{MECHANISM_WINDOW_CLOSED, ROLE_SENDER, ROLE_MIDDLEBOX,
			"a device on the path changes windows"}},
		.outranks = {OUTAGE_COMES_FIRST},
	},
	{
		.name = "window-misread-then-reset",
		.needs = FACTS(WINDOW_MISREAD),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "One side sent as if the window had no scale, "
			   "although the peer's SYN gave one; then the "
			   "connection was reset.",
		.also = {{MECHANISM_WINDOW_CLOSED, ROLE_SENDER, ROLE_UNKNOWN,
			"the sender's stack ignores the scale"}},
		.outranks = {OUTAGE_COMES_FIRST},
	},
	{
		.name = "rebound-then-reset",
		.needs = FACTS(GOES_ON_UNDER_ANOTHER_NAME),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_CERTAIN,
		.summary = "A NAT's mapping of the connection expired while it "
			   "was idle, and its next packet was mapped to "
			   "another address or port: its numbers are those of "
			   "a connection known under the old one, which the "
			   "other end does not take.",
		.outranks = {{"both-had-closed",
			"who knows no such connection resets it"}},
		.why = "As rebound; a kernel that knows no such connection "
		       "answers with a reset.",
	},
	{
		.name = "timeout-then-reset",
		.needs = FACTS(OWN_DATA_UNANSWERED),
		.forbids = FACTS(RESET_TTL_FAR_OFF, DATA_AFTER_CLOSE),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint's retransmissions went "
			   "unacknowledged, and it reset the connection.",
		.also = {ALSO_SILENT_EXPIRY, ALSO_LOSS, ALSO_BLACK_HOLE},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"ended-after-silence",
				     "the reset is the endpoint's own, and the "
				     "unacknowledged data explains it"},
			{"unknown-after-silence",
				"it had given up before the peer spoke"}},
		.why = "Whatever form its stack gives such a reset: BSD and "
		       "macOS leave the timestamp out, Windows numbers it "
		       "behind the segment that it repeated.",
	},
	{
		.name = "timeout-in-one-direction",
		.needs = FACTS(OWN_DATA_UNANSWERED),
		.denies = FACTS(BOTH_DIRECTIONS_RECORDED),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint sent data again and reset the "
			   "connection; whether it was answered can't be told, "
			   "as packets of the peer are missing from the "
			   "recording.",
		.also = {ALSO_ABORT_UNHEARD, ALSO_LOSS},
		.decide = FACTS(BOTH_DIRECTIONS_RECORDED),
		.why = "Answers that went where nothing was recorded look "
		       "like silence.",
	},
	{
		.name = "keepalive-in-one-direction",
		.needs = FACTS(RESET_SEQUENCE_EXACT, OWN_PROBES_UNANSWERED),
		.denies = FACTS(BOTH_DIRECTIONS_RECORDED),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_KEEPALIVE_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint sent keepalive probes and reset the "
			   "connection; whether they were answered can't be "
			   "told, as packets of the peer are missing from the "
			   "recording.",
		.also = {ALSO_ABORT_UNHEARD, ALSO_LOSS},
		.decide = FACTS(BOTH_DIRECTIONS_RECORDED),
		.outranks = {{"abort-of-another-stack",
			"the endpoint had asked for a sign of life"}},
		.why = "Answers that went where nothing was recorded look "
		       "like silence.",
	},
};
const unsigned signatures_outage_count =
	sizeof(signatures_outage) / sizeof(signatures_outage[0]);

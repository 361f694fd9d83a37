/* Resets that end an outage: one side had sent the same data again and again
 * without an acknowledgment before anybody reset. Who resets then tidies up:
 * the sender that gives up, the server whose time-out runs out, the kernel that
 * knows the connection no more. What the outage was is told by the same facts
 * as without a reset (signatures_silence.c). And resets that end a wait in vain
 * (signatures_waited.c). */
#include "analysis/verdict/signatures.h"

#define OUTAGE_COMES_FIRST                                                     \
	{                                                                      \
		"both-had-closed", "the outage came before the close"          \
	}

const struct signature signatures_outage[] = {
	{
		.name = "black-hole-then-reset",
		.needs = FACTS(SMALLER_PASSED),
		.denies = FACTS(SAME_SIZE_PASSED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Only large packets vanished, and nothing said so: "
			   "a path MTU black hole. The reset only ended the "
			   "wait.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device drops this segment for its content"}},
		.decide = FACTS(REPAIRED_BY_SMALLER),
		.outranks = {{"unheard-then-reset",
				     "smaller packets of the same connection "
				     "passed"},
			{"unheard-then-closed",
				"smaller packets of the same connection "
				"passed"}},
		.why = "As black-hole; connections that hang end by a time-out "
		       "or by a user who loses patience.",
	},
	{
		.name = "large-unanswered-then-reset",
		.needs = FACTS(PEER_STILL_ANSWERS),
		.denies = FACTS(SAME_SIZE_PASSED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "A large packet never arrived while the other end "
			   "still talked: probably a path MTU black hole. The "
			   "reset only ended the wait.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
	},
	{
		.name = "first-large-then-reset",
		.needs = FACTS(FIRST_LARGE_PACKET),
		.forbids = FACTS(RESET_IS_STATELESS),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The first large packet was never answered, the "
			   "small ones before it all were: perhaps a path MTU "
			   "black hole. The reset only ended the wait.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
		.outranks = {{"unheard-then-reset",
				     "smaller ones had passed before"},
			{"unheard-then-closed",
				"smaller ones had passed before"}},
		.why = "Not for a bare reset: a host that was restarted "
		       "answers so what it is sent again.",
	},
	{
		.name = "unheard-then-reset",
		.needs = FACTS(PEER_DATA_UNANSWERED, RESET_FROM_SOCKET),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "What the other side sent, again and again, never "
			   "reached it; it gave up waiting.",
		.also = {ALSO_LOSS, ALSO_SILENT_EXPIRY, ALSO_BLACK_HOLE},
		.decide = FACTS(SMALLER_PASSED),
		.outranks = {OUTAGE_COMES_FIRST},
		.why = "Its kernel acknowledged nothing of it: its program had "
		       "nothing to read. Time-outs of servers and users end "
		       "such connections.",
	},
	{
		.name = "unheard-then-closed",
		.needs = FACTS(PEER_DATA_UNANSWERED, SENDER_HAD_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "What the other side sent, again and again, never "
			   "reached it; it closed, and the rest was reset.",
		.also = {ALSO_LOSS, ALSO_SILENT_EXPIRY, ALSO_BLACK_HOLE},
		.decide = FACTS(SMALLER_PASSED),
		.outranks = {OUTAGE_COMES_FIRST},
	},
	{
		.name = "gave-up-waiting",
		.needs = FACTS(NO_RESPONSE),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server's kernel had the request, and no answer "
			   "came; the client gave up waiting.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_LOSS,
				 "the answers were lost on their way here"},
			ALSO_BLACK_HOLE},
		.decide = FACTS(LARGE_MISSING),
		.outranks = {OUTAGE_COMES_FIRST},
	},
	{
		.name = "gave-up-on-a-shut-window",
		.needs = FACTS(PEER_WINDOW_SHUT),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_PEER,
		.grade = GRADE_LIKELY,
		.summary = "The other side's window stayed shut: its program "
			   "did not read. This side gave up.",
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
			   "though the other's SYN gave one; then it was ended.",
		.also = {{MECHANISM_WINDOW_CLOSED, ROLE_SENDER, ROLE_UNKNOWN,
			"the sender's stack ignores the scale"}},
		.outranks = {OUTAGE_COMES_FIRST},
	},
	{
		.name = "timeout-then-reset",
		.needs = FACTS(OWN_DATA_UNANSWERED),
		.forbids = FACTS(RESET_TTL_FAR_OFF, DATA_AFTER_CLOSE),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "Its retransmissions went unanswered, and it gave "
			   "up.",
		.also = {ALSO_SILENT_EXPIRY, ALSO_LOSS, ALSO_BLACK_HOLE},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"abort-in-every-detail",
				     "it is its own reset, and the unanswered "
				     "data says why"},
			{"right-distance-foreign-counter",
				"the unanswered data says why"}},
		.why = "Whatever form its stack gives such a reset: BSD and "
		       "macOS leave the timestamp out, Windows numbers it "
		       "behind the segment that it repeated.",
	},
};
const unsigned signatures_outage_count =
	sizeof(signatures_outage) / sizeof(signatures_outage[0]);

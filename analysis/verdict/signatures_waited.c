/* Every packet was acknowledged, and the connection stalled. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_waited[] = {
	{
		.name = "no-response",
		.needs = FACTS(REQUEST_WITHOUT_AN_ANSWER),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server's kernel acknowledged the request, and "
			   "no response came: its program did not send one.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_LOSS,
				 "the responses were lost before the capture "
				 "point"},
			ALSO_BLACK_HOLE},
		.decide = FACTS(LARGE_PACKETS_MISSING),
		.outranks = {{"expired-silently",
			"it was waited for the answer, and nobody was idle"}},
		.why = "An acknowledgment is the kernel's, an answer the "
		       "program's. Fooled by: answers that are lost, all of "
		       "them, on the way to a recording at the client.",
	},
	{
		.name = "still-waiting",
		.needs = FACTS(OPEN_AT_THE_END),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The server's kernel acknowledged the request, no "
			   "response came, and the client still waits when "
			   "the recording ends.",
		.also = {{MECHANISM_ORDERLY, ROLE_NONE, ROLE_UNKNOWN,
				 "a long poll or an event stream, which is "
				 "answered when there is news"},
			{MECHANISM_NO_RESPONSE, ROLE_NONE, ROLE_SERVER,
				"the server's program hangs or is slow"},
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_LOSS,
				"the responses were lost before the capture "
				"point"}},
		.decide = FACTS(OPEN_AT_THE_END, LARGE_PACKETS_MISSING),
		.outranks = {{"no-response",
			"nobody has given up: the recording has ended"}},
		.why = "Requests whose answers wait for an event (RFC 6202) "
		       "look like those that hang.",
	},
	{
		.name = "ssh-key-exchange-unanswered",
		.needs = FACTS(REQUEST_WITHOUT_AN_ANSWER,
			SSH_KEY_EXCHANGE_REPLY_MISSING),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The client's part of the SSH key exchange was "
			   "acknowledged, and the server's part, its first "
			   "large packet, never came: probably a path MTU "
			   "black hole in the direction to the capture point.",
		.also = {{MECHANISM_NO_RESPONSE, ROLE_NONE, ROLE_SERVER,
				 "sshd did not reply"},
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_LOSS,
				"the reply was lost, whatever its size"}},
		.decide = FACTS(LARGE_PACKETS_MISSING),
		.outranks = {{"still-waiting",
			"a key exchange is answered at once, and the answer is "
			"large"}},
		.why = "sshd replies within milliseconds; what hangs there is "
		       "nearly always the size [public reports: \"expecting "
		       "SSH2_MSG_KEX_ECDH_REPLY\"]. Fooled by: a server that "
		       "hangs.",
	},
	{
		.name = "closed-unanswered",
		.needs = FACTS(CLOSED_WITHOUT_AN_ANSWER),
		.forbids = FACTS(DATA_BEYOND_ITS_OWN_FIN),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server took the request and closed the "
			   "connection without a byte of response.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device on the path closed it in the server's "
			"name"}},
		.decide = FACTS(DATA_BEYOND_ITS_OWN_FIN),
		.outranks = {{"no-response", "it did not only keep silent"}},
		.why = "The FIN has the number that the response would have "
		       "begun with: nothing was lost. Programs that forward "
		       "to a backend close so when it refuses. Fooled by: a "
		       "forged FIN.",
	},
	{
		.name = "client-does-not-read",
		.needs = FACTS(OWN_ZERO_WINDOW_TO_THE_END),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "The client's window stayed at 0 to the end: its "
			   "program did not read.",
		.also = {{MECHANISM_WINDOW_CLOSED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device on the path changes windows"}},
		.why = "RFC 9293, 3.8.6: the window is the free space in the "
		       "receive buffer.",
	},
	{
		.name = "server-does-not-read",
		.needs = FACTS(PEER_ZERO_WINDOW_TO_THE_END),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's window stayed at 0 to the end: its "
			   "program did not read.",
		.also = {{MECHANISM_WINDOW_CLOSED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device on the path changes windows"}},
	},
	{
		.name = "window-misread",
		.needs = FACTS(WINDOW_MISREAD),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "One side sends as if the window had no scale, "
			   "although the peer's SYN gave one: a device on the "
			   "path has changed or removed it.",
		.also = {{MECHANISM_WINDOW_CLOSED, ROLE_NONE, ROLE_UNKNOWN,
			"the sender's stack ignores the scale"}},
		.why = "RFC 7323, 2.3. A firewall that rewrites the option in "
		       "one direction leaves each side with another window. "
		       "Fooled by: nothing, when all segments are exactly as "
		       "long as the field.",
	},
};
const unsigned signatures_waited_count =
	sizeof(signatures_waited) / sizeof(signatures_waited[0]);

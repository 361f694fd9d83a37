/* Everything was acknowledged, and nothing went on. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_waited[] = {
	{
		.name = "no-response",
		.needs = FACTS(NO_RESPONSE),
		.mechanism = MECHANISM_NO_RESPONSE,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server's kernel has the request, and no answer "
			   "came: its program did not give one.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_LOSS,
				 "the answers were lost on their way here"},
			ALSO_BLACK_HOLE},
		.decide = FACTS(LARGE_MISSING),
		.why = "An acknowledgment is the kernel's, an answer the "
		       "program's. Fooled by: answers that are lost, all of "
		       "them, on the way to a recording at the client.",
	},
	{
		.name = "client-does-not-read",
		.needs = FACTS(OWN_WINDOW_SHUT),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "The client's window stayed shut to the end: its "
			   "program did not read.",
		.also = {{MECHANISM_WINDOW_CLOSED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device on the path changes windows"}},
		.why = "RFC 9293, 3.8.6: the window is what the program has "
		       "left room for.",
	},
	{
		.name = "server-does-not-read",
		.needs = FACTS(PEER_WINDOW_SHUT),
		.mechanism = MECHANISM_WINDOW_CLOSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's window stayed shut to the end: its "
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
			   "though the other's SYN gave one: a device on the "
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

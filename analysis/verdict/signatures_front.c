/* Resets of a side that speaks from two places: what shook hands stands in
 * front of what sends the data, or one of them is no endpoint. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_front[] = {
	{
		.name = "syn-ack-from-elsewhere",
		.needs = FACTS(SYNACK_FROM_ELSEWHERE),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Two places speak in this endpoint's name: the "
			   "handshake came from one, the reset from the "
			   "other.",
		.also = {ALSO_ABORT,
			{MECHANISM_PROXY_CLOSED, ROLE_SENDER, ROLE_SENDER,
				"a SYN proxy answered the handshake, the "
				"server behind it ended the connection"}},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks =
			{
				{"answers-a-reset", "two places speak in the "
						    "endpoint's name"},
			},
	},
	{
		.name = "ended-by-whoever-shook-hands-after-silence",
		.needs = FACTS(RESET_FROM_HANDSHAKE, IDLE_ENOUGH),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "The device in front of the server, which answered "
			   "the handshake, ended the connection after a "
			   "silence: its idle timer, probably.",
		.also = {ALSO_SERVER_ITSELF},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"ended-by-whoever-shook-hands",
			"the silence before it says why"}},
	},
	{
		.name = "ended-by-whoever-shook-hands",
		.needs = FACTS(RESET_FROM_HANDSHAKE),
		.mechanism = MECHANISM_PROXY_CLOSED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from where the handshake was "
			   "answered, the server's data from elsewhere: a "
			   "load balancer or proxy in front of the server "
			   "ended the connection.",
		.also = {ALSO_SERVER_ITSELF, ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"stateless-without-baseline",
				     "where it came from is known"},
			{"answers-a-reset",
				"another place than the server's ended it"}},
		.why = "Load balancers that shake hands themselves and then "
		       "let server and client talk [captures]. Fooled by: data "
		       "that somebody slipped in; then handshake and reset "
		       "are the server's.",
	},
};
const unsigned signatures_front_count =
	sizeof(signatures_front) / sizeof(signatures_front[0]);

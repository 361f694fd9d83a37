/* Other connections that have, or had, the same addresses and ports. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_other[] = {
	{
		.name = "half-open",
		.needs = FACTS(SYN_ANSWERED_FOR_ANOTHER_CONNECTION),
		.mechanism = MECHANISM_HALF_OPEN,
		.sender = ROLE_SERVER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The response to the SYN belongs to another "
			   "connection: the server still holds an earlier one "
			   "of these ports, and no reset ends it.",
		.also = {{MECHANISM_HALF_OPEN, ROLE_SERVER, ROLE_SERVER,
				 "its program never closed the earlier "
				 "connection"},
			{MECHANISM_NAT_MISMATCH, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
				"a NAT or load balancer gave the same ports "
				"to two connections"}},
		.decide = FACTS(EARLIER_CONNECTION_GOES_ON),
		.outranks = {{"syn-unanswered", "the SYN was answered"}},
		.why = "RFC 9293, 3.10.7.4 and RFC 5961, 4: a SYN in an open "
		       "connection is answered with an ACK of that "
		       "connection; the client resets it and its next SYN "
		       "succeeds, unless the reset is lost on the way.",
	},
	{
		.name = "earlier-connection-goes-on",
		.needs = FACTS(EARLIER_CONNECTION_GOES_ON),
		.mechanism = MECHANISM_NAT_MISMATCH,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Two connections use the same addresses and ports: "
			   "packets of the earlier one continue after the "
			   "handshake of the later. A NAT or load balancer "
			   "reassigned the ports while they were in use.",
		.also = {{MECHANISM_HALF_OPEN, ROLE_CLIENT, ROLE_CLIENT,
			"a program with TCP in user space uses a port twice"}},
		.why = "Sequence and acknowledgment number both continue "
		       "those of the earlier connection: 64 bits do not agree "
		       "by chance.",
	},
};
const unsigned signatures_other_count =
	sizeof(signatures_other) / sizeof(signatures_other[0]);

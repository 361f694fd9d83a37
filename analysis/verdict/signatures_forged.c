/* Data and FINs that somebody else sent in an endpoint's name. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_forged[] = {
	{
		.name = "forged-contents",
		.needs = FACTS(TWO_CONTENTS),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Two different contents came for the same bytes: "
			   "somebody slipped one of them in.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_SENDER,
			"two machines answer for it, each with a copy of its "
			"own"}},
		.why = "RFC 9293, 3.4: each octet has one number. An injector "
		       "answers sooner than the server, which answers all the "
		       "same.",
	},
	{
		.name = "forged-fin",
		.needs = FACTS(DATA_BEYOND_FIN),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Data went on beyond the FIN of its own side: "
			   "somebody else had closed the connection.",
		.why = "RFC 9293, 3.6: after its FIN a side has nothing more "
		       "to send. Fooled by: a connection of the same ports "
		       "whose SYN was not recorded.",
	},
	{
		.name = "forged-segment",
		.needs = FACTS(ODD_SEGMENT),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "A segment lacks the timestamps of its side and "
			   "came from another distance: somebody slipped it "
			   "in.",
		.also = {{MECHANISM_PROXY_CLOSED, ROLE_MIDDLEBOX,
			ROLE_MIDDLEBOX,
			"a proxy in front of the server takes over"}},
		.why = "RFC 7323, 3.2: once negotiated, timestamps have to be "
		       "in every segment.",
	},
	{
		.name = "forged-answer",
		.needs = FACTS(ACKS_UNDELIVERED),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path answered in the server's "
			   "name: the packet that was acknowledged never "
			   "reached the server.",
	},
};
const unsigned signatures_forged_count =
	sizeof(signatures_forged) / sizeof(signatures_forged[0]);

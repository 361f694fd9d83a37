/* Data and FINs that another device sent in an endpoint's name. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_forged[] = {
	{
		.name = "forged-contents",
		.needs = FACTS(TWO_CONTENTS_FOR_THE_SAME_BYTES),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Two segments carry different data for the same "
			   "sequence numbers: one of them was injected.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_SENDER,
			"two hosts answer for it, each with its own copy"}},
		.why = "RFC 9293, 3.4: each octet has one number. An injector "
		       "answers sooner than the server, which answers all the "
		       "same.",
	},
	{
		.name = "forged-fin",
		.needs = FACTS(DATA_BEYOND_ITS_OWN_FIN),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Data continued beyond the FIN of the same side: "
			   "the FIN was forged.",
		.why = "RFC 9293, 3.6: after its FIN a side has nothing more "
		       "to send. Fooled by: a connection of the same ports "
		       "whose SYN was not recorded.",
	},
	{
		.name = "forged-segment",
		.needs = FACTS(SEGMENT_OF_ANOTHER_STACK),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "A segment lacks the timestamps of its side and "
			   "came from another distance: it was injected.",
		.also = {{MECHANISM_PROXY_CLOSED, ROLE_MIDDLEBOX,
			ROLE_MIDDLEBOX,
			"a proxy in front of the server takes over"}},
		.why = "RFC 7323, 3.2: once negotiated, timestamps have to be "
		       "in every segment.",
	},
	{
		.name = "forged-answer",
		.needs = FACTS(ACKNOWLEDGES_WHAT_NEVER_ARRIVED),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path answered in the server's "
			   "name: the acknowledged packet never reached the "
			   "server.",
	},
};
const unsigned signatures_forged_count =
	sizeof(signatures_forged) / sizeof(signatures_forged[0]);

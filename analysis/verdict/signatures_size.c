/* Packets too large for the path, in a connection that may have recovered. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_size[] = {
	{
		.name = "too-big-ignored",
		.needs = FACTS(TOO_BIG_RECORDED_AT_THE_SENDER),
		.mechanism = MECHANISM_PMTU_IGNORED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The sender received ICMP errors (PTB) that its "
			   "packets are too big, and kept sending packets of "
			   "that size.",
		.also = {{MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,
			"the ICMP error is dropped between here and the "
			"sender's stack"}},
		.outranks = {{"too-big-ignored-far-away",
			"the PTBs were recorded beside the sender"}},
	},
	{
		.name = "too-big-ignored-far-away",
		.needs = FACTS(TOO_BIG_IGNORED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "ICMP errors (PTB) that packets are too big were "
			   "recorded on the way to their sender, and packets "
			   "of that size kept coming: the PTBs are lost "
			   "before the sender, or it ignores them.",
		.decide = FACTS(TOO_BIG_RECORDED_AT_THE_SENDER),
		.also = {{MECHANISM_PMTU_IGNORED, ROLE_NONE, ROLE_SENDER,
				 "they reached the sender's stack"},
			{MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,
				"they are dropped between here and the "
				"sender's stack"}},
		.outranks = {{"first-large-unanswered",
				     "a PTB reported the packet as too large"},
			{"black-hole",
				"a PTB reported the packet as too large"},
			{"never-served",
				"a PTB reported the packet as too large"}},
	},
	{
		.name = "black-hole-survived",
		.needs = FACTS(REPAIRED_BY_SMALLER_PACKETS),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Large packets were lost until the sender sent "
			   "smaller ones: a path MTU black hole that the "
			   "sender's stack worked around.",
		.also = {ALSO_LOSS},
		.decide = FACTS(REPAIRED_BY_SMALLER_PACKETS),
		.why = "tcp_mtu_probing, and black hole detection in other "
		       "stacks: after some identical retransmissions a smaller "
		       "segment is acknowledged at once [measured: d3; capture "
		       "of a Windows host].",
	},
	{
		.name = "large-never-arrive",
		.needs = FACTS(LARGE_PACKETS_MISSING),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "Small packets arrive, the large ones before them "
			   "never do: probably a path MTU black hole in the "
			   "direction to the capture point.",
		.also = {ALSO_LOSS},
		.decide = FACTS(LARGE_PACKETS_MISSING),
		.outranks = {{"no-response", "the response was sent and lost"}},
		.why = "Captured at the receiver: small packets arrive, large "
		       "ones never [measured: d7].",
	},
};
const unsigned signatures_size_count =
	sizeof(signatures_size) / sizeof(signatures_size[0]);

/* Packets too large for the path, in a connection that may have recovered. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_size[] = {
	{
		.name = "too-big-ignored",
		.needs = FACTS(TOO_BIG_IGNORED),
		.mechanism = MECHANISM_PMTU_IGNORED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It was told that its packets are too big for the "
			   "path, and went on sending them.",
		.decide = FACTS(TOO_BIG_IGNORED),
		.also = {{MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,
			"the message is dropped between here and the "
			"sender's stack"}},
		.outranks = {{"first-large-unanswered",
				     "the path did say that it is too large"},
			{"black-hole",
				"the path did say that it is too large"}},
	},
	{
		.name = "black-hole-survived",
		.needs = FACTS(REPAIRED_BY_SMALLER),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Large packets vanished until the sender tried "
			   "smaller ones: a path MTU black hole that its "
			   "stack found a way round.",
		.also = {ALSO_LOSS},
		.decide = FACTS(REPAIRED_BY_SMALLER),
		.why = "tcp_mtu_probing and its kin in other stacks: after "
		       "some identical retransmissions a smaller segment gets "
		       "through at once [measured: d3; capture of a Windows "
		       "host].",
	},
	{
		.name = "large-never-arrive",
		.needs = FACTS(LARGE_MISSING),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "Small packets arrive, the large ones before them "
			   "never do: probably a path MTU black hole on the "
			   "way here.",
		.also = {ALSO_LOSS},
		.decide = FACTS(LARGE_MISSING),
		.outranks = {{"no-response", "it answered, and that was lost"}},
		.why = "The receiver's side: small packets come, large ones "
		       "never [measured: d7].",
	},
};
const unsigned signatures_size_count =
	sizeof(signatures_size) / sizeof(signatures_size[0]);

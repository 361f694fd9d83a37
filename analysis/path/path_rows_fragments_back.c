/* Fragments: whole packets of full size for comparison, those of a reply, and
 * whether all kinds were measured. */
#include "analysis/path/path_rows.h"

static const struct path_row full_size_rows[] = {
	{
		.name = "full-size-unanswered",
		.when = {.denies = FACTS(SILENCE_MAY_BE_LOSS)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_UNDETERMINED,
		.shows = FACTS(FULL_SIZE_ANSWERED),
		.says = "Whole packets of the interface's MTU are not "
			"answered, and smaller ones are.",
	},
};

static const struct path_doubt full_size_doubts[] = {
	{
		.name = "echo-limited",
		.most = GRADE_CERTAIN,
		.other = "a firewall that limits the size of ICMP echo",
	},
};

static const struct path_remedy full_size_remedies[] = {
	{
		.name = "measure-sizes",
		.advice = "To learn the size, the link and the direction: "
			  "{probe} --only mtu.",
	},
};

const struct path_table path_rows_full_size = {
	.title = "Whole packets beside fragments",
	PATH_ROWS(full_size_rows),
	PATH_DOUBTS(full_size_doubts),
	PATH_REMEDIES(full_size_remedies),
};

static const struct path_row back_rows[] = {
	{
		.name = "answer-in-fragments-lost",
		.when = {.denies = FACTS(SILENCE_MAY_BE_LOSS)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.figures = FIGURE_FRAGMENTS,
		.shows = FACTS(FRAGMENTS_ANSWERED),
		.says = "An echo reply that has to come back in fragments does "
			"not arrive; a reply that fits one packet, and a whole "
			"one as large as those fragments, do.",
	},
};

static const struct path_doubt back_doubts[] = {
	{
		.name = "target-limits-echo",
		.most = GRADE_CERTAIN,
		.other = "the target does not answer echo requests of that "
			 "size",
	},
};

static const struct path_remedy back_remedies[] = {
	{
		.name = "let-pass",
		.advice = "Keep UDP services, IPsec and DNS answers below the "
			  "path MTU, or let fragments pass at the firewall on "
			  "the path.",
	},
};

const struct path_table path_rows_fragments_back = {
	.title = "Fragments on the return path",
	PATH_ROWS(back_rows),
	PATH_DOUBTS(back_doubts),
	PATH_REMEDIES(back_remedies),
};

static const struct path_row all_rows[] = {
	{
		.name = "fragments-arrive",
		.when = {.needs = FACTS(ALL_FRAGMENTS_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(ALL_FRAGMENTS_ANSWERED),
		.excludes = QUESTION_BIT(FRAGMENTS_FORWARD),
		.says = "Echo requests fragmented in each way are answered.",
	},
	{
		.name = "fragments-return",
		.when = {.needs = FACTS(FRAGMENTS_RETURN)},
		.kind = FINDING_COUNT,
		.shows = FACTS(FRAGMENTS_RETURN),
		.excludes = QUESTION_BIT(FRAGMENTS_REVERSE),
		.says = "The reply to a long echo request came back.",
	},
	{
		.name = "fragments-unanswered",
		.when = {.denies = FACTS(ALL_FRAGMENTS_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(ALL_FRAGMENTS_ANSWERED),
		.opens = QUESTION_BIT(FRAGMENTS_FORWARD),
		.says = "Not all kinds of fragments were answered, and loss "
			"may be the reason.",
	},
	{
		.name = "fragments-joined-here",
		.when = {.denies = FACTS(LEFT_AS_MADE)},
		.outranks = {{"fragments-unanswered", "they were not sent"}},
		.kind = FINDING_COUNT,
		.shows = FACTS(LEFT_AS_MADE),
		.opens = QUESTION_BIT(FRAGMENTS_FORWARD),
		.says = "This host joins its own fragments before they leave "
			"(connection tracking): not all kinds were sent.",
		.settled_by = "{probe}, from a host whose firewall keeps no "
			      "connections",
	},
	{
		.name = "no-fragments-return",
		.when = {.denies = FACTS(FRAGMENTS_RETURN)},
		.kind = FINDING_COUNT,
		.shows = FACTS(FRAGMENTS_RETURN),
		.opens = QUESTION_BIT(FRAGMENTS_REVERSE),
		.says = "The reply to a long echo request, which comes in "
			"fragments, did not come back.",
	},
	{
		.name = "long-reply-whole",
		.when = {.denies = FACTS(LONG_REPLY_FRAGMENTED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(LONG_REPLY_FRAGMENTED),
		.opens = QUESTION_BIT(FRAGMENTS_REVERSE),
		.says = "The reply to a long echo request came in one packet: "
			"no fragment was sent.",
	},
	{
		.name = "no-echo",
		.when = {.denies = FACTS(WHOLE_ANSWERED)},
		.outranks = {{"fragments-unanswered",
				     "whole ones are not answered either"},
			{"no-fragments-return",
				"whole ones are not answered either"}},
		.kind = FINDING_COUNT,
		.shows = FACTS(WHOLE_ANSWERED),
		.opens = QUESTION_BIT(FRAGMENTS_FORWARD) |
			 QUESTION_BIT(FRAGMENTS_REVERSE),
		.says = "The target answers no echo requests, whole ones "
			"neither.",
		.settled_by = "let ICMP echo reach the target, or a capture at "
			      "the target",
	},
};

const struct path_table path_rows_fragments_all = {
	.title = "All fragments",
	PATH_ROWS(all_rows),
};

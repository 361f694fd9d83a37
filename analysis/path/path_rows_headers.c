/* Headers: fields that were changed on the way, the hop limit, and whether they
 * were seen at all. */
#include "analysis/path/path_rows.h"

static const struct path_row field_rows[] = {
	{
		.name = "dont-fragment-cleared",
		.when = {.denies = FACTS(DONT_FRAGMENT_KEPT)},
		.outranks = {{"field-rewritten", "it has a finding of its "
						 "own"}},
		.kind = FINDING_DF_CLEARED,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP,
		.shows = FACTS(QUOTED_AS_SENT),
		.says = "A device cleared the don't-fragment bit.",
	},
	{
		.name = "mss-lowered",
		.when = {.needs = FACTS(MSS_KEPT)},
		.outranks = {{"field-rewritten", "it has a finding of its "
						 "own"}},
		.kind = FINDING_MSS_CLAMPED,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP | FIGURE_MSS,
		.shows = FACTS(QUOTED_AS_SENT),
		.says = "A device changed the MSS of the handshake.",
	},
	{
		.name = "field-rewritten",
		.when = {.denies =
				 FACTS(QUOTED_AS_SENT, OTHER_CHANGE_EXPLAINS)},
		.kind = FINDING_REWRITTEN,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP | FIGURE_FIELD,
		.shows = FACTS(QUOTED_AS_SENT),
		.says = "A device changed a field of the header.",
	},
	/* Linux does it wherever connection tracking is on. [lab:
	 * test_fragments] */
	{
		.name = "fragments-joined",
		.when = {.denies = FACTS(FIRST_FRAGMENT_AS_SENT)},
		.kind = FINDING_REWRITTEN,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP | FIGURE_FIELD,
		.shows = FACTS(FIRST_FRAGMENT_AS_SENT),
		.says = "A device reassembled fragments.",
	},
	/* [lab: test_rewritten, half translated] */
	{
		.name = "checksum-left",
		.when = {.denies = FACTS(
				 CHECKSUM_MATCHES, OTHER_CHANGE_EXPLAINS)},
		.kind = FINDING_REWRITTEN,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP | FIGURE_FIELD,
		.shows = FACTS(CHECKSUM_MATCHES),
		.says = "A NAT restored the quoted address or port, and not "
			"the quoted checksum.",
	},
};

static const struct path_doubt field_doubts[] = {
	{
		.name = "quotes-wrongly",
		.when = {.denies = FACTS(HOP_BEHIND_CONFIRMS)},
		.outranks = {{"hops-between", "the quote itself is not "
					      "confirmed"},
			{"other-numbers", "the quote itself is not confirmed"}},
		.most = GRADE_LIKELY,
		.other = "hop {hop} quotes wrongly: no hop behind it confirms "
			 "the change",
	},
	{
		.name = "hops-between",
		.when = {.denies = FACTS(HOPS_ARE_NEIGHBOURS)},
		.outranks = {{"other-numbers",
			"the place of the change is not certain"}},
		.most = GRADE_LIKELY,
		.other = "a hop from {next hop} on: those between do not quote "
			 "enough",
	},
	{
		.name = "other-numbers",
		.of = {"checksum-left"},
		.most = GRADE_CERTAIN,
		.other = "the device restores other fields in quotes than "
			 "addresses and ports",
	},
};

static const struct path_remedy field_remedies[] = {
	{
		.name = "let-clamp",
		.of = {"mss-lowered"},
		.advice = "Nothing, usually: a device there lowers the MSS for "
			  "a link of {size} bytes behind it.",
	},
	{
		.name = "mind-its-memory",
		.of = {"fragments-joined"},
		.advice = "Nothing, usually: a device there keeps state, as a "
			  "firewall or a NAT does. Many fragments can exhaust "
			  "its reassembly memory.",
	},
};

const struct path_table path_rows_field = {
	.title = "Fields of headers",
	PATH_ROWS(field_rows),
	PATH_DOUBTS(field_doubts),
	PATH_REMEDIES(field_remedies),
};

static const struct path_row headers_rows[] = {
	{
		.name = "headers-quoted",
		.when = {.needs = FACTS(HEADERS_QUOTED)},
		.kind = FINDING_COUNT,
		.excludes = 1u << FINDING_MSS_CLAMPED |
			    1u << FINDING_DF_CLEARED | 1u << FINDING_REWRITTEN,
		.says = "A router quoted a whole handshake packet: fields that "
			"are unchanged in the quote were not rewritten before "
			"it.",
	},
};

const struct path_table path_rows_headers = {
	.title = "Headers, whether they were seen",
	PATH_ROWS(headers_rows),
};

static const struct path_row hop_limit_rows[] = {
	{
		.name = "hop-limit-set",
		.when = {.denies = FACTS(TTL_FOLLOWS_SENT)},
		.kind = FINDING_REWRITTEN,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP | FIGURE_FIELD,
		.shows = FACTS(TTL_FOLLOWS_SENT),
		.says = "A device gives every packet the same hop limit.",
	},
};

static const struct path_doubt hop_limit_doubts[] = {
	{
		.name = "target-quotes-one",
		.most = GRADE_CERTAIN,
		.other = "the target quotes one hop limit whatever arrived",
	},
};

static const struct path_remedy hop_limit_remedies[] = {
	{
		.name = "hops-hidden",
		.advice = "Hops behind that device can't be seen from here: a "
			  "finding on its link may lie behind it.",
	},
};

const struct path_table path_rows_hop_limit = {
	.title = "The hop limit",
	PATH_ROWS(hop_limit_rows),
	PATH_DOUBTS(hop_limit_doubts),
	PATH_REMEDIES(hop_limit_remedies),
};

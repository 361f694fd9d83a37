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
		.when = {.needs = FACTS(MSS_OPTION_KEPT)},
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
		.when = {.denies = FACTS(
				 QUOTED_AS_SENT, ANOTHER_CHANGE_EXPLAINS_IT)},
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
		.when = {.denies = FACTS(QUOTED_CHECKSUM_MATCHES,
				 ANOTHER_CHANGE_EXPLAINS_IT)},
		.kind = FINDING_REWRITTEN,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP | FIGURE_FIELD,
		.shows = FACTS(QUOTED_CHECKSUM_MATCHES),
		.says = "A NAT restored the quoted address or port, and not "
			"the quoted checksum.",
	},
};

static const struct path_doubt field_doubts[] = {
	{
		.name = "quotes-wrongly",
		.when = {.denies = FACTS(HOP_BEHIND_CONFIRMS)},
		.outranks = {{"other-numbers", "the quote itself is not "
					       "confirmed"}},
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
	/* [lab: test_two_faults] */
	{
		.name = "seen-of-udp",
		.when = {.denies = FACTS(ROUTERS_SEE_IT)},
		.most = GRADE_CERTAIN,
		.other = "a device nearer, on another route that UDP takes",
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
		.when = {.needs = FACTS(LAST_ROUTER_QUOTES)},
		.kind = FINDING_COUNT,
		.shows = FACTS(LAST_ROUTER_QUOTES),
		.excludes = QUESTION_BIT(DF_CLEARED) |
			    QUESTION_BIT(REWRITTEN) |
			    QUESTION_BIT(OPTION_REFUSED),
		.says = "The last router quotes the handshake packet as it "
			"was sent; a NAT restores the addresses of what it "
			"translates, and does not show.",
	},
	{
		.name = "headers-unseen",
		.when = {.denies = FACTS(LAST_ROUTER_QUOTES)},
		.kind = FINDING_COUNT,
		.shows = FACTS(LAST_ROUTER_QUOTES),
		.opens = QUESTION_BIT(DF_CLEARED) | QUESTION_BIT(REWRITTEN) |
			 QUESTION_BIT(OPTION_REFUSED),
		.says = "No router behind hop {hop} quotes a whole handshake "
			"packet.",
	},
	/* A router quotes what came in, not what it sends: the last one is
	 * seen by what the server makes of the SYN. */
	{
		.name = "mss-used",
		.when = {.needs = FACTS(FULL_SEGMENT_CAME)},
		.kind = FINDING_COUNT,
		.shows = FACTS(FULL_SEGMENT_CAME),
		.excludes = QUESTION_BIT(MSS_FORWARD),
		.says = "The server sends segments as large as this host's "
			"SYN offers.",
	},
	{
		.name = "mss-unseen",
		.when = {.denies = FACTS(FULL_SEGMENT_CAME)},
		.kind = FINDING_COUNT,
		.shows = FACTS(FULL_SEGMENT_CAME),
		.opens = QUESTION_BIT(MSS_FORWARD),
		.says = "Behind hop {hop} no router quotes the SYN's MSS, and "
			"the server sent no segment of full size.",
	},
	{
		.name = "syn-ack-mss-full",
		.when = {.needs = FACTS(SYN_ACK_MSS_FULL)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SYN_ACK_MSS_FULL),
		.excludes = QUESTION_BIT(MSS_REVERSE),
		.says = "The SYN-ACK's MSS fits the usual packets of 1500 "
			"bytes.",
	},
	{
		.name = "syn-ack-mss-lowered",
		.when = {.needs = FACTS(LARGER_THAN_MSS_CAME)},
		.kind = FINDING_MSS_CLAMPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MSS,
		.shows = FACTS(SYN_ACK_MSS_FULL, LARGER_THAN_MSS_CAME),
		.says = "The SYN-ACK's MSS is less than the target's own "
			"packets take.",
	},
	{
		.name = "syn-ack-mss-small",
		.when = {.denies = FACTS(SYN_ACK_MSS_FULL)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SYN_ACK_MSS_FULL, LARGER_THAN_MSS_CAME),
		.opens = QUESTION_BIT(MSS_REVERSE),
		.says = "The SYN-ACK's MSS fits packets of {size} bytes: a "
			"clamp on the path, or the target's own link.",
		.settled_by = "a capture at the target",
	},
};

static const struct path_doubt headers_doubts[] = {
	{
		.name = "least-mss",
		.when = {.needs = FACTS(MSS_IS_LEAST)},
		.most = GRADE_POSSIBLE,
	},
	{
		.name = "own-setting",
		.most = GRADE_CERTAIN,
		.other = "a setting of the target (advmss of its route, MSS "
			 "of its socket)",
	},
};

static const struct path_remedy headers_remedies[] = {
	{
		.name = "let-clamp-back",
		.advice = "Nothing, usually: a device lowers the MSS for a "
			  "link of {size} bytes, and this host sends no "
			  "larger packets on such connections.",
	},
};

const struct path_table path_rows_headers = {
	.title = "Headers, as far as they were seen",
	PATH_ROWS(headers_rows),
	PATH_DOUBTS(headers_doubts),
	PATH_REMEDIES(headers_remedies),
};

static const struct path_row hop_limit_rows[] = {
	{
		.name = "hop-limit-set",
		.when = {.denies = FACTS(QUOTED_TTL_FOLLOWS_SENT)},
		.kind = FINDING_REWRITTEN,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_HOP | FIGURE_FIELD,
		.shows = FACTS(QUOTED_TTL_FOLLOWS_SENT),
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

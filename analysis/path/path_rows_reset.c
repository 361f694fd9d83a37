/* Who resets connections that the probe has opened. A server may: its
 * application ends them. */
#include "analysis/path/path_rows.h"

/* What device that is, and whether certain bytes provoke it. */
#define SETTLED_BY                                                             \
	"{probe} --only reset, with the bytes that were sent (--trigger)"

static const struct path_row rows[] = {
	/* [lab: test_resets] */
	{
		.name = "reset-by-device",
		.when = {.needs = FACTS(CONNECTION_RESET, RESET_NEARER)},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_LIKELY,
		.sender = PARTY_MIDDLEBOX,
		.figures = FIGURE_HOP | FIGURE_INJECTOR,
		.shows = FACTS(CONNECTION_RESET, RESET_TTL_MATCHES_SENDER),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "A device on the path reset the probe's connection in "
			"the server's name.",
		.settled_by = SETTLED_BY,
	},
	/* [lab: test_resets] */
	{
		.name = "reset-from-elsewhere",
		.when = {.needs = FACTS(CONNECTION_RESET, RESET_FARTHER)},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_LIKELY,
		.sender = PARTY_MIDDLEBOX,
		.figures = FIGURE_INJECTOR,
		.shows = FACTS(CONNECTION_RESET, RESET_TTL_MATCHES_SENDER),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "A device on the path reset the probe's connection in "
			"the server's name, with a TTL that no packet of the "
			"server has.",
		.settled_by = SETTLED_BY,
	},
	{
		.name = "reset-forged-elsewhere",
		.when = {.needs = FACTS(RESET_FARTHER, SENDER_CONTINUED)},
		.outranks = {{"reset-from-elsewhere", "it is known to be "
						      "forged"},
			{"reset-in-servers-name", "its distance says so too"}},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_CERTAIN,
		.sender = PARTY_MIDDLEBOX,
		.figures = FIGURE_INJECTOR,
		.shows = FACTS(CONNECTION_RESET, RESET_TTL_MATCHES_SENDER,
			SENDER_CONTINUED),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "A device on the path reset the probe's connection, "
			"with a TTL that no packet of the server has, and the "
			"server knows nothing of it.",
		.settled_by = SETTLED_BY,
	},
	/* Only who has the connection acknowledges its end. [lab:
	 * test_resets] */
	{
		.name = "reset-forged",
		.when = {.needs = FACTS(RESET_NEARER, SENDER_CONTINUED)},
		.outranks = {{"reset-by-device", "it is known to be forged"},
			{"reset-in-servers-name", "its place is known"}},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_CERTAIN,
		.sender = PARTY_MIDDLEBOX,
		.figures = FIGURE_HOP | FIGURE_INJECTOR,
		.shows = FACTS(CONNECTION_RESET, RESET_TTL_MATCHES_SENDER,
			SENDER_CONTINUED),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "A device on the path reset the probe's connection, "
			"and the server knows nothing of it.",
		.settled_by = SETTLED_BY,
	},
	{
		.name = "reset-in-servers-name",
		.when = {.needs = FACTS(SENDER_CONTINUED)},
		.outranks = {{"reset-by-server",
			"it still has the connection"}},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_LIKELY,
		.sender = PARTY_MIDDLEBOX,
		.figures = FIGURE_INJECTOR,
		.shows = FACTS(CONNECTION_RESET, RESET_TTL_MATCHES_SENDER,
			SENDER_CONTINUED),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "The probe's connection was reset, and the server "
			"still acknowledged its end.",
		.settled_by = SETTLED_BY,
	},
	/* RFC 9293, 3.10.7.4. */
	{
		.name = "reset-by-server",
		.when = {.needs = FACTS(
				 CONNECTION_RESET, RESET_TTL_MATCHES_SENDER)},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_LIKELY,
		.sender = PARTY_SERVER,
		.figures = FIGURE_INJECTOR,
		.shows = FACTS(CONNECTION_RESET, RESET_TTL_MATCHES_SENDER),
		.says = "The server reset the probe's connection.",
	},
	/* [lab: test_resets] */
	{
		.name = "syn-reset-by-device",
		.when = {.needs = FACTS(SYN_ANSWERED_TWICE),
			.denies = FACTS(RESET_TTL_MATCHES_SENDER)},
		.outranks = {{"syn-reset-in-servers-name",
			"its distance says so too"}},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_CERTAIN,
		.sender = PARTY_MIDDLEBOX,
		.figures = FIGURE_HOP,
		.shows = FACTS(SYN_ANSWERED_TWICE, RESET_TTL_MATCHES_SENDER),
		.says = "A device on the path also answers SYNs, with a reset "
			"in the server's name: clients that get the reset "
			"first are refused.",
	},
	{
		.name = "syn-reset-in-servers-name",
		.when = {.needs = FACTS(SYN_ANSWERED_TWICE)},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_LIKELY,
		.sender = PARTY_MIDDLEBOX,
		.shows = FACTS(SYN_ANSWERED_TWICE, RESET_TTL_MATCHES_SENDER),
		.says = "A SYN was answered by a reset and by a SYN-ACK: "
			"clients that get the reset first are refused.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "shorter-way",
		.of = {"reset-by-device", "reset-from-elsewhere"},
		.when = {.denies = FACTS(RESET_HOPS_APART)},
		.outranks = {{"other-way", "it is one hop"},
			{"longer-way", "it is one hop"}},
		.most = GRADE_POSSIBLE,
		.other = "the server itself: one hop is what another route "
			 "explains",
	},
	{
		.name = "other-way",
		.of = {"reset-by-device"},
		.most = GRADE_CERTAIN,
		.other = "the server itself, whose resets take a shorter route",
	},
	{
		.name = "longer-way",
		.of = {"reset-from-elsewhere"},
		.most = GRADE_CERTAIN,
		.other = "the server itself, whose resets take a longer route "
			 "or begin with another TTL, or a server behind a "
			 "proxy",
	},
	{
		.name = "several-ways",
		.of = {"reset-from-elsewhere"},
		.when = {.needs = FACTS(TARGET_DISTANCES_DIFFER)},
		.most = GRADE_POSSIBLE,
	},
	{
		.name = "host-firewall",
		.of = {"reset-in-servers-name", "reset-by-server",
			"syn-reset-in-servers-name"},
		.most = GRADE_CERTAIN,
		.other = "a firewall on the server's host, or a device at its "
			 "distance",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "look-before-the-server",
		.of = {"reset-from-elsewhere", "reset-forged-elsewhere",
			"syn-reset-by-device", "syn-reset-in-servers-name"},
		.advice = "Look at the firewalls and inspection devices of "
			  "the path; a capture at the server (culprit capture) "
			  "shows whether it sent the reset.",
	},
	{
		.name = "ask-the-device",
		.of = {"reset-by-device", "reset-forged"},
		.advice = "Look at the firewall or inspection rules of the "
			  "device at hop {hop}.",
	},
	{
		.name = "capture-beside",
		.of = {"reset-by-server"},
		.advice = "The server's log, or a capture at the server "
			  "(culprit capture), says why.",
	},
};

const struct path_table path_rows_reset = {
	.title = "Resets of the probe's connections",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

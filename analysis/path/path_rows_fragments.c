/* Fragments: how far they get, and which. */
#include "analysis/path/path_rows.h"

static const char because_untold[] =
	"the target may have received fragments that it did not report";

static const struct path_row rows[] = {
	/* Others than all, or those with a tiny first one, are sent to the
	 * target alone. */
	{
		.name = "fragments-of-a-kind",
		.when = {.denies = FACTS(SENT_TO_HOPS)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS,
		.shows = FACTS(FRAGMENTS_ANSWERED),
		.says = "Packets fragmented in one way do not arrive; "
			"fragmented otherwise, or whole, they do.",
	},
	{
		.name = "fragments-somewhere",
		.when = {.denies = FACTS(DISTANCE_KNOWN)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS,
		.shows = FACTS(FRAGMENTS_ANSWERED),
		.says = "Fragments do not arrive; how far the target is, is "
			"not known.",
	},
	/* Both fragments of odd length were refused by the target (RFC 8200,
	 * 4.5), so they got there. */
	{
		.name = "odd-fragments-arrive",
		.when = {.needs = FACTS(
				 FIRST_FRAGMENTS_REACH, LATER_FRAGMENTS_REACH)},
		.outranks = {{"later-not-reported", "later ones arrived"},
			{"later-somewhere", "later ones arrived"}},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "Fragments that can't be reassembled arrive, and those "
			"that form a packet do not.",
	},
	{
		.name = "later-not-reported",
		.when = {.needs = FACTS(FIRST_FRAGMENTS_REACH),
			.denies = FACTS(TARGET_REPORTS_EACH_FRAGMENT)},
		.outranks = {{"later-somewhere", because_untold},
			{"later-or-all-somewhere", because_untold},
			{"later-at-link", because_untold},
			{"later-or-all-at-link", because_untold}},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_POSSIBLE,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments arrive; the target reports too little "
			"about later ones.",
	},
	{
		.name = "later-somewhere",
		.when = {.needs = FACTS(FIRST_FRAGMENTS_REACH),
			.denies = FACTS(LATER_FRAGMENTS_SILENCE_MAY_BE_LOSS),
			.keeps = FACTS(LATER_FRAGMENTS_REACH)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS,
		.fragments = FRAGMENTS_LATER,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments arrive and later ones do not; no "
			"router reports how far they get.",
	},
	{
		.name = "later-or-all-somewhere",
		.when = {.needs = FACTS(FIRST_FRAGMENTS_REACH,
				 LATER_FRAGMENTS_SILENCE_MAY_BE_LOSS),
			.keeps = FACTS(LATER_FRAGMENTS_REACH)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_POSSIBLE,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments arrive; reports about later ones may "
			"be lost.",
	},
	{
		.name = "later-at-link",
		.when = {.needs = FACTS(FIRST_FRAGMENTS_REACH),
			.denies = FACTS(LATER_FRAGMENTS_REACH,
				LATER_FRAGMENTS_SILENCE_MAY_BE_LOSS)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS | FIGURE_LINK_LATER,
		.fragments = FRAGMENTS_LATER,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments arrive, and later ones are lost "
			"between two hops.",
	},
	{
		.name = "later-or-all-at-link",
		.when = {.needs = FACTS(FIRST_FRAGMENTS_REACH,
				 LATER_FRAGMENTS_SILENCE_MAY_BE_LOSS),
			.denies = FACTS(LATER_FRAGMENTS_REACH)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_POSSIBLE,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS | FIGURE_LINK_LATER,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments arrive, and later ones are lost "
			"between two hops, unless reports were lost.",
	},
	{
		.name = "later-before-first",
		.when = {.needs = FACTS(LATER_FRAGMENTS_DISTINGUISHED),
			.denies = FACTS(FIRST_FRAGMENTS_REACH,
				LATER_FRAGMENTS_GET_AS_FAR)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_POSSIBLE,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS | FIGURE_LINK_BOTH,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "Later fragments are reported by fewer hops than first "
			"ones, and neither arrive.",
	},
	{
		.name = "both-at-link",
		.when = {.needs = FACTS(LATER_FRAGMENTS_DISTINGUISHED,
				 LATER_FRAGMENTS_GET_AS_FAR),
			.denies = FACTS(FIRST_FRAGMENTS_REACH,
				LATER_FRAGMENTS_GET_FARTHER)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS | FIGURE_LINK,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First and later fragments are lost between the same "
			"two hops.",
	},
	{
		.name = "first-at-link",
		.when = {.needs = FACTS(LATER_FRAGMENTS_GET_FARTHER),
			.denies = FACTS(FIRST_FRAGMENTS_SILENCE_MAY_BE_LOSS)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS | FIGURE_LINK,
		.fragments = FRAGMENTS_FIRST,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments are lost between two hops, and later "
			"ones get farther.",
	},
	{
		.name = "first-or-all-at-link",
		.when = {.needs = FACTS(LATER_FRAGMENTS_GET_FARTHER,
				 FIRST_FRAGMENTS_SILENCE_MAY_BE_LOSS)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_POSSIBLE,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS | FIGURE_LINK,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments are lost between two hops, and later "
			"ones get farther, unless reports were lost.",
	},
	{
		.name = "any-at-link",
		.when = {.denies = FACTS(FIRST_FRAGMENTS_REACH,
				 LATER_FRAGMENTS_DISTINGUISHED)},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS | FIGURE_LINK,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH, TARGET_MISSES_LATER_FRAGMENTS),
		.says = "First fragments are lost between two hops; nothing is "
			"known about later ones.",
	},
	/* The target says in IPv4 what it misses, and late. */
	{
		.name = "any-before-the-target",
		.when = {.needs = FACTS(FIRST_FRAGMENTS_VANISH_LAST),
			.denies = FACTS(LATER_FRAGMENTS_DISTINGUISHED, IPV6),
			.keeps = FACTS(TARGET_MISSES_LATER_FRAGMENTS)},
		.outranks = {{"any-at-link",
			"the run ended before the target's reassembly "
			"timeout"}},
		.kind = FINDING_FRAGMENTS_DROPPED,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_FRAGMENTS,
		.shows = FACTS(FRAGMENTS_ANSWERED, FIRST_FRAGMENTS_REACH,
			LATER_FRAGMENTS_REACH),
		.says = "First fragments pass every router that reports any; "
			"the run ended before the target's reassembly timeout.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "tried-too-few-times",
		.when = {.denies = FACTS(TRIED_OFTEN)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-explains-some",
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-is-not-well-known",
		.when = {.denies = FACTS(LOSS_WELL_KNOWN)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "target-drops-the-kind",
		.of = {"fragments-of-a-kind"},
		.most = GRADE_CERTAIN,
		.other = "the target drops them itself",
	},
	{
		.name = "target-drops",
		.of = {"fragments-somewhere"},
		.most = GRADE_CERTAIN,
		.other = "the target drops them itself",
	},
	{
		.name = "only-malformed-pass",
		.of = {"odd-fragments-arrive"},
		.most = GRADE_CERTAIN,
		.other = "a device on the path that passes only malformed "
			 "fragments",
	},
	{
		.name = "target-reports-not-each",
		.of = {"later-not-reported"},
		.most = GRADE_CERTAIN,
		.other = "the target did not report each fragment that it "
			 "received",
	},
	{
		.name = "target-drops-later",
		.of = {"later-somewhere"},
		.most = GRADE_CERTAIN,
		.other = "the target drops them itself",
	},
	{
		.name = "target-drops-later-at-the-end",
		.of = {"later-at-link"},
		.when = {.needs = FACTS(LATER_FRAGMENTS_VANISH_LAST)},
		.most = GRADE_CERTAIN,
		.other = "the target drops them itself",
	},
	/* RFC 1812, 4.3.2.7: in IPv6 too some routers report first ones only.
	 */
	{
		.name = "later-dropped-farther-on",
		.of = {"later-at-link"},
		.when = {.denies = FACTS(LATER_FRAGMENTS_VANISH_LAST)},
		.most = GRADE_CERTAIN,
		.other = "the hops behind report no later fragments, which are "
			 "dropped farther on",
	},
	{
		.name = "later-not-reported-by-all",
		.of = {"later-before-first"},
		.most = GRADE_CERTAIN,
		.other = "not all hops report later fragments; or these are "
			 "dropped before first ones are",
	},
	{
		.name = "target-drops-at-the-end",
		.of = {"both-at-link", "first-at-link"},
		.when = {.needs = FACTS(FIRST_FRAGMENTS_VANISH_LAST)},
		.most = GRADE_LIKELY,
		.other = "the target drops them itself",
	},
	{
		.name = "later-alone-may-be-dropped",
		.of = {"any-before-the-target"},
		.most = GRADE_CERTAIN,
		.other = "the target drops them itself, or only later "
			 "fragments are dropped",
	},
	{
		.name = "target-does-not-say",
		.of = {"any-at-link"},
		.when = {.needs = FACTS(FIRST_FRAGMENTS_VANISH_LAST)},
		.most = GRADE_LIKELY,
		.other = "only later fragments are dropped, anywhere, and the "
			 "target does not report that they are missing",
	},
	/* In IPv6 fragments of odd length were sent to it, and it reported
	 * neither. */
	{
		.name = "no-router-reports-later",
		.of = {"any-at-link"},
		.when = {.needs = FACTS(FIRST_FRAGMENTS_VANISH_LAST, IPV6)},
		.most = GRADE_POSSIBLE,
	},
	/* [lab: test_fragments] Linux does so wherever connection tracking is
	 * on. */
	{
		.name = "waiting-device",
		.of = {"any-at-link"},
		.when = {.needs = FACTS(FIRST_FRAGMENTS_PASS_A_ROUTER),
			.denies = FACTS(FIRST_FRAGMENTS_VANISH_LAST)},
		.most = GRADE_LIKELY,
		.other = "later fragments are dropped before that, and a "
			 "device at hop {hop} waits for them to reassemble the "
			 "packet",
	},
	{
		.name = "reports-of-first-lost",
		.when = {.needs = FACTS(FIRST_FRAGMENTS_SILENCE_MAY_BE_LOSS)},
		.outranks = {{"later-not-reported-by-all",
				     "loss explains the missing responses"},
			{"waiting-device", "loss explains the missing "
					   "responses"}},
		.most = GRADE_POSSIBLE,
		.other = "a hop farther on, whose reports about fragments were "
			 "lost",
	},
	{
		.name = "reports-of-later-lost",
		.of = {"later-or-all-somewhere", "later-or-all-at-link"},
		.most = GRADE_CERTAIN,
		.other = "a hop farther on, whose reports about fragments were "
			 "lost",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "let-pass-there",
		.of = {"later-at-link", "later-or-all-at-link",
			"later-before-first", "both-at-link", "first-at-link",
			"first-or-all-at-link", "any-at-link"},
		.advice = "Keep UDP services, IPsec and DNS answers below the "
			  "path MTU, or let fragments pass at the firewall "
			  "there.",
	},
	{
		.name = "let-pass",
		.of = {"fragments-of-a-kind", "fragments-somewhere",
			"odd-fragments-arrive", "later-not-reported",
			"later-somewhere", "later-or-all-somewhere",
			"any-before-the-target"},
		.advice = "Keep UDP services, IPsec and DNS answers below the "
			  "path MTU, or let fragments pass at the firewall on "
			  "the path.",
	},
	{
		.name = "keep-state",
		.of = {"later-somewhere", "later-at-link"},
		.advice = "Later fragments have no ports: a filter by ports "
			  "has to keep state for them.",
	},
};

const struct path_table path_rows_fragments = {
	.title = "Fragments on the forward path",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};

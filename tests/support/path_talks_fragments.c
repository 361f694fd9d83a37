/* Talks about fragments, none of which arrive unless something else is said. Of
 * n round trips of which k are lost, (k + 1) / (n + 2) are lost by the rule of
 * succession; n counts the whole echo, the one of the route, small ones and the
 * kinds that are answered. */
#include "tests/support/path_talks_parts.h"

#define KIND(kind) (1u << (kind))
#define ALL                                                                    \
	(KIND(ECHO_TWO) | KIND(ECHO_MANY) | KIND(ECHO_TINY) |                  \
		KIND(ECHO_REVERSED))
/* IPv6 and IPv4 without loss. */
#define CLEAN6 .family = 6, .echos = 30, .kinds = ALL, .tries = 4
#define CLEAN4 .family = 4, .echos = 30, .kinds = ALL, .tries = 4
/* 9 / 36, a quarter: three times in a row it is 1 in 64, four times 1 in 256.
 */
#define LOSSY6                                                                 \
	.family = 6, .echos = 32, .echos_lost = 8, .kinds = ALL, .tries = 4

/* What hops say of pairs: of all pieces, of first ones, of later ones, and of
 * none though they report whole packets. */
#define BOTH                                                                   \
	{                                                                      \
		3, 3, 3, 0                                                     \
	}
#define FIRST                                                                  \
	{                                                                      \
		3, 3, 0, 0                                                     \
	}
#define LATER_ALONE                                                            \
	{                                                                      \
		3, 0, 3, 2                                                     \
	}
#define NO_LATER                                                               \
	{                                                                      \
		3, 3, 0, 2                                                     \
	}
#define NEITHER                                                                \
	{                                                                      \
		3, 0, 0, 2                                                     \
	}

#define DO                                                                     \
	"    do: Keep UDP services, IPsec and DNS answers below the path "     \
	"MTU, "
#define PASS DO "or let fragments pass at the firewall on the path.\n"
#define PASS_THERE DO "or let fragments pass at the firewall there.\n"
#define LOST_REPORT                                                            \
	"; or a hop farther on, whose reports about fragments were lost\n"
#define UNTOLD                                                                 \
	"fragments-dropped possible by later-not-reported, forward any; or "   \
	"the target did not report each fragment that it received\n" PASS

const struct path_talk path_talks_fragments[] = {
	{
		.name = "fragments vanish at a distance that is not known",
		.fragments = {CLEAN6, .is_distance_unknown = true},
		.parts = PATH_LINES_ADVICE,
		.found = "fragments-dropped likely by fragments-somewhere, "
			 "forward any; or the target drops them itself\n" PASS,
	},
	/* The target refuses both pieces of odd length: they got there. */
	{
		.name = "malformed fragments arrive, others do not",
		.fragments = {CLEAN6, .target = {4, 4, 4, 0}},
		.parts = PATH_LINES_ADVICE,
		.found = "fragments-dropped likely by odd-fragments-arrive, "
			 "forward any; or a device on the path that passes "
			 "only malformed fragments\n" PASS,
	},
	/* The target reports each: four first pieces without their later ones.
	 */
	{
		.name = "later pieces arrive that are reported once",
		.fragments = {CLEAN6, .target = {5, 5, 1, 0}},
		.found = "fragments-dropped likely by odd-fragments-arrive, "
			 "forward any; or a device on the path that passes "
			 "only malformed fragments\n",
	},
	/* Once a first piece was reported and its later one was not: that may
	 * be a ration. */
	{
		.name = "a target that reports one piece tells too little",
		.fragments = {CLEAN6, .target = {4, 1, 0, 0}},
		.parts = PATH_LINES_ADVICE,
		.found = UNTOLD,
	},
	{
		.name = "so it does where reports may be lost",
		.fragments = {LOSSY6, .hops = {{0}, NO_LATER},
			.target = {4, 1, 0, 0}},
		.parts = PATH_LINES_ADVICE,
		.found = UNTOLD,
	},
	{
		.name = "so it does where a hop reports later ones",
		.fragments = {CLEAN6, .hops = {BOTH}, .target = {4, 1, 0, 0}},
		.parts = PATH_LINES_ADVICE,
		.found = UNTOLD,
	},
	{
		.name = "so it does where a hop reports some and loses others",
		.fragments = {LOSSY6, .hops = {BOTH, NO_LATER},
			.target = {4, 1, 0, 0}},
		.parts = PATH_LINES_ADVICE,
		.found = UNTOLD,
	},
	/* The target reports four first pieces and no later one: 1 in 256. */
	{
		.name = "later fragments vanish, or what a hop said of them",
		.fragments = {LOSSY6, .hops = {{0}, NO_LATER},
			.target = {4, 4, 0, 0}},
		.parts = PATH_LINES_ADVICE,
		.found = "fragments-dropped possible by "
			 "later-or-all-somewhere, forward any" LOST_REPORT PASS,
	},
	{
		.name = "later fragments vanish behind a hop, or what one said",
		.fragments = {LOSSY6, .hops = {BOTH, NO_LATER},
			.target = {4, 4, 0, 0}},
		.parts = PATH_LINES_ADVICE,
		.found = "fragments-dropped possible by "
			 "later-or-all-at-link, forward after 1 before 2 "
			 "any" LOST_REPORT PASS_THERE,
	},
	/* 1 in 64 for the three that the second hop did not report; then it may
	 * be no device that waits for more. */
	{
		.name = "fragments vanish behind a hop, or what one said",
		.fragments = {LOSSY6, .hops = {FIRST, NEITHER}},
		.found = "fragments-dropped possible by any-at-link, forward "
			 "after 1 before 2 any" LOST_REPORT,
	},
	{
		.name = "both pieces vanish behind a hop, or what one said",
		.fragments = {LOSSY6, .hops = {BOTH, NEITHER}},
		.found = "fragments-dropped possible by both-at-link, forward "
			 "after 1 before 2 any" LOST_REPORT,
	},
	{
		.name = "later pieces get less far than first ones",
		.fragments = {CLEAN6, .hops = {BOTH, NO_LATER, NEITHER}},
		.parts = PATH_LINES_ADVICE,
		.found = "fragments-dropped possible by later-before-first, "
			 "forward after 1 before 3 any; or not all hops report "
			 "later fragments; or these are dropped before first "
			 "ones are\n" PASS_THERE,
	},
	{
		.name = "they do, or what a hop said was lost",
		.fragments = {LOSSY6, .hops = {BOTH, NO_LATER, NEITHER}},
		.found = "fragments-dropped possible by later-before-first, "
			 "forward after 1 before 3 any" LOST_REPORT,
	},
	{
		.name = "later pieces get farther than first ones",
		.fragments = {CLEAN6, .hops = {BOTH, LATER_ALONE}},
		.found = "fragments-dropped certain by first-at-link, forward "
			 "after 1 before 2 first\n",
	},
	{
		.name = "first ones vanish there, or what a hop said",
		.fragments = {LOSSY6, .hops = {BOTH, LATER_ALONE}},
		.parts = PATH_LINES_ADVICE,
		.found = "fragments-dropped possible by first-or-all-at-link, "
			 "forward after 1 before 2 any" LOST_REPORT PASS_THERE,
	},
	/* No whole echo was answered after the wait. */
	{
		.name = "a target that was not listened to says nothing",
		.fragments = {CLEAN4, .hops = {FIRST, FIRST, FIRST}},
		.parts = PATH_LINES_ADVICE,
		.found = "fragments-dropped likely by any-before-the-target, "
			 "forward any; or the target drops them itself, or "
			 "only later fragments are dropped\n" PASS,
	},
	/* Linux says it after 30 s to 32 s. */
	{
		.name = "a target that was listened to for 30 s neither",
		.fragments = {CLEAN4, .hops = {FIRST, FIRST, FIRST},
			.listened_s = 30},
		.found = "fragments-dropped likely by any-before-the-target, "
			 "forward any; or the target drops them itself, or "
			 "only later fragments are dropped\n",
	},
	{
		.name = "one that was for 33 s would have said it",
		.fragments = {CLEAN4, .hops = {FIRST, FIRST, FIRST},
			.listened_s = 33},
		.found = "fragments-dropped likely by any-at-link, forward "
			 "after 3 before 4 any; or only later fragments are "
			 "dropped, anywhere, and the target does not report "
			 "that they are missing\n",
	},
	/* Against RFC 1812, 4.3.2.7; the third hop reports no whole packets, so
	 * that it reports no first pieces says nothing. */
	{
		.name = "a router of IPv4 that reports later pieces has them",
		.fragments = {CLEAN4, .hops = {FIRST, FIRST, {3, 0, 3, 0}}},
		.found = "fragments-dropped likely by first-at-link, forward "
			 "after 2 before 4 first; or the target drops them "
			 "itself\n",
	},
	/* In IPv6 it is asked by pieces of odd length, and is silent. */
	{
		.name = "nobody reports later pieces, and the target none",
		.fragments = {CLEAN6, .hops = {FIRST, FIRST, FIRST},
			.target = {4, 0, 0, 0}},
		.found = "fragments-dropped possible by any-at-link, forward "
			 "after 3 before 4 any; or only later fragments are "
			 "dropped, anywhere, and the target does not report "
			 "that they are missing\n",
	},
	{
		.name = "the first link drops fragments",
		.fragments = {CLEAN6, .hops = {NEITHER}},
		.found = "fragments-dropped certain by any-at-link, forward "
			 "after 0 before 1 any\n",
	},
	{
		.name = "three tries of each kind are not certain",
		.fragments = {.family = 6,
			.echos = 30,
			.kinds = ALL,
			.tries = 3,
			.hops = {NEITHER}},
		.found = "fragments-dropped likely by any-at-link, forward "
			 "after 0 before 1 any\n",
	},
	{
		.name = "two tries of each kind are no silence",
		.fragments = {.family = 6,
			.echos = 30,
			.kinds = ALL,
			.tries = 2,
			.hops = {NEITHER}},
		.found = "",
	},
	/* 12 / 40 are lost. Of two pieces one is lost with 1 - 0.7^2, of eight
	 * with 1 - 0.7^8: sixteen packets are with 2.4e-4; four reports of the
	 * first hop with 8.1e-3. */
	{
		.name = "silence that loss explains once in 4,000 times is "
			"likely fragments'",
		.fragments = {.family = 6,
			.echos = 36,
			.echos_lost = 11,
			.kinds = ALL,
			.tries = 4,
			.hops = {{4, 0, 0, 2}}},
		.found = "fragments-dropped likely by any-at-link, forward "
			 "after 0 before 1 any\n",
	},
	/* The whole echo, the route's, fifteen and twelve fragmented ones. */
	{
		.name = "29 round trips do not tell loss well",
		.fragments = {.family = 6,
			.echos = 15,
			.kinds = ALL,
			.answered = ALL & ~KIND(ECHO_TINY),
			.tries = 4,
			.hops = {NEITHER}},
		.found = "fragments-dropped likely by any-at-link, forward "
			 "after 0 before 1 tiny-first\n",
	},
	{
		.name = "30 round trips do",
		.fragments = {.family = 6,
			.echos = 16,
			.kinds = ALL,
			.answered = ALL & ~KIND(ECHO_TINY),
			.tries = 4,
			.hops = {NEITHER}},
		.found = "fragments-dropped certain by any-at-link, forward "
			 "after 0 before 1 tiny-first\n",
	},
	/* 16 / 22 are lost: (1 - (6 / 22)^2)^4 = 0.73. */
	{
		.name = "behind a tiny first piece comes one as large as the "
			"packets that are lost",
		.fragments = {.family = 6,
			.echos = 32,
			.larger = 20,
			.larger_lost = 15,
			.kinds = ALL,
			.answered = ALL & ~KIND(ECHO_TINY),
			.tries = 4,
			.hops = {NEITHER}},
		.found = "",
	},
	{
		.name = "where none of those is lost it is the fragments",
		.fragments = {.family = 6,
			.echos = 32,
			.larger = 20,
			.kinds = ALL,
			.answered = ALL & ~KIND(ECHO_TINY),
			.tries = 4,
			.hops = {NEITHER}},
		.found = "fragments-dropped certain by any-at-link, forward "
			 "after 0 before 1 tiny-first\n",
	},
	/* (9 / 52)^4 = 9.0e-4; where any is lost, ten times that is below 1 in
	 * 100. */
	{
		.name = "whole packets of full size vanish",
		.fragments = {.family = 6,
			.echos = 48,
			.echos_lost = 8,
			.kinds = KIND(ECHO_FULL),
			.tries = 4},
		.found = "pmtu-black-hole undetermined by "
			 "full-size-unanswered,; or a firewall that limits the "
			 "size of ICMP echo\n",
	},
	/* (10 / 55)^4 = 1.09e-3. */
	{
		.name = "they may be lost",
		.fragments = {.family = 6,
			.echos = 51,
			.echos_lost = 9,
			.kinds = KIND(ECHO_FULL),
			.tries = 4},
		.found = "",
	},
	/* RFC 8200, 5: links of IPv6 take 1280 bytes. */
	{
		.name = "loss of packets of 1280 bytes is loss",
		.fragments = {.family = 6,
			.echos = 51,
			.echos_lost = 9,
			.echo_bytes = 1280,
			.kinds = KIND(ECHO_FULL),
			.tries = 4},
		.found = "",
	},
	/* 12 / 40 are lost: (1 - 0.7^2)^4 = 6.8e-2. */
	{
		.name = "an answer in fragments may be lost",
		.fragments = {.family = 6,
			.echos = 28,
			.echos_lost = 11,
			.kinds = KIND(ECHO_TWO) | KIND(ECHO_FULL) |
				 KIND(ECHO_LONG),
			.answered = KIND(ECHO_TWO) | KIND(ECHO_FULL),
			.tries = 4},
		.found = "",
	},
	/* The probe was interrupted before any. */
	{
		.name = "what was not sent is not excluded",
		.fragments = {.family = 6, .echos = 30},
		.found = "",
	},
	{
		.name = "fragments of all kinds arrive, and return",
		.fragments = {.family = 6,
			.echos = 30,
			.tries = 4,
			.kinds = ALL | KIND(ECHO_LONG),
			.answered = ALL | KIND(ECHO_LONG)},
		.found = "excluded: fragments-dropped "
			 "fragments-dropped/reverse\n",
	},
	{
		.name = "a long reply in one packet shows no fragments",
		.fragments = {.family = 6,
			.echos = 30,
			.tries = 4,
			.kinds = ALL | KIND(ECHO_LONG),
			.answered = ALL | KIND(ECHO_LONG),
			.is_reply_whole = true},
		.parts = PATH_LINES_OPEN,
		.found = "excluded: fragments-dropped\n"
			 "open: fragments-dropped/reverse by "
			 "long-reply-whole\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "what this host joined again was not sent in fragments",
		.fragments = {CLEAN4, .answered = ALL, .is_joined_here = true},
		.parts = PATH_LINES_OPEN,
		.found = "open: fragments-dropped by fragments-joined-here\n"
			 "open: fragments-dropped/reverse by "
			 "no-fragments-return\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "where all are dropped, those are, too",
		.fragments = {CLEAN6, .is_joined_here = true},
		.parts = PATH_LINES_OPEN,
		.found = "fragments-dropped possible by any-at-link, "
			 "forward after 0 before 4 any; or only later "
			 "fragments are dropped, anywhere, and the target "
			 "does not report that they are missing\n"
			 "open: fragments-dropped/reverse by "
			 "no-fragments-return\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "nor where it is not answered",
		.fragments = {CLEAN6,
			.answered = KIND(ECHO_TWO) | KIND(ECHO_MANY) |
				    KIND(ECHO_REVERSED),
			.is_joined_here = true},
		.parts = PATH_LINES_OPEN,
		.found = "open: fragments-dropped by fragments-joined-here\n"
			 "open: fragments-dropped/reverse by "
			 "no-fragments-return\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "fragments of all kinds arrive",
		.fragments = {.family = 6,
			.echos = 30,
			.kinds = ALL,
			.answered = ALL,
			.tries = 1},
		.found = "excluded: fragments-dropped\n",
	},
};
const unsigned path_talks_fragments_count =
	sizeof(path_talks_fragments) / sizeof(path_talks_fragments[0]);

/* Talks about paths that take less since some time in the run, and about sizes
 * that are lost between others. */
#include "tests/support/path_story_back.h"
#include "tests/support/path_talks_parts.h"

enum { BEFORE = 30 };

static void segments(
	struct path_story *story, uint32_t bytes, unsigned sent, bool do_arrive)
{
	for (unsigned i = 0; i < sent; i++) {
		struct packet probe = path_story_segment(story, bytes, 64);

		if (do_arrive)
			path_story_named(story, &probe);
	}
}

static void refuse(struct path_story *story, uint32_t bytes, uint32_t claimed,
	unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		struct packet probe = path_story_segment(story, bytes, 64);

		path_story_error(
			story, &probe, path_story_router(2), 3, 4, claimed);
	}
}

static void limit(struct path_story *story, uint32_t echo)
{
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	segments(story, 1400, 1, true);
	refuse(story, 1401, 1400, 3);
	path_story_echo(story, echo, true);
}

static void echo_passes_what_is_refused(struct path_story *story)
{
	limit(story, 1401);
}

static void echo_passes_the_limit(struct path_story *story)
{
	limit(story, 1400);
}

static void begin(struct path_story *story)
{
	path_story_back_there(story, BEFORE);
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
}

static void takes_less_and_says_so(struct path_story *story)
{
	begin(story);
	refuse(story, 1500, 1400, 3);
	segments(story, 1400, 1, true);
	refuse(story, 1401, 1400, 1);
}

static void takes_less(struct path_story *story)
{
	begin(story);
	segments(story, 1401, 4, false);
	segments(story, 1400, 1, true);
}

static void takes_less_of_three(struct path_story *story)
{
	begin(story);
	segments(story, 1401, 3, false);
	segments(story, 1400, 1, true);
}

/* A tenth is lost, and more at the end. */
static void loses_at_last(struct path_story *story)
{
	begin(story);
	for (unsigned i = 0; i < 10; i++) {
		segments(story, 1500, 1, false);
		segments(story, 1500, 1, true);
	}
	segments(story, 1500, 4, false);
	segments(story, 1400, 1, true);
}

static void takes_less_at_last(struct path_story *story)
{
	begin(story);
	segments(story, 576, 4, true);
	refuse(story, 1500, 1400, 4);
}

static void takes_less_than_claimed(struct path_story *story)
{
	begin(story);
	segments(story, 1400, 4, true);
	refuse(story, 1500, 1300, 4);
}

static void takes_less_at_last_silently(struct path_story *story)
{
	begin(story);
	segments(story, 576, 4, true);
	segments(story, 1500, 4, false);
}

static void routes_take_turns(struct path_story *story)
{
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	segments(story, 1400, BEFORE, true);
	for (unsigned i = 0; i < 3; i++) {
		refuse(story, 1500, 1400, 2);
		segments(story, 1500, 1, true);
	}
	refuse(story, 1401, 1400, 1);
}

/* A black hole at some link; when the hops are asked it is gone. */
static void ask_hops(struct path_story *story)
{
	for (unsigned i = 0; i < 2; i++)
		for (uint8_t ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++) {
			struct packet large =
				path_story_segment(story, 1401, ttl);

			path_story_error(story, &large, path_story_router(ttl),
				11, 0, 0);
			path_story_ask(story, 1400, ttl);
		}
}

static void gone_before_hops(struct path_story *story)
{
	begin(story);
	segments(story, 1400, 2, true);
	segments(story, 1401, 4, false);
	ask_hops(story);
}

static void hole_behind_the_last_router(struct path_story *story)
{
	gone_before_hops(story);
	segments(story, 1401, 1, false);
}

/* The size is known by what a router says. */
static void rationed_limit_before_hops(struct path_story *story)
{
	begin(story);
	segments(story, 1400, 2, true);
	refuse(story, 1500, 1400, 1);
	segments(story, 1401, 4, false);
	ask_hops(story);
}

/* The connection ends before its route is asked for again. */
static void gone_beyond_mss(struct path_story *story)
{
	path_story_handshake(story, 1350);
	gone_before_hops(story);
}

/* Nothing of 1450 bytes arrives; of 1400 one does. */
static void lose_between(struct path_story *story, unsigned sent)
{
	begin(story);
	segments(story, 1450, sent, false);
	segments(story, 1400, 3, false);
	segments(story, 1400, 1, true);
	segments(story, 1500, 1, true);
}

static void sizes_vanish_between(struct path_story *story)
{
	lose_between(story, 4);
}

static void three_vanish_between(struct path_story *story)
{
	lose_between(story, 3);
}

static void all_vanish_often(struct path_story *story)
{
	begin(story);
	segments(story, 1300, 10, false);
	segments(story, 1300, 1, true);
	segments(story, 1450, 4, false);
	segments(story, 1500, 1, true);
}

#define GONE                                                                   \
	"a path that changed during the run: all routers that report them "    \
	"get such packets, and none was sent to the target afterwards\n"

const struct path_talk path_talks_change[] = {
	{
		.name = "sizes that vanish between others are told",
		.tell = sizes_vanish_between,
		.parts = PATH_LINES_EVIDENCE | PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "    tcp-agrees 2 #3 #0 1500 / 1500\n"
			 "pmtu-black-hole likely by sizes-vanish-between, "
			 "forward; or another route for these packets: which "
			 "packets are dropped is not known\n"
			 "    do: No MTU does that: look for a filter by "
			 "length.\n"
			 "    smaller-sizes-arrive 1 #72 #3 0 of 4, from 1450 "
			 "to 1450 bytes / all, as of 1500\n",
	},
	{
		.name = "a size that was sent three times may be lost",
		.tell = three_vanish_between,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "loss explains sizes that vanish between others",
		.tell = all_vanish_often,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "routes of two sizes that take turns",
		.tell = routes_take_turns,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or routes with "
			 "different MTUs: 3 of 9 packets of 1500 bytes "
			 "arrived, the others were rejected\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a limit that larger echo passes is one route's",
		.tell = echo_passes_what_is_refused,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or a limit of one "
			 "of several routes: other packets than TCP pass in "
			 "larger sizes\n",
	},
	{
		.name = "a limit that echo keeps, too, is certain",
		.tell = echo_passes_the_limit,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a path that takes less since, and says so",
		.tell = takes_less_and_says_so,
		.parts = PATH_LINES_EVIDENCE | PATH_LINES_ADVICE,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or routes that take "
			 "turns: packets of 1500 bytes arrived earlier in the "
			 "run, and none since\n"
			 "    do: Nothing, as long as senders receive the PTB "
			 "messages. The path changed during the run: probe "
			 "again.\n"
			 "    too-big-tells-the-truth 2 #81 #79 1400 / 1400\n"
			 "    next-size-fails 2 #80 #79 1401 / 1401\n"
			 "    tcp-agrees 2 #79 #80 1400 / 1400\n"
			 "    path-kept 1 #61 #60 1500 arrived until then / "
			 "and since\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a path that takes less since, and says nothing",
		.tell = takes_less,
		.parts = PATH_LINES_EVIDENCE | PATH_LINES_ADVICE,
		.found =
			"pmtu-black-hole likely by hole-somewhere, forward "
			"mtu 1400; or routes that take turns: packets of 1500 "
			"bytes arrived earlier in the run, and none since\n"
			"    do: Clamp the MSS before the link: nft add rule "
			"inet filter forward tcp flags syn tcp option maxseg "
			"size set 1360; or let ICMP type 3 code 4 from there "
			"reach the senders; or set MTU 1400 on this host's "
			"interface. The path changed during the run: probe "
			"again.\n"
			"    next-size-fails 2 #72 #77 1401 / 1401\n"
			"    larger-packets-vanish 2 #72 #0 0 of 4 answered / "
			"0 answered\n"
			"    smaller-packets-arrive 2 #77 #0 2 of 2 answered "
			"/ most answered\n"
			"    too-big-received 1 #0 #0 none / one, for the lost "
			"size\n"
			"    tcp-agrees 2 #77 #72 1400 / 1400\n"
			"    path-kept 1 #61 #60 1500 arrived until then / "
			"and since\n",
	},
	{
		.name = "three lost packets are no change",
		.tell = takes_less_of_three,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "loss is no change",
		.tell = loses_at_last,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a claim tells the size after a change",
		.tell = takes_less_at_last,
		.parts = PATH_LINES_EVIDENCE,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or routes that take "
			 "turns: packets of 1500 bytes arrived earlier in the "
			 "run, and none since\n"
			 "    too-big-tells-the-truth 2 #81 #73 1400 / 1400\n"
			 "    next-size-fails 1 #80 #73 1500 / 577\n"
			 "    tcp-agrees 2 #73 #80 576 / 576\n"
			 "    path-kept 1 #61 #60 1500 arrived until then / "
			 "and since\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a claim below what passes is no size after a change",
		.tell = takes_less_than_claimed,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or routes that take "
			 "turns: packets of 1500 bytes arrived earlier in the "
			 "run, and none since\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a black hole that no router shows may be gone",
		.tell = gone_before_hops,
		.found = "pmtu-black-hole possible by hole-at-link, forward "
			 "mtu 1400 after 4 before 5; or routes that take "
			 "turns: packets of 1500 bytes arrived earlier in the "
			 "run, and none since; or " GONE,
	},
	{
		.name = "one behind the last router is still there",
		.tell = hole_behind_the_last_router,
		.found = "pmtu-black-hole likely by hole-at-link, forward mtu "
			 "1400 after 4 before 5; or routes that take turns: "
			 "packets of 1500 bytes arrived earlier in the run, "
			 "and none since\n",
	},
	{
		.name = "a limit that a router names at times stays likely",
		.tell = rationed_limit_before_hops,
		.found = "path-mtu likely by limit-reported-at-times, forward "
			 "mtu 1400 limited-after 2 reporter ..2.1; or routes "
			 "that take turns: packets of 1500 bytes arrived "
			 "earlier in the run, and none since; or a black hole "
			 "of the same size: 1 of 5 larger packets were "
			 "answered with a PTB\n",
	},
	{
		.name = "one beyond the MSS may be gone",
		.tell = gone_beyond_mss,
		.found = "pmtu-black-hole possible by hole-beyond-mss, forward "
			 "mtu 1400 after 4 before 5; or routes that take "
			 "turns: packets of 1500 bytes arrived earlier in the "
			 "run, and none since; or " GONE,
	},
	{
		.name = "sizes are unknown where little is sent after a change",
		.tell = takes_less_at_last_silently,
		.found = "pmtu-black-hole likely by hole-somewhere, forward "
			 "mtu 576; or routes that take turns: packets of 1500 "
			 "bytes arrived earlier in the run, and none since; or "
			 "any size from 576 to 1499 bytes: no size between was "
			 "sent\n",
	},
};
const unsigned path_talks_change_count =
	sizeof(path_talks_change) / sizeof(path_talks_change[0]);

/* Talks about several limits of the forward path at once. */
#include "tests/support/path_talks_parts.h"

static void refuse(struct path_story *story, uint32_t bytes, uint32_t claimed,
	unsigned hop)
{
	struct packet probe = path_story_segment(story, bytes, 64);

	path_story_error(story, &probe, path_story_router(hop), 3, 4, claimed);
}

static void without_df(struct path_story *story)
{
	story->is_df_cleared = true;
	path_story_hops(story);
	path_story_segments(story, 1500, 30, 30);
}

/* The second router rations its PTB: one of nine. */
static void rationed(struct path_story *story)
{
	path_story_hops(story);
	path_story_segments(story, 1400, 30, 30);
	refuse(story, 1500, 1400, 2);
	path_story_segments(story, 1450, 4, 0);
	path_story_segments(story, 1401, 4, 0);
}

/* It is what the SYN-ACK's MSS allows. */
static void rationed_at_the_mss(struct path_story *story)
{
	path_story_handshake(story, 1360);
	rationed(story);
}

/* It names another size than what passes. */
static void rationed_and_untrue(struct path_story *story)
{
	path_story_hops(story);
	path_story_segments(story, 1400, 30, 30);
	refuse(story, 1500, 1399, 2);
	path_story_segments(story, 1450, 4, 0);
	path_story_segments(story, 1401, 4, 0);
}

/* Hops answer for packets that just pass, and not for larger ones. */
static void rationed_with_a_link(struct path_story *story)
{
	path_story_tell_hole(story);
	refuse(story, 1500, 1400, 2);
}

static void rationed_by_another_hop(struct path_story *story)
{
	path_story_tell_hole(story);
	refuse(story, 1500, 1400, 1);
}

/* Nothing is asked of the third hop. */
static void rationed_with_a_stretch(struct path_story *story)
{
	static const uint8_t asked[] = {1, 2, 4};

	rationed(story);
	for (unsigned i = 0; i < 9; i++) {
		path_story_ask(story, 1401, asked[i % 3]);
		path_story_ask(story, 1400, asked[i % 3]);
	}
}

/* A hole in front of a limit of 1400 bytes that the fourth router reports: so
 * many larger packets have a PTB, so many from a size on are lost. Each hop is
 * sent so many pairs; so many packets pass. */
struct before {
	unsigned told, silent, pairs, passing, lost;
	uint32_t least;
};

static void tell_before(struct path_story *story, struct before before)
{
	path_story_hops(story);
	path_story_segments(
		story, 1400, before.passing + before.lost, before.passing);
	refuse(story, 1401, 1400, 4);
	for (unsigned i = 0; i < before.told; i++)
		refuse(story, 1402 + i, 1400, 4);
	for (unsigned i = 0; i < before.silent; i++)
		path_story_segments(story, before.least + i, 1, 0);
	for (unsigned i = 0; i < before.pairs; i++)
		for (unsigned ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++) {
			path_story_ask(story, before.least, (uint8_t)ttl);
			path_story_ask(story, 1400, (uint8_t)ttl);
		}
}

static void before_limit(struct path_story *story)
{
	tell_before(story, (struct before){10, 12, 3, 30, 0, 1412});
}

/* No hop is asked. */
static void before_limit_somewhere(struct path_story *story)
{
	tell_before(story, (struct before){10, 12, 0, 30, 0, 1412});
}

/* 1 of 1,716 orders, and 13 places where it might begin. */
static void before_limit_by_few(struct path_story *story)
{
	tell_before(story, (struct before){6, 7, 3, 30, 0, 1408});
}

/* 1 of 462, and 11 places. */
static void before_limit_by_fewer(struct path_story *story)
{
	tell_before(story, (struct before){5, 6, 3, 30, 0, 1407});
}

static void before_limit_with_sizes_between(struct path_story *story)
{
	tell_before(story, (struct before){10, 12, 3, 30, 0, 1420});
}

/* Loss explains two packets of 45 once in 2,200 times. */
static void before_limit_at_a_link_by_few(struct path_story *story)
{
	tell_before(story, (struct before){10, 12, 2, 30, 0, 1412});
}

/* With six of 12 lost, once in 20 times. */
static void before_limit_at_a_link_by_fewer(struct path_story *story)
{
	tell_before(story, (struct before){10, 12, 2, 6, 6, 1412});
}

/* One of those below has no PTB, and all above: that is no chance. */
static void before_limit_with_loss(struct path_story *story)
{
	path_story_segments(story, 1403, 1, 0);
	tell_before(story, (struct before){10, 14, 3, 30, 0, 1412});
}

/* One of two has a PTB, whatever its size. */
static void rationed_by_half(struct path_story *story)
{
	path_story_hops(story);
	path_story_segments(story, 1400, 30, 30);
	for (unsigned i = 0; i < 8; i++) {
		refuse(story, 1401 + 2 * i, 1400, 4);
		path_story_segments(story, 1402 + 2 * i, 1, 0);
	}
	path_story_segments(story, 1420, 4, 0);
}

/* A limit of 1450 bytes at the first router, and a hole at the third link. */
static void limit_before_hole(struct path_story *story)
{
	path_story_tell_hole(story);
	refuse(story, 1500, 1450, 1);
}

/* The router before the hole says another size than it takes. */
static void untrue_at_the_hole(struct path_story *story)
{
	path_story_tell_hole(story);
	refuse(story, 1500, 1450, 2);
}

static void nobodys_limit_before_hole(struct path_story *story)
{
	path_story_tell_hole(story);
	refuse(story, 1500, 1450, 77);
}

const struct path_talk path_talks_above[] = {
	{
		.name = "without DF packets may arrive in fragments",
		.tell = without_df,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or a smaller link on the path: a device "
			 "clears the don't-fragment bit, and packets may "
			 "arrive in fragments\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a rationed PTB that is true is a limit",
		.tell = rationed,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu likely by limit-reported-at-times, forward "
			 "mtu 1400 limited-after 2 reporter ..2.1; or a "
			 "black hole of the same size: 1 of 9 larger packets "
			 "were answered with a PTB\n"
			 "    do: Let hop 2 send more PTB (its rate limit of "
			 "ICMP errors), or clamp the MSS there to 1360: "
			 "senders wait for a retransmission until one comes.\n"
			 "open: pmtu-black-hole by limit-reported-at-times\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "so it is where the MSS is that size",
		.tell = rationed_at_the_mss,
		.found = "path-mtu likely by limit-reported-at-times, "
			 "forward mtu 1400 limited-after 2 reporter ..2.1; "
			 "or a black hole of the same size: 1 of 9 larger "
			 "packets were answered with a PTB\n",
	},
	{
		.name = "one that is untrue is none",
		.tell = rationed_and_untrue,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "pmtu-black-hole certain by hole-somewhere, forward "
			 "mtu 1400\n"
			 "    do: Clamp the MSS before the link: nft add "
			 "rule inet filter forward tcp flags syn tcp option "
			 "maxseg size set 1360; or let ICMP type 3 code 4 "
			 "from there reach the senders; or set MTU 1400 on "
			 "this host's interface.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "it is where hops fall silent, too",
		.tell = rationed_with_a_link,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu likely by limit-reported-at-times, forward "
			 "mtu 1400 limited-after 2 reporter ..2.1; or a "
			 "black hole of the same size: 1 of 30 larger "
			 "packets were answered with a PTB\n"
			 "    do: Let hop 2 send more PTB (its rate limit of "
			 "ICMP errors), or clamp the MSS there to 1360: "
			 "senders wait for a retransmission until one comes.\n"
			 "open: pmtu-black-hole by limit-reported-at-times\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "it is where another hop names it",
		.tell = rationed_by_another_hop,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu likely by limit-reported-at-times, forward "
			 "mtu 1400 limited-after 1 reporter ..1.1; or a "
			 "black hole of the same size: 1 of 30 larger "
			 "packets were answered with a PTB\n"
			 "    do: Let hop 1 send more PTB (its rate limit of "
			 "ICMP errors), or clamp the MSS there to 1360: "
			 "senders wait for a retransmission until one comes.\n"
			 "open: pmtu-black-hole by limit-reported-at-times\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "it is where hops between are not known",
		.tell = rationed_with_a_stretch,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu likely by limit-reported-at-times, forward "
			 "mtu 1400 limited-after 2 reporter ..2.1; or a "
			 "black hole of the same size: 1 of 9 larger packets "
			 "were answered with a PTB\n"
			 "    do: Let hop 2 send more PTB (its rate limit of "
			 "ICMP errors), or clamp the MSS there to 1360: "
			 "senders wait for a retransmission until one comes.\n"
			 "open: pmtu-black-hole by limit-reported-at-times\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a hole in front of a limit is found",
		.tell = before_limit,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "pmtu-black-hole certain by hole-before-limit, "
			 "forward mtu 1411 after 2 before 3\n"
			 "    do: Clamp the MSS at hop 2 to what passes "
			 "both: nft add rule inet filter forward tcp flags "
			 "syn tcp option maxseg size set 1360; or let ICMP "
			 "type 3 code 4 from there reach the senders.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "without a link it is likely",
		.tell = before_limit_somewhere,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "pmtu-black-hole likely by "
			 "hole-before-limit-somewhere, forward mtu 1411\n"
			 "    do: Clamp the MSS before the link to what "
			 "passes both: nft add rule inet filter forward tcp "
			 "flags syn tcp option maxseg size set 1360; or let "
			 "ICMP type 3 code 4 from there reach the senders.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "by few packets it is likely",
		.tell = before_limit_by_few,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "pmtu-black-hole likely by hole-before-limit, "
			 "forward mtu 1407 after 2 before 3; or a router "
			 "that rate-limits its PTB, and left these packets "
			 "without one by chance\n"
			 "    do: Clamp the MSS at hop 2 to what passes "
			 "both: nft add rule inet filter forward tcp flags "
			 "syn tcp option maxseg size set 1360; or let ICMP "
			 "type 3 code 4 from there reach the senders.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "by fewer it is not told",
		.tell = before_limit_by_fewer,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "    do: Packets above 1406 bytes are lost without "
			 "an ICMP error, also for senders that begin at that "
			 "size: a black hole in front of that router, or a "
			 "rate limit of its PTB messages.\n"
			 "open: pmtu-black-hole by larger-vanish\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "it may begin at any size between",
		.tell = before_limit_with_sizes_between,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "pmtu-black-hole likely by hole-before-limit, "
			 "forward mtu 1411 after 2 before 3; or any size "
			 "from 1411 to 1419 bytes: no size between was sent\n"
			 "    do: Clamp the MSS at hop 2 to what passes "
			 "both: nft add rule inet filter forward tcp flags "
			 "syn tcp option maxseg size set 1360; or let ICMP "
			 "type 3 code 4 from there reach the senders.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "loss at the link makes it likely",
		.tell = before_limit_at_a_link_by_few,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "pmtu-black-hole likely by hole-before-limit, "
			 "forward mtu 1411 after 2 before 3\n"
			 "    do: Clamp the MSS at hop 2 to what passes "
			 "both: nft add rule inet filter forward tcp flags "
			 "syn tcp option maxseg size set 1360; or let ICMP "
			 "type 3 code 4 from there reach the senders.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "much loss makes it possible",
		.tell = before_limit_at_a_link_by_fewer,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "pmtu-black-hole possible by hole-before-limit, "
			 "forward mtu 1411 after 2 before 3\n"
			 "    do: Clamp the MSS at hop 2 to what passes "
			 "both: nft add rule inet filter forward tcp flags "
			 "syn tcp option maxseg size set 1360; or let ICMP "
			 "type 3 code 4 from there reach the senders.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a lost PTB does not hide a hole in front of a limit",
		.tell = before_limit_with_loss,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "pmtu-black-hole certain by hole-before-limit, "
			 "forward mtu 1411 after 2 before 3\n"
			 "    do: Clamp the MSS at hop 2 to what passes "
			 "both: nft add rule inet filter forward tcp flags "
			 "syn tcp option maxseg size set 1360; or let ICMP "
			 "type 3 code 4 from there reach the senders.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a router that rations PTB by half hides no hole",
		.tell = rationed_by_half,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..4.1\n"
			 "    do: Packets above 1415 bytes are lost without "
			 "an ICMP error, also for senders that begin at that "
			 "size: a black hole in front of that router, or a "
			 "rate limit of its PTB messages.\n"
			 "open: pmtu-black-hole by larger-vanish\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a limit in front of a hole is told, too",
		.tell = limit_before_hole,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "pmtu-black-hole certain by hole-at-link, forward "
			 "mtu 1400 after 2 before 3\n"
			 "    do: Clamp the MSS at hop 2: nft add rule inet "
			 "filter forward tcp flags syn tcp option maxseg "
			 "size set 1360; or let ICMP type 3 code 4 from "
			 "there reach the senders; or set MTU 1400 on this "
			 "host's interface. ICMP errors of hop 2 arrive here "
			 "(time exceeded, for the same flow): the PTB is "
			 "never sent, or filtered by its type.\n"
			 "path-mtu likely by limit-before-hole, forward mtu "
			 "1450 limited-after 1 reporter ..1.1; or a size "
			 "that the router claims and that its link does not "
			 "have: no packet of it arrived\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "an untrue size at the hole is no limit",
		.tell = untrue_at_the_hole,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "pmtu-black-hole certain by hole-at-link, forward "
			 "mtu 1400 after 2 before 3\n"
			 "    do: Clamp the MSS at hop 2: nft add rule inet "
			 "filter forward tcp flags syn tcp option maxseg "
			 "size set 1360; or let ICMP type 3 code 4 from "
			 "there reach the senders; or set MTU 1400 on this "
			 "host's interface. Hop 2 sends a PTB for other "
			 "sizes, and it arrives here: for this size it is "
			 "never sent.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "nor is one of nobody",
		.tell = nobodys_limit_before_hole,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "pmtu-black-hole certain by hole-at-link, forward "
			 "mtu 1400 after 2 before 3\n"
			 "    do: Clamp the MSS at hop 2: nft add rule inet "
			 "filter forward tcp flags syn tcp option maxseg "
			 "size set 1360; or let ICMP type 3 code 4 from "
			 "there reach the senders; or set MTU 1400 on this "
			 "host's interface. ICMP errors of hop 2 arrive here "
			 "(time exceeded, for the same flow): the PTB is "
			 "never sent, or filtered by its type.\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
};
const unsigned path_talks_above_count =
	sizeof(path_talks_above) / sizeof(path_talks_above[0]);

/* Talks about segments on the way back, where 1500 bytes get there. */
#include "tests/support/path_story_back.h"
#include "tests/support/path_talks_parts.h"

/* Only the rest comes, and no size is known that arrives. */
static void only_the_rest(
	struct path_story *story, unsigned count, uint32_t echo)
{
	path_story_back_there(story, 98);
	path_story_echo(story, echo, true);
	for (unsigned i = 0; i < count; i++) {
		uint16_t port = path_story_back_connect(story, i, 1460);

		/* may be of several segments, put together by the card */
		path_story_hear(story, port, TCP_ACK, 1421, 60);
		story->time_ns += 200000000;
		path_story_say(story, port, TCP_ACK, 1, 0);
	}
}

static void only_the_rest_comes(struct path_story *story)
{
	only_the_rest(story, 1, 69);
}

static void only_the_rest_comes_though_echo_does(struct path_story *story)
{
	only_the_rest(story, 3, PATH_STORY_FULL);
}

/* 1400 bytes, at an odd port and at an even one. */
static void passes(struct path_story *story)
{
	path_story_back_arrives(story, 0, 1400);
	path_story_back_arrives(story, 1, 1400);
}

/* (0 + 1) / (98 + 2) for one that is missing: 1 in 100 is not below. */
static void one_missing(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing_often(story, 1, 1401);
}

static void two_missing(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing_often(story, 2, 1401);
}

static void three_missing(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing_often(story, 3, 1401);
}

/* The rest comes, and we leave so long after it; a round trip takes 1 ms. */
static void missing_for(struct path_story *story, int64_t ms)
{
	path_story_back_there(story, 98);
	passes(story);
	for (unsigned i = 0; i < 3; i++) {
		uint16_t port = path_story_back_connect(story, 10 + i, 1401);

		path_story_hear(story, port, TCP_ACK | TCP_PSH, 1362, 60);
		story->time_ns += (ms - 1) * 1000000;
		path_story_say(story, port, TCP_ACK, 1, 0);
	}
}

static void missing_for_37_ms(struct path_story *story)
{
	missing_for(story, 37);
}

static void missing_for_46_ms(struct path_story *story)
{
	missing_for(story, 46);
}

/* 1460 bytes pass at ports of one parity, and 1400 at those of the other: none
 * of the sizes contradicts another, and none was measured on one parity. */
static void limits_differ(struct path_story *story, unsigned first)
{
	path_story_back_there(story, 98);
	path_story_back_missing(story, first, PATH_STORY_FULL);
	path_story_back_missing(story, first + 1, 1480);
	path_story_back_arrives(story, first + 2, 1450);
	path_story_back_missing(story, first + 3, 1451);
	path_story_back_missing(story, first + 5, 1451);
}

static void less_passes_at_even_ports(struct path_story *story)
{
	limits_differ(story, 10);
}

static void less_passes_at_odd_ports(struct path_story *story)
{
	limits_differ(story, 11);
}

/* The size that passes is known of both, and the next one of odd ports. */
static void next_size_at_odd_ports(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing(story, 10, 1401);
	path_story_back_missing(story, 11, PATH_STORY_FULL);
	path_story_back_missing(story, 12, 1401);
}

/* The next size is known of both, and the one that passes of odd ports. */
static void size_passes_at_odd_ports(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_back_arrives(story, 0, 1400);
	path_story_back_missing_often(story, 3, 1401);
}

static void missing_with_sizes_between(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing_often(story, 3, PATH_STORY_FULL);
}

/* Echo comes in fragments of 1396 bytes: up to 1403 may fit. */
static void missing_and_echo_in_fragments(struct path_story *story)
{
	three_missing(story);
	path_story_echo_cut(story, PATH_STORY_FULL, 1396);
}

static void missing_and_server_cuts(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_back_cut(story, 0, 1400);
	path_story_back_arrives(story, 1, 1400);
	path_story_back_missing_often(story, 3, 1401);
}

static void one_missing_and_echo_returns(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing_often(story, 1, PATH_STORY_FULL);
	path_story_echo(story, PATH_STORY_FULL, true);
}

/* By loss, which so few packets do not rule out. */
static void missing_at_both_parities(struct path_story *story)
{
	path_story_back_there(story, 5);
	passes(story);
	path_story_back_missing_often(story, 2, PATH_STORY_FULL);
	path_story_echo(story, PATH_STORY_FULL, true);
}

static void missing_for_tcp(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing_often(story, 3, 1470);
	path_story_echo(story, 1480, true);
}

static void missing_for_tcp_and_echo_in_fragments(struct path_story *story)
{
	missing_for_tcp(story);
	path_story_echo_cut(story, PATH_STORY_FULL, 1476);
}

static void missing_for_tcp_and_echo_lost(struct path_story *story)
{
	missing_for_tcp(story);
	path_story_echo(story, PATH_STORY_FULL, false);
}

static void missing_for_tcp_and_server_cuts(struct path_story *story)
{
	missing_for_tcp(story);
	path_story_back_cut(story, 0, 1410);
	path_story_back_arrives(story, 3, 1410);
}

static void missing_for_tcp_and_server_says_little(struct path_story *story)
{
	missing_for_tcp(story);
	path_story_back_cut(story, TCP_PSH, 200);
}

/* A segment of full size that the card may have put together of smaller ones,
 * as its checksum is not right, comes again so long after the first. */
static void comes_again(struct path_story *story, int64_t ms)
{
	uint16_t port;

	path_story_back_there(story, 98);
	port = path_story_back_connect(story, 0, PATH_STORY_FULL);
	path_story_hear(story, port, TCP_ACK, 1, 1460);
	story->time_ns += (ms - 1) * 1000000;
	path_story_hear(story, port, TCP_ACK, 1, 1460);
}

static void comes_again_after_18_ms(struct path_story *story)
{
	comes_again(story, 18);
}

static void comes_again_after_22_ms(struct path_story *story)
{
	comes_again(story, 22);
}

/* At an odd port and at an even one. */
static void full_at_both_parities(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_back_arrives(story, 0, PATH_STORY_FULL);
	path_story_back_arrives(story, 1, PATH_STORY_FULL);
}

/* On three connections a size vanishes that passes on a fourth. */
static void contrary(struct path_story *story, uint32_t size)
{
	for (unsigned i = 0; i < 3; i++)
		path_story_back_missing(story, 30 + i, size);
}

static void missing_and_contrary(struct path_story *story)
{
	missing_with_sizes_between(story);
	contrary(story, 1350);
}

/* No parity was measured alone, and echo says what passes. */
static void parities_mixed_and_echo_returns(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_back_arrives(story, 0, 1400);
	path_story_back_missing(story, 11, PATH_STORY_FULL);
	path_story_echo(story, PATH_STORY_FULL, true);
}

static void missing_for_tcp_at_odd_ports(struct path_story *story)
{
	path_story_back_there(story, 98);
	passes(story);
	path_story_back_missing(story, 10, 1470);
	path_story_back_missing(story, 12, 1470);
	path_story_echo(story, 1480, true);
}

/* On one, which may be loss: (0 + 1) / (98 + 2). */
static void missing_and_once_contrary(struct path_story *story)
{
	three_missing(story);
	path_story_back_missing(story, 30, 1350);
}

static void missing_for_tcp_and_once_contrary(struct path_story *story)
{
	missing_for_tcp(story);
	path_story_back_missing(story, 30, 1350);
}

static void full_and_once_contrary(struct path_story *story)
{
	full_at_both_parities(story);
	path_story_back_missing(story, 30, 1350);
}

static void echo_and_once_contrary(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo(story, PATH_STORY_FULL, true);
	passes(story);
	path_story_back_missing(story, 30, 1350);
}

/* Sizes that TCP loses and echo does not, as limits_differ. */
static void limits_differ_for_tcp(struct path_story *story)
{
	limits_differ(story, 10);
	path_story_echo(story, 1480, true);
}

/* A segment of 1500 bytes was refused: its bytes come as 1428 and, later than
 * the rest of the answer, 112. */
static void cut_anew(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_back_arrives(story, 0, 1428);
	for (unsigned i = 0; i < 3; i++) {
		uint16_t port =
			path_story_back_connect(story, 30 + i, PATH_STORY_FULL);

		path_story_back_segment(story, port, 0, 1, 1428);
		path_story_back_segment(story, port, TCP_PSH, 1461, 957);
	}
}

static void missing_for_tcp_and_contrary(struct path_story *story)
{
	missing_for_tcp(story);
	contrary(story, 1350);
}

static void echo_returns_and_contrary(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo(story, PATH_STORY_FULL, true);
	passes(story);
	contrary(story, 1350);
}

static void segment_arrives_and_contrary(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_back_arrives(story, 0, PATH_STORY_FULL);
	contrary(story, 1350);
}

/* Connections with 1500 bytes; an x loses them. */
static void in_order(struct path_story *story, const char *order)
{
	path_story_back_there(story, 40);
	for (unsigned i = 0; order[i]; i++)
		if (order[i] == 'x')
			path_story_back_missing(story, i, PATH_STORY_FULL);
		else
			path_story_back_arrives(story, i, PATH_STORY_FULL);
}

static void loses_after_all(struct path_story *story)
{
	in_order(story, "......xxxxxx");
}

static void loses_before_all(struct path_story *story)
{
	in_order(story, "xxxxxx......");
}

static void four_lose_after_four(struct path_story *story)
{
	in_order(story, "....xxxx");
}

static void loses_between(struct path_story *story)
{
	in_order(story, ".....xxxxxx.");
}

#define CHANGED                                                                \
	"a path that changed during the run: the connections that lose 1500 "  \
	"bytes were opened after all others, or before them\n"
#define THERE "path-mtu certain by full-size-passes, forward mtu 1500\n"
#define NO_HOLE "excluded: pmtu-black-hole\n"
#define NO_HOLES "excluded: pmtu-black-hole pmtu-black-hole/reverse\n"
#define ODD_ONLY                                                               \
	"; or another result on connections from even source ports: this "     \
	"size was not measured on them\n"
#define MIXED                                                                  \
	"; or limits that differ between even and odd source ports: none of "  \
	"them was measured alone\n"
#define FOR_TCP                                                                \
	"; or a device that drops large TCP segments, and passes other "       \
	"packets of that size\n"

#define DIFFER(connections)                                                    \
	"pmtu-black-hole likely by ways-back-differ, reverse\n"                \
	"    do: Several routes, or several servers behind one address: 3 "    \
	"of " connections                                                      \
	" connections lose packets of 1350 bytes, and perhaps "                \
	"smaller ones. Look at the one that these take.\n"

const struct path_talk path_talks_back[] = {
	/* Of twelve in all orders two in 924 have six first. */
	{
		.name = "connections that lose after all others show a change",
		.tell = loses_after_all,
		.found = THERE "pmtu-black-hole possible by ways-back-differ, "
			       "reverse; or " CHANGED NO_HOLE,
	},
	{
		.name = "and so do those that lose before",
		.tell = loses_before_all,
		.found = THERE "pmtu-black-hole possible by ways-back-differ, "
			       "reverse; or " CHANGED NO_HOLE,
	},
	{
		.name = "four of eight may lose last by chance",
		.tell = four_lose_after_four,
		.found = THERE "pmtu-black-hole likely by ways-back-differ, "
			       "reverse\n" NO_HOLE,
	},
	{
		.name = "connections that lose between others show no change",
		.tell = loses_between,
		.found = THERE "pmtu-black-hole likely by ways-back-differ, "
			       "reverse\n" NO_HOLE,
	},
	{
		.name = "the rest alone tells no size",
		.tell = only_the_rest_comes,
		.found = THERE NO_HOLE,
	},
	{
		.name = "nor does it where echo returns",
		.tell = only_the_rest_comes_though_echo_does,
		.found = THERE
		"path-mtu certain by echo-full-returns, reverse mtu "
		"1500\n" NO_HOLES,
	},
	{
		.name = "a missing segment may be lost",
		.tell = one_missing,
		.found = THERE "pmtu-black-hole possible by segment-missing, "
			       "reverse mtu 1400" ODD_ONLY NO_HOLE,
	},
	{
		.name = "two missing segments are likely a hole",
		.tell = two_missing,
		.found = THERE
		"pmtu-black-hole likely by segment-missing, reverse "
		"mtu 1400\n" NO_HOLE,
	},
	{
		.name = "three missing segments are a hole",
		.tell = three_missing,
		.found = THERE "pmtu-black-hole certain by segment-missing, "
			       "reverse mtu 1400\n" NO_HOLE,
	},
	{
		.name = "other sizes may pass at odd ports than at even ones",
		.tell = less_passes_at_even_ports,
		.found = THERE "pmtu-black-hole possible by segment-missing, "
			       "reverse mtu 1450" MIXED NO_HOLE,
	},
	{
		.name = "other sizes may pass at even ports than at odd ones",
		.tell = less_passes_at_odd_ports,
		.found = THERE "pmtu-black-hole possible by segment-missing, "
			       "reverse mtu 1450" MIXED NO_HOLE,
	},
	{
		.name = "the next size may pass at even ports",
		.tell = next_size_at_odd_ports,
		.found = THERE "pmtu-black-hole likely by segment-missing, "
			       "reverse mtu 1400" ODD_ONLY NO_HOLE,
	},
	{
		.name = "the size that passes may be lost at even ports",
		.tell = size_passes_at_odd_ports,
		.found = THERE "pmtu-black-hole likely by segment-missing, "
			       "reverse mtu 1400" ODD_ONLY NO_HOLE,
	},
	/* 40 ms beside a round trip: probe/protocol/probe_rules.h. */
	{
		.name = "a segment that may still come is not missing",
		.tell = missing_for_37_ms,
		.found = THERE NO_HOLE,
	},
	{
		.name = "one that had time to come is",
		.tell = missing_for_46_ms,
		.found = THERE "pmtu-black-hole certain by segment-missing, "
			       "reverse mtu 1400\n" NO_HOLE,
	},
	{
		.name = "a hole on the way back may begin at any size that was "
			"not tried",
		.tell = missing_with_sizes_between,
		.found = THERE
		"pmtu-black-hole likely by segment-missing, reverse "
		"mtu 1400; or any size from 1400 to 1499 bytes: no "
		"size between was sent\n" NO_HOLE,
	},
	{
		.name = "missing segments count more than echo in fragments",
		.tell = missing_and_echo_in_fragments,
		.found = THERE "pmtu-black-hole certain by segment-missing, "
			       "reverse mtu 1400\n" NO_HOLE,
	},
	{
		.name = "missing segments count more than smaller ones",
		.tell = missing_and_server_cuts,
		.found = THERE "pmtu-black-hole certain by segment-missing, "
			       "reverse mtu 1400\n" NO_HOLE,
	},
	{
		.name = "a lost segment is no hole where echo comes back",
		.tell = one_missing_and_echo_returns,
		.found = THERE
		"path-mtu likely by echo-full-returns, reverse mtu "
		"1500" ODD_ONLY NO_HOLE,
	},
	{
		.name = "nor are two at ports of both parities",
		.tell = missing_at_both_parities,
		.found = THERE
		"path-mtu certain by echo-full-returns, reverse mtu "
		"1500\n" NO_HOLES,
	},
	{
		.name = "many lost segments are a hole for TCP",
		.tell = missing_for_tcp,
		.found = THERE
		"pmtu-black-hole likely by segment-missing-for-tcp, "
		"reverse mtu 1400" FOR_TCP NO_HOLE,
	},
	{
		.name = "a hole for TCP counts more than echo in fragments",
		.tell = missing_for_tcp_and_echo_in_fragments,
		.found = THERE
		"pmtu-black-hole likely by segment-missing-for-tcp, "
		"reverse mtu 1400" FOR_TCP NO_HOLE,
	},
	{
		.name = "a hole for TCP counts more than lost echo",
		.tell = missing_for_tcp_and_echo_lost,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or 1480 bytes by the route that echo takes: "
			 "larger echo requests are not answered, which the "
			 "return path or a firewall may cause, too\n"
			 "pmtu-black-hole likely by segment-missing-for-tcp, "
			 "reverse mtu 1400; or a device that drops large TCP "
			 "segments, and passes other packets of that size\n",
	},
	{
		.name = "a hole for TCP counts more than smaller segments",
		.tell = missing_for_tcp_and_server_cuts,
		.found = THERE
		"pmtu-black-hole likely by segment-missing-for-tcp, "
		"reverse mtu 1410" FOR_TCP NO_HOLE,
	},
	{
		.name = "a hole for TCP counts more than few words",
		.tell = missing_for_tcp_and_server_says_little,
		.found = THERE
		"pmtu-black-hole likely by segment-missing-for-tcp, "
		"reverse mtu 1400" FOR_TCP NO_HOLE,
	},
	/* No sender repeats a segment before 20 ms:
	 * probe/protocol/probe_rules.h.
	 */
	{
		.name = "what comes again at once may be of several segments",
		.tell = comes_again_after_18_ms,
		.found = THERE NO_HOLE,
	},
	{
		.name = "what comes again after a timeout is a segment",
		.tell = comes_again_after_22_ms,
		.found = THERE
		"path-mtu likely by segment-full-arrives, reverse "
		"mtu 1500" ODD_ONLY NO_HOLE,
	},
	{
		.name = "segments at ports of both parities exclude a hole",
		.tell = full_at_both_parities,
		.found = THERE
		"path-mtu certain by segment-full-arrives, reverse "
		"mtu 1500\n" NO_HOLES,
	},
	{
		.name = "a hole may be of several ways",
		.tell = missing_and_contrary,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by ways-back-differ, reverse\n"
			 "    do: Several routes, or several servers behind "
			 "one address: 3 of 8 connections lose packets of 1350 "
			 "bytes, and perhaps smaller ones. Look at the one "
			 "that these take.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a hole for TCP may be of limits that differ by port",
		.tell = limits_differ_for_tcp,
		.found = THERE
		"pmtu-black-hole possible by segment-missing-for-tcp, "
		"reverse mtu 1450; or limits that differ between even and odd "
		"source ports: none of them was measured alone" FOR_TCP NO_HOLE,
	},
	{
		.name = "echo says the size where no parity was measured alone",
		.tell = parities_mixed_and_echo_returns,
		.found = THERE
		"path-mtu likely by echo-full-returns, reverse mtu 1500; or "
		"another result on connections from even or odd source ports: "
		"this size was not measured on them\n" NO_HOLE,
	},
	{
		.name = "a hole for TCP may be of odd ports",
		.tell = missing_for_tcp_at_odd_ports,
		.found = THERE
		"pmtu-black-hole likely by segment-missing-for-tcp, reverse "
		"mtu 1400; or another result on connections from even source "
		"ports: this size was not measured on them" FOR_TCP NO_HOLE,
	},
	{
		.name = "a smaller size that vanished once may be another "
			"limit",
		.tell = missing_and_once_contrary,
		.found = THERE
		"pmtu-black-hole possible by segment-missing, reverse mtu "
		"1400; or limits that differ by connection: 1350 bytes "
		"vanished on 1 of 6 connections\n" NO_HOLE,
	},
	{
		.name = "so it may where echo returns",
		.tell = missing_for_tcp_and_once_contrary,
		.found = THERE
		"pmtu-black-hole possible by segment-missing-for-tcp, reverse "
		"mtu 1400; or limits that differ by connection: 1350 bytes "
		"vanished on 1 of 6 connections" FOR_TCP NO_HOLE,
	},
	{
		.name = "with it segments of full size exclude no hole",
		.tell = full_and_once_contrary,
		.found = THERE
		"path-mtu possible by segment-full-arrives, reverse mtu 1500; "
		"or limits that differ by connection: 1350 bytes vanished on "
		"1 of 3 connections\n" NO_HOLE,
	},
	{
		.name = "nor does echo of full size",
		.tell = echo_and_once_contrary,
		.found = THERE
		"path-mtu possible by echo-full-returns, reverse mtu 1500; or "
		"limits that differ by connection: 1350 bytes vanished on 1 of "
		"3 connections\n" NO_HOLE,
	},
	{
		.name = "the last piece of what was cut anew is no lost size",
		.tell = cut_anew,
		.found = THERE NO_HOLE,
	},
	{
		.name = "a hole for TCP may be of several ways",
		.tell = missing_for_tcp_and_contrary,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by ways-back-differ, reverse\n"
			 "    do: Several routes, or several servers behind "
			 "one address: 3 of 8 connections lose packets of 1350 "
			 "bytes, and perhaps smaller ones. Look at the one "
			 "that these take.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "echo of full size may go one of several ways",
		.tell = echo_returns_and_contrary,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by ways-back-differ, reverse\n"
			 "    do: Several routes, or several servers behind "
			 "one address: 3 of 5 connections lose packets of 1350 "
			 "bytes, and perhaps smaller ones. Look at the one "
			 "that these take.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a segment of full size may go one of several ways",
		.tell = segment_arrives_and_contrary,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by ways-back-differ, reverse\n"
			 "    do: Several routes, or several servers behind "
			 "one address: 3 of 4 connections lose packets of 1350 "
			 "bytes, and perhaps smaller ones. Look at the one "
			 "that these take.\n"
			 "excluded: pmtu-black-hole\n",
	},
};
const unsigned path_talks_back_count =
	sizeof(path_talks_back) / sizeof(path_talks_back[0]);

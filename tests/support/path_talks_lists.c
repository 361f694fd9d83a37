/* Talks about what is excluded, and what is not determined. */
#include "tests/support/path_talks_parts.h"

/* All rulers say 1500 bytes, and 18 of 20 of that size are lost. */
static void vanishing(struct path_story *story)
{
	path_story_segments(story, 1400, 30, 30);
	path_story_segments(story, 1500, 20, 2);
	path_story_echo(story, 1500, true);
}

/* The limit is told; echo of that size does not come back. */
static void told_and_echo_less(struct path_story *story)
{
	struct packet probe;

	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	path_story_segments(story, 1400, 4, 4);
	probe = path_story_segment(story, 1401, 64);
	story->quoted_ttl = 62;
	path_story_error(story, &probe, path_story_router(2), 3, 4, 1400);
	path_story_echo(story, 1300, true);
	path_story_echo(story, 1400, false);
}

static void full_mss(struct path_story *story)
{
	path_story_handshake(story, 1460);
	path_story_echo(story, 1500, true);
}

static void low_mss(struct path_story *story)
{
	path_story_handshake(story, 1300);
}

/* Two SYN-ACKs that differ: one is forged. */
static void two_low_mss(struct path_story *story)
{
	struct packet packet;

	path_story_handshake(story, 1300);
	packet = path_story_theirs(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK);
	packet.acknowledged = 100000;
	packet.options = OPTION_MSS;
	packet.mss = 1200;
	path_packet(story->path, &packet);
	path_story_echo(story, 1400, true);
}

/* Echo as large as that MSS allows says nothing of the link. */
static void low_mss_and_echo_as_large(struct path_story *story)
{
	path_story_handshake(story, 1300);
	path_story_echo(story, 1340, true);
}

static void low_mss_and_larger_echo(struct path_story *story)
{
	path_story_handshake(story, 1300);
	path_story_echo(story, 1341, true);
}

/* 536, and a byte more. */
static void least_mss_and_larger_echo(struct path_story *story)
{
	path_story_handshake(story, 536);
	path_story_echo(story, 1400, true);
}

static void hardly_more_than_the_least(struct path_story *story)
{
	path_story_handshake(story, 537);
	path_story_echo(story, 1400, true);
}

static void low_mss_and_larger_echo_in_fragments(struct path_story *story)
{
	path_story_handshake(story, 1300);
	path_story_echo_cut(story, 1500, 1396);
}

static void no_echo_at_all(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_FRAGMENTS);
	path_story_segments(story, 1500, 4, 4);
}

/* The last packets were in flight when it was killed. */
static void killed_after(struct path_story *story, unsigned more)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	full_mss(story);
	path_story_segments(story, 1500, 70, 70);
	path_story_segments(story, 1500, 2, 0);
	for (unsigned i = 0; i < more; i++)
		path_story_echo(story, 100, true);
	path_end(story->path, 0);
}

static void killed(struct path_story *story)
{
	killed_after(story, 0);
}

/* Four more, a millisecond each, come after two were lost. */
static void killed_later(struct path_story *story)
{
	killed_after(story, 2);
}

static void interrupted(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	full_mss(story);
	path_story_segments(story, 1500, 70, 70);
	path_end(story->path, probe_experiment_bit(EXPERIMENT_ROUTE) |
				      probe_experiment_bit(EXPERIMENT_MTU));
}

const struct path_talk path_talks_lists[] = {
	{
		.name = "a size that mostly vanishes excludes no hole",
		.tell = vanishing,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or a black hole that began during the run, or "
			 "on one of several routes that take turns: 2 of 20 "
			 "packets of that size arrived, and smaller ones are "
			 "not lost as often\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole/reverse\n"
			 "open: pmtu-black-hole by size-vanishes-since\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "echo that does not come back excludes no hole before "
			"a limit",
		.tell = told_and_echo_less,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "pmtu-black-hole possible by echo-lost, reverse mtu "
			 "1300; or the target, or a firewall, limits the "
			 "size of ICMP echo: the server sent too little data "
			 "to decide\n"
			 "open: pmtu-black-hole by echo-says-less\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a full MSS excludes a clamp",
		.tell = full_mss,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole pmtu-black-hole/reverse "
			 "mss-clamped/reverse\n",
	},
	{
		.name = "a low MSS alone may be the target's",
		.tell = low_mss,
		.parts = PATH_LINES_OPEN,
		.found = "open: pmtu-black-hole by nothing-came-back\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by syn-ack-mss-small\n",
	},
	{
		.name = "SYN-ACKs that contradict each other tell no clamp",
		.tell = two_low_mss,
		.parts = PATH_LINES_OPEN,
		.found = "open: pmtu-black-hole by nothing-came-back\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "echo as large as a low MSS allows tells no clamp",
		.tell = low_mss_and_echo_as_large,
		.parts = PATH_LINES_OPEN,
		.found = "open: pmtu-black-hole by nothing-came-back\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by syn-ack-mss-small\n",
	},
	{
		.name = "the least MSS is what hosts offer that know no other",
		.tell = least_mss_and_larger_echo,
		.found = "mss-clamped possible by syn-ack-mss-lowered, "
			 "reverse sent 0 arrived 536; or a setting of the "
			 "target (advmss of its route, MSS of its socket)\n",
	},
	{
		.name = "a byte more is lowered",
		.tell = hardly_more_than_the_least,
		.found = "mss-clamped likely by syn-ack-mss-lowered, "
			 "reverse sent 0 arrived 537; or a setting of the "
			 "target (advmss of its route, MSS of its socket)\n",
	},
	{
		.name = "larger echo tells a clamp",
		.tell = low_mss_and_larger_echo,
		.parts = PATH_LINES_OPEN | PATH_LINES_ADVICE,
		.found = "mss-clamped likely by syn-ack-mss-lowered, reverse "
			 "sent 0 arrived 1300; or a setting of the target "
			 "(advmss of its route, MSS of its socket)\n"
			 "    do: Nothing, usually: a device lowers the MSS "
			 "for a link of 1340 bytes, and this host sends no "
			 "larger packets on such connections.\n"
			 "open: pmtu-black-hole by nothing-came-back\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n",
	},
	{
		.name = "larger echo in fragments tells no clamp",
		.tell = low_mss_and_larger_echo_in_fragments,
		.parts = PATH_LINES_OPEN,
		.found =
			"path-mtu certain by full-size-passes, forward mtu "
			"1500\n"
			"path-mtu likely by echo-in-fragments, reverse mtu "
			"1396; or up to 1403 bytes: fragments end at multiples "
			"of eight; or a path MTU that the target remembers of "
			"an earlier path: the forward path takes more\n"
			"excluded: pmtu-black-hole\n"
			"open: pmtu-black-hole/reverse by echo-in-fragments\n"
			"open: mss-clamped/reverse by syn-ack-mss-small\n",
	},
	{
		.name = "without echo fragments are not excluded",
		.tell = no_echo_at_all,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: fragments-dropped by no-echo\n"
			 "open: fragments-dropped/reverse by no-echo\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "what was in flight when a run was killed is not lost",
		.tell = killed,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "open: pmtu-black-hole by not-finished\n"
			 "open: pmtu-black-hole/reverse by not-finished\n"
			 "open: mss-clamped/reverse by not-finished\n"
			 "open: loss by not-finished\n",
	},
	{
		.name = "what was lost before is",
		.tell = killed_later,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "loss likely by loss-somewhere, percent 2.8 from "
			 "0.8 to 9.6, large 2.8\n"
			 "open: pmtu-black-hole by not-finished\n"
			 "open: pmtu-black-hole/reverse by not-finished\n"
			 "open: mss-clamped/reverse by not-finished\n",
	},
	{
		.name = "what an interrupted run did not do is not excluded",
		.tell = interrupted,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole pmtu-black-hole/reverse "
			 "mss-clamped/reverse\n"
			 "open: loss by not-finished\n",
	},
};
const unsigned path_talks_lists_count =
	sizeof(path_talks_lists) / sizeof(path_talks_lists[0]);

/* Talks about loss, and about round trips. */
#include "tests/support/path_talks_parts.h"

/* Segments to the target, or to a hop before it. So many are lost, behind
 * the first: what is lost before any arrives may have met a connection that was
 * not open. */
static void send_sized(struct path_story *story, unsigned sent, unsigned lost,
	uint8_t ttl, uint32_t bytes)
{
	for (unsigned i = 0; i < sent; i++) {
		struct packet probe = path_story_segment(story, bytes, ttl);

		if (i > 0 && i <= lost)
			continue;
		if (ttl < PATH_STORY_DISTANCE)
			path_story_error(story, &probe, path_story_router(ttl),
				11, 0, 0);
		else
			path_story_named(story, &probe);
	}
}

static void send(
	struct path_story *story, unsigned sent, unsigned lost, uint8_t ttl)
{
	send_sized(story, sent, lost, ttl, 64);
}

static void measure(struct path_story *story, unsigned sent, unsigned lost)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	send(story, sent, lost, 64);
}

/* So many to each hop, of which the third and fourth lose six. */
static void measure_hops(struct path_story *story, unsigned sent)
{
	send(story, 1, 0, PATH_STORY_DISTANCE);
	send(story, sent, 0, 1);
	send(story, sent, 0, 2);
	send(story, sent, 6, 3);
	send(story, sent, 6, 4);
}

static void too_few_sent(struct path_story *story)
{
	measure(story, 59, 17);
}

static void many_of_few_lost(struct path_story *story)
{
	measure(story, 59, 20);
}

static void half_of_thirty_lost(struct path_story *story)
{
	measure(story, 30, 15);
}

static void half_of_fewer_lost(struct path_story *story)
{
	measure(story, 29, 15);
}

static void too_few_sent_and_none_lost(struct path_story *story)
{
	measure(story, 59, 0);
}

static void too_few_sent_on_a_stretch(struct path_story *story)
{
	measure(story, 58, 17);
	measure_hops(story, 24);
}

static void none_lost(struct path_story *story)
{
	measure(story, 60, 0);
}

static void one_lost_of_too_few(struct path_story *story)
{
	measure(story, 59, 1);
}

/* No old data is answered: echo measures. */
static void one_echo_lost(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	for (unsigned i = 0; i < 60; i++)
		path_story_echo(story, 64, i != 30);
}

static void one_lost(struct path_story *story)
{
	measure(story, 60, 1);
}

static void one_lost_on_a_stretch(struct path_story *story)
{
	measure(story, 60, 1);
	measure_hops(story, 12);
}

static void two_lost(struct path_story *story)
{
	measure(story, 60, 2);
}

static void three_lost(struct path_story *story)
{
	measure(story, 60, 3);
}

static void four_lost(struct path_story *story)
{
	measure(story, 60, 4);
}

static void measure_amid(
	struct path_story *story, unsigned lost, uint64_t not_captured)
{
	path_set_capture_lost(story->path, not_captured);
	measure(story, 60, lost);
}

static void one_of_too_few_not_captured(struct path_story *story)
{
	path_set_capture_lost(story->path, 1);
	measure(story, 59, 1);
}

static void none_lost_and_one_not_captured(struct path_story *story)
{
	measure_amid(story, 0, 1);
}

static void no_echo_lost_and_one_not_captured(struct path_story *story)
{
	path_set_capture_lost(story->path, 1);
	path_story_asks(story, EXPERIMENT_LOSS);
	for (unsigned i = 0; i < 60; i++)
		path_story_echo(story, 64, true);
}

static void half_lost_on_a_stretch_and_three_not_captured(
	struct path_story *story)
{
	measure_amid(story, 30, 3);
	measure_hops(story, 12);
}

static void few_sent_and_one_not_captured(struct path_story *story)
{
	path_set_capture_lost(story->path, 1);
	path_story_handshake(story, 1460);
	measure(story, 30, 1);
}

static void four_not_captured(struct path_story *story)
{
	measure_amid(story, 4, 4);
}

static void one_not_captured(struct path_story *story)
{
	measure_amid(story, 1, 1);
}

static void four_of_eight_not_captured(struct path_story *story)
{
	measure_amid(story, 8, 4);
}

/* Half of the segments, and so many of twenty echo requests. */
static void half_lost_beside_echo(struct path_story *story, unsigned lost)
{
	measure(story, 60, 30);
	for (unsigned i = 0; i < 20; i++)
		path_story_echo(story, 64, i >= lost);
}

static void no_echo_lost(struct path_story *story)
{
	half_lost_beside_echo(story, 0);
}

static void a_tenth_of_echo_lost(struct path_story *story)
{
	half_lost_beside_echo(story, 2);
}

static void a_fifth_of_echo_lost(struct path_story *story)
{
	half_lost_beside_echo(story, 4);
}

static void half_lost_and_hops_measured(struct path_story *story)
{
	measure(story, 60, 30);
	measure_hops(story, 12);
}

static void half_lost_and_hops_asked(struct path_story *story)
{
	measure(story, 60, 30);
	measure_hops(story, 11);
}

static void large_ones_lost(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	send_sized(story, 60, 0, 64, 500);
	send_sized(story, 60, 4, 64, 600);
}

static void trips_of_two_sizes(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	send_sized(story, 8, 0, 64, 80);
	send_sized(story, 8, 0, 64, 90);
}

/* Round trips of a millisecond, and one of so many seconds. */
static void trips(struct path_story *story, unsigned count, int64_t longest_s)
{
	measure(story, count - 1, 0);
	struct packet probe = path_story_segment(story, 64, 64);

	story->time_ns += longest_s * 1000000000;
	path_story_named(story, &probe);
}

static void seven_trips(struct path_story *story)
{
	trips(story, 7, 0);
}

static void eight_trips(struct path_story *story)
{
	trips(story, 8, 0);
}

/* Sixty round trips that take so many milliseconds more by turns: the jitter
 * comes to 0.98 of that. */
static void by_turns(struct path_story *story, int64_t ms)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	for (unsigned i = 0; i < 60; i++) {
		struct packet probe = path_story_segment(story, 64, 64);

		story->time_ns += i % 2 * ms * 1000000;
		path_story_named(story, &probe);
	}
}

static void jitter_of_27_ms(struct path_story *story)
{
	by_turns(story, 28);
}

static void jitter_of_33_ms(struct path_story *story)
{
	by_turns(story, 34);
}

static void a_trip_of_nine_minutes(struct path_story *story)
{
	trips(story, 9, 540);
}

static void a_trip_of_eleven_minutes(struct path_story *story)
{
	trips(story, 9, 660);
}

/* What else is found and excluded: nothing larger than the segments was sent.
 */
#define LOST(grade, figures)                                                   \
	"loss " grade " by loss-somewhere, percent " figures "\n"

#define LOST_OF_OLD_DATA                                                       \
	"loss likely by loss-somewhere, percent 50.0 from 37.7 to 62.3, "      \
	"large 0.0; or a device that drops old data, or a server that limits " \
	"its answers to it: echo requests are not lost as often\n"

#define OTHERS_OPEN                                                            \
	"open: pmtu-black-hole by nothing-came-back\n"                         \
	"open: pmtu-black-hole/reverse by nothing-came-back\n"                 \
	"open: mss-clamped/reverse by nothing-came-back\n"

const struct path_talk path_talks_loss[] = {
	/* Sixty are least: probe/protocol/probe_rules.h. */
	{
		.name = "few packets tell no loss",
		.tell = too_few_sent,
		.found = "",
	},
	/* By hand for 20 of 59: 0.339, middle 34.9 %, half 11.8 %; for 17 of
	 * 59, above, 0.288: middle 30.1 %, half 11.3 %. */
	{
		.name = "few packets tell a loss that is plain",
		.tell = many_of_few_lost,
		.found = LOST("certain", "33.9 from 23.1 to 46.6, large 0.0"),
	},
	{
		.name = "thirty are enough for that",
		.tell = half_of_thirty_lost,
		.found = LOST("certain", "50.0 from 33.2 to 66.8, large 0.0"),
	},
	{
		.name = "fewer are not",
		.tell = half_of_fewer_lost,
		.found = "",
	},
	{
		.name = "few packets exclude no loss",
		.tell = too_few_sent_and_none_lost,
		.found = "",
	},
	{
		.name = "few packets tell no loss on a stretch",
		.tell = too_few_sent_on_a_stretch,
		.found = "",
	},
	{
		.name = "one lost packet is no finding, and loss is open",
		.tell = one_lost,
		.parts = PATH_LINES_OPEN,
		.found = OTHERS_OPEN "open: loss by one-lost\n",
	},
	{
		.name = "one lost packet of too few is too few",
		.tell = one_lost_of_too_few,
		.parts = PATH_LINES_OPEN,
		.found = OTHERS_OPEN "open: loss by loss-not-measured\n",
	},
	{
		.name = "one lost echo request is no finding, and loss is open",
		.tell = one_echo_lost,
		.parts = PATH_LINES_OPEN,
		.found = OTHERS_OPEN "open: loss by one-lost\n",
	},
	{
		.name = "one lost packet is no loss on a stretch",
		.tell = one_lost_on_a_stretch,
		.found = "",
	},
	{
		.name = "where none of enough is lost, loss is excluded",
		.tell = none_lost,
		.found = "excluded: loss\n",
	},
	/* Wilson's interval of 95 %, by hand for 2 of 60: middle (1/30 + z^2 /
	 * 120) / (1 + z^2 / 60) = 6.1 %, half 5.2 %. */
	{
		.name = "two lost packets are loss",
		.tell = two_lost,
		.found = LOST("likely", "3.3 from 0.9 to 11.4, large 0.0"),
	},
	{
		.name = "three lost packets are likely loss",
		.tell = three_lost,
		.found = LOST("likely", "5.0 from 1.7 to 13.7, large 0.0"),
	},
	{
		.name = "four lost packets are certain loss",
		.tell = four_lost,
		.found = LOST("certain", "6.7 from 2.6 to 15.9, large 0.0"),
	},
	{
		.name = "what the capture lost is no loss",
		.tell = four_not_captured,
		.parts = PATH_LINES_OPEN,
		.found = OTHERS_OPEN "open: loss by capture-lost-some\n",
	},
	{
		.name = "one packet that the capture lost is none",
		.tell = one_not_captured,
		.parts = PATH_LINES_OPEN,
		.found = OTHERS_OPEN "open: loss by capture-lost-some\n",
	},
	{
		.name = "of too few packets that is the reason",
		.tell = one_of_too_few_not_captured,
		.parts = PATH_LINES_OPEN,
		.found = OTHERS_OPEN "open: loss by loss-not-measured\n",
	},
	{
		.name = "where none is lost the capture lost something else",
		.tell = none_lost_and_one_not_captured,
		.found = "excluded: loss\n",
	},
	{
		.name = "and so where no echo request is lost",
		.tell = no_echo_lost_and_one_not_captured,
		.found = "excluded: loss\n",
	},
	{
		.name = "loss on a stretch is likely where the capture lost "
			"some",
		.tell = half_lost_on_a_stretch_and_three_not_captured,
		.found = "loss likely by loss-on-a-stretch, after 2 before 3 "
			 "hop 3 percent 49.2 from 37.1 to 61.4, large 0.0; or "
			 "less of it: this host's capture lost 3 packets, "
			 "which count as lost on the path; or hop 3 leaves as "
			 "many packets unreported as are lost behind it\n",
	},
	{
		.name = "what is not determined is no more",
		.tell = few_sent_and_one_not_captured,
		.found = "loss undetermined by too-little-measured,\n"
			 "excluded: mss-clamped/reverse\n",
	},
	{
		.name = "what is lost beyond that is likely loss",
		.tell = four_of_eight_not_captured,
		.found = "loss likely by loss-somewhere, percent 13.3 from 6.9 "
			 "to 24.2, large 0.0; or less of it: this host's "
			 "capture lost 4 packets, which count as lost on the "
			 "path\n",
	},
	/* At the lower end of the interval, 37.7 %, of twenty none is lost
	 * with a chance of 8e-5, two at most 6e-3, four at most 8e-2. */
	{
		.name = "loss of old data alone may be a device's",
		.tell = no_echo_lost,
		.found = LOST_OF_OLD_DATA,
	},
	{
		.name = "a tenth of echo is less than half of old data",
		.tell = a_tenth_of_echo_lost,
		.found = LOST_OF_OLD_DATA,
	},
	{
		.name = "a fifth of twenty echo requests may be as much",
		.tell = a_fifth_of_echo_lost,
		.found = LOST("certain", "50.0 from 37.7 to 62.3, large 0.0"),
	},
	/* Of 61; hops 1 and 2 lose 0 % to 24 %, hop 3 25 % to 75 %. */
	{
		.name = "loss is between a hop that has less and one that has "
			"as much",
		.tell = half_lost_and_hops_measured,
		.found = "loss certain by loss-on-a-stretch, after 2 before 3 "
			 "hop 3 percent 49.2 from 37.1 to 61.4, large 0.0; or "
			 "hop 3 leaves as many packets unreported as are lost "
			 "behind it\n",
	},
	{
		.name = "eleven packets tell no hop's loss",
		.tell = half_lost_and_hops_asked,
		.found = LOST("certain", "49.2 from 37.1 to 61.4, large 0.0"),
	},
	{
		.name = "packets of more than 576 bytes are large",
		.tell = large_ones_lost,
		.found = LOST("certain", "3.3 from 1.3 to 8.3, large 6.7"),
	},
	{
		.name = "round trips are those of packets of up to 80 bytes",
		.tell = trips_of_two_sizes,
		.parts = PATH_LINES_DELAYS,
		.found = "delays: 8 trips\n",
	},
	{
		.name = "seven round trips are too few",
		.tell = seven_trips,
		.parts = PATH_LINES_DELAYS,
		.found = "",
	},
	{
		.name = "eight round trips are told",
		.tell = eight_trips,
		.parts = PATH_LINES_DELAYS,
		.found = "delays: 8 trips\n",
	},
	{
		.name = "a jitter of 27 ms is not large",
		.tell = jitter_of_27_ms,
		.parts = PATH_LINES_DELAYS,
		.found = "excluded: loss\ndelays: 60 trips\n",
	},
	{
		.name = "a jitter of 33 ms is large",
		.tell = jitter_of_33_ms,
		.parts = PATH_LINES_DELAYS,
		.found = "excluded: loss\ndelays: 60 trips, large jitter\n",
	},
	{
		.name = "a round trip of nine minutes is one",
		.tell = a_trip_of_nine_minutes,
		.parts = PATH_LINES_DELAYS,
		.found = "delays: 9 trips, large jitter\n",
	},
	{
		.name = "a round trip of eleven minutes is a clock that was "
			"set",
		.tell = a_trip_of_eleven_minutes,
		.parts = PATH_LINES_DELAYS,
		.found = "delays: 8 trips\n",
	},
};
const unsigned path_talks_loss_count =
	sizeof(path_talks_loss) / sizeof(path_talks_loss[0]);

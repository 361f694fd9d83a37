/* Talks about where packets vanish, and about which packets count. The third
 * link takes 1400 bytes. */
#include "tests/support/path_talks_parts.h"

enum { MS = 1000000 };

static void repeat(
	struct path_story *story, unsigned times, uint32_t bytes, uint8_t ttl)
{
	for (unsigned i = 0; i < times; i++)
		path_story_ask(story, bytes, ttl);
}

/* The route, the size, and that hop 2 gets large packets. */
static void measure(struct path_story *story)
{
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	repeat(story, 90, 1400, 64);
	repeat(story, 2, 1401, 2);
	repeat(story, 8, 1401, 64);
}

/* Hop 3 is sent so many large packets, each with a small one behind it. */
static void pairs(struct path_story *story, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		path_story_ask(story, 1401, 3);
		path_story_ask(story, 1400, 3);
	}
}

/* The same, each after some rest, and so long apart; nothing but these small
 * ones is answered: the hop rations its errors. */
static void pairs_after(
	struct path_story *story, unsigned times, int rest_ms, int apart_ms)
{
	for (unsigned i = 0; i < times + 4; i++)
		(void)path_story_segment(story, 48, 3);
	for (unsigned i = 0; i < times; i++) {
		story->time_ns += INT64_C(1) * rest_ms * MS;
		(void)path_story_segment(story, 1401, 3);
		story->time_ns += INT64_C(1) * (apart_ms - 1) * MS;
		path_story_ask(story, 1400, 3);
	}
}

static void rested_pairs(struct path_story *story, unsigned times, int apart_ms)
{
	pairs_after(story, times, 1000, apart_ms);
}

static void one_pair(struct path_story *story)
{
	measure(story);
	pairs(story, 1);
}

static void two_pairs(struct path_story *story)
{
	measure(story);
	pairs(story, 2);
}

static void two_rested_pairs(struct path_story *story)
{
	measure(story);
	rested_pairs(story, 2, 1);
}

static void three_rested_pairs(struct path_story *story)
{
	measure(story);
	rested_pairs(story, 3, 1);
}

static void seven_rested_pairs(struct path_story *story)
{
	measure(story);
	rested_pairs(story, 7, 1);
}

static void three_pairs_after_less_rest(struct path_story *story)
{
	measure(story);
	pairs_after(story, 3, 800, 1);
}

static void pairs_200_ms_apart(struct path_story *story)
{
	measure(story);
	rested_pairs(story, 3, 200);
}

static void pairs_201_ms_apart(struct path_story *story)
{
	measure(story);
	rested_pairs(story, 3, 201);
}

/* The second router says 1400, and nothing of what is larger than 1401. */
static void silent_above(struct path_story *story, unsigned times)
{
	struct packet probe;

	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	repeat(story, 130, 1400, 64);
	probe = path_story_segment(story, 1401, 64);
	path_story_error(story, &probe, path_story_router(2), 3, 4, 1400);
	repeat(story, times, 1500, 64);
}

static void two_silent_above(struct path_story *story)
{
	silent_above(story, 2);
}

static void three_silent_above(struct path_story *story)
{
	silent_above(story, 3);
}

/* Of the next size so many segments are sent; echo passes in full size. */
static void search(struct path_story *story, unsigned times)
{
	repeat(story, 30, 1400, 64);
	repeat(story, times, 1401, 64);
	path_story_echo(story, 1500, true);
}

static void search_of_one(struct path_story *story)
{
	search(story, 1);
}

static void search_of_two(struct path_story *story)
{
	search(story, 2);
}

/* Three segments vanish, and a fourth that is sent so long before the server
 * ends the connection; a round trip takes a millisecond. Loss explains three
 * with a chance of 1 / 12^3 = 5.8e-4, four with 1 / 12^4 = 4.8e-5. */
static void end(struct path_story *story, int before_ms)
{
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
	repeat(story, 10, 1400, 64);
	repeat(story, 3, 1401, 64);
	story->time_ns += INT64_C(1000) * MS;
	repeat(story, 1, 1401, 64);
	story->time_ns += INT64_C(1) * (before_ms - 1) * MS;
	path_story_hear(story, PATH_STORY_PORT, TCP_FIN | TCP_ACK, 1, 0);
}

static void end_two_round_trips_after(struct path_story *story)
{
	end(story, 2);
}

static void end_three_round_trips_after(struct path_story *story)
{
	end(story, 3);
}

#define AT_THIRD(grade)                                                        \
	"pmtu-black-hole " grade " by hole-at-link, forward mtu 1400 after 2 " \
	"before 3\n"
#define BEHIND_SECOND                                                          \
	"pmtu-black-hole certain by hole-at-link, forward mtu 1400 after 2 "   \
	"before 5\n"

const struct path_talk path_talks_link[] = {
	/* One may be lost. */
	{
		.name = "one large packet does not tell a hop behind the link",
		.tell = one_pair,
		.found = BEHIND_SECOND,
	},
	{
		.name = "two large packets do",
		.tell = two_pairs,
		.found = AT_THIRD("likely"),
	},
	{
		.name = "two rested pairs tell nothing of a hop that rations",
		.tell = two_rested_pairs,
		.found = BEHIND_SECOND,
	},
	/* Three of a quarter each: 1 in 64. */
	{
		.name = "three rested pairs may be chance",
		.tell = three_rested_pairs,
		.found = AT_THIRD("possible"),
	},
	/* 1 in 16,384. */
	{
		.name = "seven rested pairs are none",
		.tell = seven_rested_pairs,
		.found = AT_THIRD("certain"),
	},
	/* An error a second becomes due: probe/protocol/error_ration.h. */
	{
		.name = "a rest of 800 ms is too short",
		.tell = three_pairs_after_less_rest,
		.found = BEHIND_SECOND,
	},
	{
		.name = "a pair is at most 200 ms apart",
		.tell = pairs_200_ms_apart,
		.found = AT_THIRD("possible"),
	},
	{
		.name = "what is farther apart is none",
		.tell = pairs_201_ms_apart,
		.found = BEHIND_SECOND,
	},
	{
		.name = "two silent ones above a limit are no hole before it",
		.tell = two_silent_above,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n    do: Nothing, as "
			 "long as senders receive the PTB messages.\nexcluded: "
			 "pmtu-black-hole\n",
	},
	{
		.name = "three silent ones above a limit may be one",
		.tell = three_silent_above,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "    do: Packets above 1401 bytes are lost without "
			 "an ICMP error, also for senders that begin at that "
			 "size: a black hole in front of that router, or a "
			 "rate limit of its PTB messages.\n",
	},
	{
		.name = "a search by TCP that was cut short leaves it to echo",
		.tell = search_of_one,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole pmtu-black-hole/reverse\n",
	},
	/* 1 / 32^2, 1 in 1,000. */
	{
		.name = "one that came to its end does not",
		.tell = search_of_two,
		.found = "pmtu-black-hole likely by hole-somewhere, forward "
			 "mtu 1400; or a device that drops large TCP "
			 "segments only, or another route for them: other "
			 "packets of that size pass\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole/reverse\n",
	},
	{
		.name = "what is sent two round trips before the end is no "
			"measure",
		.tell = end_two_round_trips_after,
		.found = "pmtu-black-hole likely by hole-somewhere, forward "
			 "mtu 1400\n",
	},
	{
		.name = "what is sent three round trips before the end is one",
		.tell = end_three_round_trips_after,
		.found = "pmtu-black-hole certain by hole-somewhere, forward "
			 "mtu 1400\n",
	},
};
const unsigned path_talks_link_count =
	sizeof(path_talks_link) / sizeof(path_talks_link[0]);

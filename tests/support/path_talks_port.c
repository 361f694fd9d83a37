/* Talks about the port. */
#include "tests/support/path_talks_parts.h"

static void ask(struct path_story *story, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
}

/* ICMP type 3 about the SYN. */
static void reject(struct path_story *story, struct address from, uint8_t code)
{
	static const struct packet syn = {.sequence = 0};

	path_story_error(story, &syn, from, 3, code, 0);
}

static struct address target(struct path_story *story)
{
	return path_comment(story->path)->target;
}

/* Four SYNs without an answer, and echo, of which so many are lost. */
static void silence(struct path_story *story, unsigned echos, unsigned lost)
{
	ask(story, 4);
	for (unsigned i = 0; i < echos; i++)
		path_story_echo(story, 100, i >= lost);
}

/* Loss takes four SYNs with a chance of (9 + 1)^4 / (30 + 2)^4, 1 in 105. */
static void some_echo_lost(struct path_story *story)
{
	silence(story, 30, 9);
}

/* 11^4 / 33^4 = 1 in 81. */
static void more_echo_lost(struct path_story *story)
{
	silence(story, 31, 10);
}

static void one_syn(struct path_story *story)
{
	ask(story, 1);
}

static void two_syns(struct path_story *story)
{
	ask(story, 2);
}

static void rejected_by_target_and_reset(struct path_story *story)
{
	ask(story, 1);
	reject(story, target(story), 1);
	path_story_hear(story, PATH_STORY_PORT, TCP_RST | TCP_ACK, 0, 0);
}

static void rejected_on_path_and_reset(struct path_story *story)
{
	ask(story, 1);
	reject(story, path_story_router(2), 1);
	path_story_hear(story, PATH_STORY_PORT, TCP_RST | TCP_ACK, 0, 0);
}

static void rejected_by_target_and_opened(struct path_story *story)
{
	ask(story, 1);
	reject(story, target(story), 3);
	ask(story, 1);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
}

static void target_has_no_way_to_itself(struct path_story *story)
{
	ask(story, 1);
	reject(story, target(story), 1);
}

const struct path_talk path_talks_port[] = {
	{
		.name = "four SYNs are not lost by chance where little echo is",
		.tell = some_echo_lost,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "four SYNs may be lost where more echo is",
		.tell = more_echo_lost,
		.found = "port-state possible by port-filtered, filtered; or "
			 "the SYNs were lost by chance: of 31 ICMP echo "
			 "requests 21 were answered\n",
	},
	/* One may be lost (RFC 9293, 3.8.1). */
	{
		.name = "one SYN without an answer is no silence",
		.tell = one_syn,
		.found = "",
	},
	{
		.name = "two SYNs without an answer are one",
		.tell = two_syns,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	/* The stack's own answer is the port's; what an error says of routes is
	 * no doubt about it. */
	{
		.name = "a reset counts more than the target's error",
		.tell = rejected_by_target_and_reset,
		.found = "port-state likely by port-closed, closed; or a "
			 "firewall that refuses with a reset\n",
	},
	{
		.name = "a reset counts more than a router's error",
		.tell = rejected_on_path_and_reset,
		.found = "port-state likely by port-closed, closed; or a "
			 "firewall that refuses with a reset\n",
	},
	{
		.name = "a port that opens at last is not rejected",
		.tell = rejected_by_target_and_opened,
		.found = "",
	},
	/* It is there to say so: no route to it is missing. */
	{
		.name = "the target's own \"host unreachable\" rejects",
		.tell = target_has_no_way_to_itself,
		.found = "port-state certain by port-rejected-by-target, "
			 "reporter ..9.9 rejected target\n",
	},
};
const unsigned path_talks_port_count =
	sizeof(path_talks_port) / sizeof(path_talks_port[0]);

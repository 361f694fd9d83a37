/* Talks about the port. */
#include "tests/support/path_talks_parts.h"

/* Four SYNs without an answer, and so many of 30 echo requests. */
static void silence(struct path_story *story, unsigned lost)
{
	for (int i = 0; i < 4; i++)
		path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (unsigned i = 0; i < 30; i++)
		path_story_echo(story, 100, i >= lost);
}

/* Loss takes four SYNs with a chance of (9 + 1)^4 / 32^4: below 1 in 100. */
static void some_echo_lost(struct path_story *story)
{
	silence(story, 9);
}

/* 11^4 / 32^4: above 1 in 100. */
static void more_echo_lost(struct path_story *story)
{
	silence(story, 10);
}

const struct path_talk path_talks_port[] = {
	{
		.name = "four SYNs are not lost by chance where echo is not",
		.tell = some_echo_lost,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its answers get lost\n",
	},
	{
		.name = "four SYNs may be lost where echo is",
		.tell = more_echo_lost,
		.found = "port-state possible by port-filtered, filtered; or "
			 "the SYNs were lost by chance: of 30 ICMP echo "
			 "requests 20 were answered\n",
	},
};
const unsigned path_talks_port_count =
	sizeof(path_talks_port) / sizeof(path_talks_port[0]);

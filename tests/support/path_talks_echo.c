/* Talks about echo on the way back, and servers that say little, where 1500
 * bytes get there. */
#include "tests/support/path_story_back.h"
#include "tests/support/path_talks_parts.h"

/* An IPv4 header with four bytes of options: 24 + 184 * 8 (RFC 791, 3.1). */
static void full_and_in_fragments(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo_cut(story, PATH_STORY_FULL, 1496);
	path_story_echo(story, PATH_STORY_FULL, true);
}

static void full_segment_and_fragments(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo_cut(story, PATH_STORY_FULL, 1496);
	path_story_back_arrives(story, 0, PATH_STORY_FULL);
}

/* The way back takes 1400 bytes: 1396 for a fragment, and the rest to another
 * multiple of eight is not known. */
static void fragments(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo(story, 1398, true);
	path_story_echo_cut(story, PATH_STORY_FULL, 1396);
}

static void fragments_exactly(struct path_story *story)
{
	fragments(story);
	path_story_echo(story, 1400, true);
	path_story_echo_cut(story, 1401, 1396);
}

static void fragments_and_server_says_little(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo(story, 1398, true);
	path_story_echo_cut(story, 1450, 1396);
	path_story_back_cut(story, TCP_PSH, 200);
}

static void echo_lost(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo(story, 1400, true);
	path_story_echo(story, PATH_STORY_FULL, false);
}

static void echo_lost_and_larger_segment(struct path_story *story)
{
	echo_lost(story);
	path_story_back_arrives(story, 0, 1480);
}

static void echo_lost_and_server_cuts(struct path_story *story)
{
	echo_lost(story);
	path_story_back_cut(story, 0, 1300);
}

static void echo_lost_and_server_says_little(struct path_story *story)
{
	echo_lost(story);
	path_story_back_cut(story, TCP_PSH, 200);
}

static void server_says_little(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_back_cut(story, TCP_PSH, 200);
}

static void server_says_nothing(struct path_story *story)
{
	uint16_t port;

	path_story_back_there(story, 98);
	port = path_story_back_connect(story, 40, PATH_STORY_FULL);
	path_story_say(story, port, TCP_ACK | TCP_PSH, 1, 0);
	path_story_say(story, port, TCP_ACK, 17, 0);
}

/* As some public resolvers do. */
static void replies_are_short(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo(story, 64, true);
	path_story_echo_short(story, PATH_STORY_FULL, 84);
}

static void replies_are_short_and_a_segment_comes(struct path_story *story)
{
	replies_are_short(story);
	path_story_back_arrives(story, 0, PATH_STORY_FULL);
	path_story_back_arrives(story, 1, PATH_STORY_FULL);
}

static void replies_are_long(struct path_story *story)
{
	path_story_back_there(story, 98);
	path_story_echo_short(story, PATH_STORY_FULL, PATH_STORY_FULL);
}

static void replies_are_short_of_a_measured_way(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REVERSE);
	replies_are_short(story);
}

#define NOT_BY_ECHO                                                            \
	"path-mtu likely by full-size-passes, forward mtu 1500; or 1400 "      \
	"bytes "                                                               \
	"by the route that echo takes: larger echo requests are not "          \
	"answered, "                                                           \
	"which the return path or a firewall may cause, too\n"
#define THERE "path-mtu certain by full-size-passes, forward mtu 1500\n"
#define NO_HOLE "excluded: pmtu-black-hole\n"
#define NO_HOLES "excluded: pmtu-black-hole pmtu-black-hole/reverse\n"

#define REMEMBERED                                                             \
	"or a path MTU that the target remembers of an earlier path: the "     \
	"forward path takes more"

const struct path_talk path_talks_echo[] = {
	{
		.name = "what was cut did not fit, though more came whole",
		.tell = full_and_in_fragments,
		.found = THERE "path-mtu certain by echo-in-fragments, reverse "
			       "mtu 1500\n" NO_HOLE,
	},
	{
		.name = "what was cut did not fit, though a segment came",
		.tell = full_segment_and_fragments,
		.found = THERE "path-mtu certain by echo-in-fragments, reverse "
			       "mtu 1500\n" NO_HOLE,
	},
	/* That echo of 1500 bytes has no whole answer is no loss. */
	{
		.name = "fragments end at multiples of eight",
		.tell = fragments,
		.found =
			THERE "path-mtu likely by echo-in-fragments, reverse "
			      "mtu 1398; or up to 1403 bytes: fragments end "
			      "at multiples of eight; " REMEMBERED "\n" NO_HOLE,
	},
	{
		.name = "the next size that is cut tells it exactly",
		.tell = fragments_exactly,
		.found = THERE "path-mtu likely by echo-in-fragments, reverse "
			       "mtu 1400; " REMEMBERED "\n" NO_HOLE,
	},
	{
		.name = "fragments count more than few words",
		.tell = fragments_and_server_says_little,
		.found =
			THERE "path-mtu likely by echo-in-fragments, reverse "
			      "mtu 1398; or up to 1403 bytes: fragments end "
			      "at multiples of eight; " REMEMBERED "\n" NO_HOLE,
	},
	{
		.name = "echo that is lost may be limited",
		.tell = echo_lost,
		.found = NOT_BY_ECHO
		"pmtu-black-hole possible by echo-lost, reverse mtu 1400; or "
		"the target, or a firewall, limits the size of ICMP echo: the "
		"server sent too little data to decide\n",
	},
	{
		.name = "it is where a larger segment comes",
		.tell = echo_lost_and_larger_segment,
		.found = NOT_BY_ECHO,
	},
	{
		.name = "lost echo counts more than smaller segments",
		.tell = echo_lost_and_server_cuts,
		.found = NOT_BY_ECHO
		"pmtu-black-hole possible by echo-lost, reverse mtu 1400; or "
		"the target, or a firewall, limits the size of ICMP echo: the "
		"server sent too little data to decide\n",
	},
	{
		.name = "lost echo counts more than few words",
		.tell = echo_lost_and_server_says_little,
		.found = NOT_BY_ECHO
		"pmtu-black-hole possible by echo-lost, reverse mtu 1400; or "
		"the target, or a firewall, limits the size of ICMP echo: the "
		"server sent too little data to decide\n",
	},
	{
		.name = "few words tell no size",
		.tell = server_says_little,
		.parts = PATH_LINES_ADVICE,
		.found =
			"path-mtu certain by full-size-passes, forward mtu "
			"1500\n"
			"path-mtu undetermined by server-said-little, reverse\n"
			"    do: The server sent too little data: packets of "
			"200 bytes come back, larger ones were not sent. Probe "
			"a port that sends more, as -p 443 or -p 80.\n"
			"excluded: pmtu-black-hole\n",
	},
	{
		.name = "replies that are cut short tell no size",
		.tell = replies_are_short,
		.parts = PATH_LINES_OPEN,
		.found = THERE NO_HOLE
		"open: pmtu-black-hole/reverse by echo-replies-short\n"
		"open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "they say why the way back was not measured",
		.tell = replies_are_short_of_a_measured_way,
		.parts = PATH_LINES_OPEN,
		.found = THERE NO_HOLE
		"open: pmtu-black-hole/reverse by echo-replies-short\n"
		"open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "segments tell it then",
		.tell = replies_are_short_and_a_segment_comes,
		.found = THERE "path-mtu certain by segment-full-arrives, "
			       "reverse mtu 1500\n" NO_HOLES,
	},
	{
		.name = "replies of full size tell it",
		.tell = replies_are_long,
		.found = THERE "path-mtu certain by echo-full-returns, reverse "
			       "mtu 1500\n" NO_HOLES,
	},
	{
		.name = "no words tell nothing",
		.tell = server_says_nothing,
		.found = THERE NO_HOLE,
	},
};
const unsigned path_talks_echo_count =
	sizeof(path_talks_echo) / sizeof(path_talks_echo[0]);

/* Talks about resets: of the port and of open connections. The target's other
 * packets come with a TTL of 60, over four routers. */
#include "tests/support/path_talks_parts.h"

enum {
	OURS = PATH_STORY_PORT,
	CLIENT_HELLO = 16, /* bytes that path_story_say sends with PSH */
};

static void reset(struct path_story *story, uint16_t flags, uint8_t ttl,
	uint32_t sequence)
{
	struct packet packet = path_story_theirs(story, OURS, flags | TCP_RST);

	packet.ttl = ttl;
	packet.sequence = sequence;
	packet.acknowledged = 1;
	path_packet(story->path, &packet);
}

static void refuse(struct path_story *story, uint8_t ttl)
{
	path_story_say(story, OURS, TCP_SYN, 0, 1460);
	reset(story, TCP_ACK, ttl, 0);
	path_story_echo(story, 100, true);
}

static void refused_two_hops_nearer(struct path_story *story)
{
	refuse(story, 62);
}

static void refused_one_hop_nearer(struct path_story *story)
{
	refuse(story, 61);
}

static void refused_with_another_initial_ttl(struct path_story *story)
{
	refuse(story, 251);
}

static void refused_from_behind(struct path_story *story)
{
	refuse(story, 59);
}

static void refused_and_rejected(struct path_story *story)
{
	static const struct packet syn = {.sequence = 0};

	path_story_say(story, OURS, TCP_SYN, 0, 1460);
	path_story_error(story, &syn, path_story_router(2), 3, 13, 0);
	refuse(story, 62);
}

static void opened(struct path_story *story)
{
	path_story_say(story, OURS, TCP_SYN, 0, 1460);
	path_story_hear(story, OURS, TCP_SYN | TCP_ACK, 0, 0);
	path_story_say(story, OURS, TCP_ACK, 1, 0);
}

static void refused_and_opened(struct path_story *story)
{
	refuse(story, 62);
	opened(story);
}

/* A reset and a SYN-ACK, both for our first SYN. */
static void answered_twice(struct path_story *story, uint8_t ttl)
{
	path_story_say(story, OURS, TCP_SYN, 0, 1460);
	reset(story, TCP_ACK, ttl, 0);
	path_story_hear(story, OURS, TCP_SYN | TCP_ACK, 0, 0);
}

static void answered_twice_with_a_foreign_ttl(struct path_story *story)
{
	answered_twice(story, 165);
}

static void answered_twice_from_two_hops_nearer(struct path_story *story)
{
	answered_twice(story, 62);
}

static void answered_twice_at_its_distance(struct path_story *story)
{
	answered_twice(story, 60);
}

/* The SYN was repeated: the port may have opened in between. */
static void answered_twice_to_two_syns(struct path_story *story)
{
	path_story_say(story, OURS, TCP_SYN, 0, 1460);
	path_story_say(story, OURS, TCP_SYN, 0, 1460);
	reset(story, TCP_ACK, 165, 0);
	path_story_hear(story, OURS, TCP_SYN | TCP_ACK, 0, 0);
}

/* Too late: it has no number that the client accepts. */
static void opened_and_refused(struct path_story *story)
{
	path_story_say(story, OURS, TCP_SYN, 0, 1460);
	path_story_hear(story, OURS, TCP_SYN | TCP_ACK, 0, 0);
	reset(story, TCP_ACK, 165, 0);
}

/* Our FIN, and the answer that only who has the connection gives. */
static void close_and_hear(struct path_story *story)
{
	struct packet packet;

	path_story_say(story, OURS, TCP_FIN | TCP_ACK, 1, 0);
	packet = path_story_theirs(story, OURS, TCP_ACK);
	packet.sequence = 1;
	packet.acknowledged = 2;
	path_packet(story->path, &packet);
}

static void reset_two_hops_nearer(struct path_story *story)
{
	opened(story);
	reset(story, 0, 62, 1);
}

static void reset_one_hop_nearer(struct path_story *story)
{
	opened(story);
	reset(story, 0, 61, 1);
}

static void reset_nearer_and_acknowledged(struct path_story *story)
{
	reset_two_hops_nearer(story);
	close_and_hear(story);
}

/* It was sent before the reset. */
static void reset_nearer_and_acknowledged_data(struct path_story *story)
{
	reset_two_hops_nearer(story);
	path_story_hear(story, OURS, TCP_ACK, 1, 0);
}

static void reset_at_its_distance(struct path_story *story)
{
	opened(story);
	reset(story, 0, 60, 1);
}

static void reset_at_its_distance_and_acknowledged(struct path_story *story)
{
	reset_at_its_distance(story);
	close_and_hear(story);
}

static void reset_from_behind(struct path_story *story)
{
	opened(story);
	reset(story, 0, 58, 1);
}

/* One hop more: as another route may have. */
static void reset_from_one_hop_behind(struct path_story *story)
{
	opened(story);
	reset(story, 0, 59, 1);
}

/* 255 - 165 routers. */
static void reset_with_a_foreign_ttl(struct path_story *story)
{
	opened(story);
	reset(story, 0, 165, 1);
}

static void reset_with_a_foreign_ttl_and_acknowledged(struct path_story *story)
{
	reset_with_a_foreign_ttl(story);
	close_and_hear(story);
}

/* The target's data takes another route than its SYN-ACK. */
static void heard_from(struct path_story *story, uint8_t ttl)
{
	struct packet packet = path_story_theirs(story, OURS, TCP_ACK);

	packet.ttl = ttl;
	packet.sequence = 1;
	packet.acknowledged = 1;
	path_packet(story->path, &packet);
}

static void reset_at_one_of_two_distances(struct path_story *story)
{
	opened(story);
	heard_from(story, 49);
	reset(story, 0, 49, 1);
}

static void reset_behind_two_distances(struct path_story *story)
{
	opened(story);
	heard_from(story, 58);
	reset(story, 0, 49, 1);
}

static void reset_behind_one_distance(struct path_story *story)
{
	opened(story);
	heard_from(story, 59);
	reset(story, 0, 49, 1);
}

static void reset_with_another_initial_ttl(struct path_story *story)
{
	opened(story);
	reset(story, 0, 251, 1);
}

static void reset_with_a_wrong_number(struct path_story *story)
{
	opened(story);
	reset(story, 0, 62, 2);
}

static void reset_after_our_end(struct path_story *story)
{
	opened(story);
	path_story_say(story, OURS, TCP_FIN | TCP_ACK, 1, 0);
	reset(story, 0, 62, 1);
}

static void reset_after_our_reset(struct path_story *story)
{
	opened(story);
	path_story_say(story, OURS, TCP_RST, 1, 0);
	reset(story, 0, 62, 1);
}

#define SHORTER                                                                \
	"the port is closed, and the target's resets take a shorter route "    \
	"than its other packets\n"
#define CLOSED                                                                 \
	"port-state likely by port-closed, closed; or a firewall that "        \
	"refuses with a reset\n"
#define ASK_DEVICE                                                             \
	"    do: Look at the firewall or inspection rules of the device at "   \
	"hop 3.\n"
#define HOST "a firewall on the server's host, or a device at its distance\n"

#define BY_SERVER "reset-origin likely by reset-by-server, server; or " HOST
#define FROM_ELSEWHERE                                                         \
	" by reset-from-elsewhere, middlebox; or the server itself, whose "    \
	"resets take a longer route or begin with another TTL, or a server "   \
	"behind a proxy\n"
#define ELSEWHERE "reset-origin likely" FROM_ELSEWHERE
#define LOOK_BEFORE                                                            \
	"Look at the firewalls and inspection devices of the path; a "         \
	"capture at the server (culprit capture) shows whether it sent the "   \
	"reset.\n"

const struct path_talk path_talks_resets[] = {
	/* Two routers less than the echo replies have passed. */
	{
		.name = "a reset from before the target is a device's",
		.tell = refused_two_hops_nearer,
		.found = "port-state likely by port-reset-on-path, hop 3 "
			 "rejected path; or " SHORTER,
	},
	{
		.name = "a reset from one hop before may be the target's",
		.tell = refused_one_hop_nearer,
		.found = "port-state possible by port-reset-on-path, hop 4 "
			 "rejected path; or the port is closed: one hop is "
			 "what another route explains\n",
	},
	/* 255 - 251 routers, as of 64 - 60. */
	{
		.name = "a reset with another initial TTL is the target's",
		.tell = refused_with_another_initial_ttl,
		.found = CLOSED,
	},
	{
		.name = "a reset from behind the target is no device's on the "
			"path",
		.tell = refused_from_behind,
		.found = CLOSED,
	},
	{
		.name = "a device's reset counts more than a router's error",
		.tell = refused_and_rejected,
		.found = "port-state likely by port-reset-on-path, hop 3 "
			 "rejected path; or " SHORTER,
	},
	{
		.name = "a port that opens at last was not reset",
		.tell = refused_and_opened,
		.found = "",
	},
	{
		.name = "a SYN that a foreign reset answers too is a device's",
		.tell = answered_twice_with_a_foreign_ttl,
		.parts = PATH_LINES_ADVICE,
		.found = "reset-origin certain by syn-reset-by-device, "
			 "middlebox\n    do: " LOOK_BEFORE,
	},
	{
		.name = "a SYN that a nearer reset answers too is a device's",
		.tell = answered_twice_from_two_hops_nearer,
		.found = "reset-origin certain by syn-reset-by-device, hop 3 "
			 "middlebox\n",
	},
	{
		.name = "a SYN with two answers from one distance is likely",
		.tell = answered_twice_at_its_distance,
		.parts = PATH_LINES_ADVICE,
		.found = "reset-origin likely by syn-reset-in-servers-name, "
			 "middlebox; or " HOST "    do: " LOOK_BEFORE,
	},
	{
		.name = "a SYN that was repeated may have two answers",
		.tell = answered_twice_to_two_syns,
		.found = "",
	},
	{
		.name = "a reset behind the SYN-ACK refuses nobody",
		.tell = opened_and_refused,
		.found = "",
	},
	{
		.name = "an open connection is reset from before the target",
		.tell = reset_two_hops_nearer,
		.parts = PATH_LINES_ADVICE,
		.found = "reset-origin likely by reset-by-device, hop 3 "
			 "middlebox; or the server itself, whose resets take a "
			 "shorter route\n" ASK_DEVICE,
	},
	{
		.name = "an open connection is reset from one hop before",
		.tell = reset_one_hop_nearer,
		.found = "reset-origin possible by reset-by-device, hop 4 "
			 "middlebox; or the server itself: one hop is what "
			 "another route explains\n",
	},
	/* RFC 9293, 3.10.7.1: it would answer with a reset. */
	{
		.name = "a server that acknowledges our end did not reset",
		.tell = reset_nearer_and_acknowledged,
		.parts = PATH_LINES_ADVICE,
		.found = "reset-origin certain by reset-forged, hop 3 "
			 "middlebox\n" ASK_DEVICE,
	},
	{
		.name = "an acknowledgment that was under way tells nothing",
		.tell = reset_nearer_and_acknowledged_data,
		.found = "reset-origin likely by reset-by-device, hop 3 "
			 "middlebox; or the server itself, whose resets take a "
			 "shorter route\n",
	},
	{
		.name = "a reset at the server's distance is the server's",
		.tell = reset_at_its_distance,
		.parts = PATH_LINES_ADVICE,
		.found = "reset-origin likely by reset-by-server, server; "
			 "or " HOST "    do: The server's log, or a capture at "
			 "the server (culprit capture), says why.\n",
	},
	{
		.name = "a reset that the server knows nothing of is forged",
		.tell = reset_at_its_distance_and_acknowledged,
		.found = "reset-origin likely by reset-in-servers-name, "
			 "middlebox; or " HOST,
	},
	{
		.name = "a reset from behind the server is a device's",
		.tell = reset_from_behind,
		.parts = PATH_LINES_ADVICE,
		.found = ELSEWHERE "    do: " LOOK_BEFORE,
	},
	{
		.name = "a reset from one hop behind may be the server's",
		.tell = reset_from_one_hop_behind,
		.found = "reset-origin possible by reset-from-elsewhere, "
			 "middlebox; or the server itself: one hop is what "
			 "another route explains\n",
	},
	{
		.name = "a reset with a TTL of its own is a device's",
		.tell = reset_with_a_foreign_ttl,
		.found = ELSEWHERE,
	},
	{
		.name = "a foreign reset that the server knows nothing of is "
			"forged",
		.tell = reset_with_a_foreign_ttl_and_acknowledged,
		.parts = PATH_LINES_ADVICE,
		.found = "reset-origin certain by reset-forged-elsewhere, "
			 "middlebox\n    do: " LOOK_BEFORE,
	},
	{
		.name = "a reset at one of the server's two distances is the "
			"server's",
		.tell = reset_at_one_of_two_distances,
		.found = BY_SERVER,
	},
	{
		.name = "a server at two distances may be at a third",
		.tell = reset_behind_two_distances,
		.found = "reset-origin possible" FROM_ELSEWHERE,
	},
	{
		.name = "distances that differ by one hop are one",
		.tell = reset_behind_one_distance,
		.found = ELSEWHERE,
	},
	{
		.name = "an open connection's reset with another initial TTL "
			"is the server's",
		.tell = reset_with_another_initial_ttl,
		.found = BY_SERVER,
	},
	{
		.name = "a reset with a wrong number ends nothing",
		.tell = reset_with_a_wrong_number,
		.found = "",
	},
	{
		.name = "a reset after our end ends nothing",
		.tell = reset_after_our_end,
		.found = "",
	},
	{
		.name = "a reset after our reset ends nothing",
		.tell = reset_after_our_reset,
		.found = "",
	},
};
const unsigned path_talks_resets_count =
	sizeof(path_talks_resets) / sizeof(path_talks_resets[0]);

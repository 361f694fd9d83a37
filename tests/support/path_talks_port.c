/* Talks about the port. */
#include "probe/protocol/reset_rules.h"
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

/* ACKs of no connection, one of which is answered from that distance; 0: none
 * is. The target's other packets come with a TTL of 60. */
static void stray(struct path_story *story, unsigned count, uint8_t ttl)
{
	enum { OURS = 40000, NUMBER = 77000 };

	for (unsigned i = 0; i < count; i++) {
		struct packet packet = path_story_ours(story, OURS, TCP_ACK);

		packet.target_port = 22;
		packet.acknowledged = NUMBER + i;
		packet.tos = RESET_MARK;
		packet.ttl = 64;
		path_packet(story->path, &packet);
	}
	if (ttl) {
		struct packet packet = path_story_theirs(story, OURS, TCP_RST);

		packet.sequence = NUMBER;
		packet.ttl = ttl;
		path_packet(story->path, &packet);
	}
	path_story_echo(story, 100, true);
}

static void silent_to_syns(struct path_story *story)
{
	ask(story, 4);
	stray(story, 3, 60);
}

static void silent_to_one_syn(struct path_story *story)
{
	ask(story, 1);
	stray(story, 3, 60);
}

static void one_stray(struct path_story *story)
{
	ask(story, 4);
	stray(story, 1, 60);
}

static void stray_reset_by_device(struct path_story *story)
{
	ask(story, 4);
	stray(story, 3, 62);
}

static void strays_unanswered(struct path_story *story)
{
	ask(story, 4);
	stray(story, 3, 0);
}

static void rejected_and_stray(struct path_story *story)
{
	ask(story, 2);
	reject(story, target(story), 3);
	stray(story, 3, 60);
}

static void silent_and_strays_lost(struct path_story *story)
{
	more_echo_lost(story);
	stray(story, 3, 60);
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

/* "Use the other router": the SYN went on (RFC 792). */
static void redirected(struct path_story *story)
{
	static const struct packet syn = {.sequence = 0};

	ask(story, 1);
	path_story_error(
		story, &syn, path_story_router(1), ICMP4_REDIRECT, 1, 0);
	ask(story, 3);
}

/* From an address that no hop has. */
static void rejected_by_a_stranger(struct path_story *story, uint8_t code)
{
	path_story_hops(story);
	ask(story, 1);
	reject(story, (struct address){{10, 1, 7, 7}}, code);
}

static void port_unreachable_by_a_stranger(struct path_story *story)
{
	rejected_by_a_stranger(story, ICMP4_PORT);
}

static void prohibited_by_a_stranger(struct path_story *story)
{
	rejected_by_a_stranger(story, 13);
}

static void port_unreachable_by_a_hop(struct path_story *story)
{
	path_story_hops(story);
	ask(story, 1);
	reject(story, path_story_router(2), ICMP4_PORT);
}

static void target_has_no_way_to_itself(struct path_story *story)
{
	ask(story, 1);
	reject(story, target(story), 1);
}

/* Resets answer SYNs with a traffic class, to the port and to another. */
static void marked(struct path_story *story, uint16_t port, uint8_t tos,
	uint8_t ttl, uint32_t number)
{
	enum { OURS = 40000 };
	struct packet packet = path_story_ours(story, OURS, TCP_SYN);

	packet.target_port = port;
	packet.sequence = number;
	packet.tos = RESET_MARK;
	packet.ttl = 64;
	path_packet(story->path, &packet);
	packet = path_story_theirs(story, OURS, TCP_RST | TCP_ACK);
	packet.source_port = port;
	packet.acknowledged = number + 1;
	packet.tos = tos;
	packet.ttl = ttl;
	path_packet(story->path, &packet);
}

static void silent_beside_others(struct path_story *story)
{
	ask(story, 4);
	marked(story, 1, RESET_MARK, 60, 2000);
	marked(story, 2, RESET_MARK, 60, 3000);
	path_story_echo(story, 100, true);
}

static void silent_beside_another(struct path_story *story)
{
	ask(story, 4);
	marked(story, 1, RESET_MARK, 60, 2000);
	path_story_echo(story, 100, true);
}

static void silent_beside_others_and_loss(struct path_story *story)
{
	more_echo_lost(story);
	marked(story, 1, RESET_MARK, 60, 2000);
	marked(story, 2, RESET_MARK, 60, 3000);
}

static void refused(struct path_story *story, uint8_t ttl)
{
	struct packet packet =
		path_story_theirs(story, PATH_STORY_PORT, TCP_RST | TCP_ACK);

	ask(story, 1);
	packet.acknowledged = 1;
	packet.ttl = ttl;
	path_packet(story->path, &packet);
	path_story_echo(story, 100, true);
}

static void refused_by_kernel(struct path_story *story)
{
	refused(story, 60);
	marked(story, 22, RESET_MARK, 60, 1000);
	marked(story, 1, RESET_MARK, 60, 2000);
	marked(story, 2, RESET_MARK, 60, 3000);
}

static void refused_by_firewall(struct path_story *story)
{
	refused(story, 60);
	marked(story, 22, 0, 60, 1000);
	marked(story, 1, RESET_MARK, 60, 2000);
}

static void refused_in_two_ways(struct path_story *story)
{
	refused_by_firewall(story);
	marked(story, 22, RESET_MARK, 60, 3000);
}

static void refused_by_firewall_then_open(struct path_story *story)
{
	refused_by_firewall(story);
	ask(story, 1);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
}

static void refused_by_device(struct path_story *story)
{
	refused(story, 62);
	marked(story, 22, RESET_MARK, 62, 1000);
	marked(story, 1, RESET_MARK, 60, 2000);
}

static void refused_one_hop_nearer(struct path_story *story)
{
	refused(story, 61);
	marked(story, 22, 0, 61, 1000);
	marked(story, 1, RESET_MARK, 60, 2000);
}

static void refused_one_hop_nearer_with_class(struct path_story *story)
{
	refused(story, 61);
	marked(story, 22, RESET_MARK, 61, 1000);
	marked(story, 1, RESET_MARK, 60, 2000);
}

static void refused_one_hop_nearer_without_class(struct path_story *story)
{
	refused(story, 61);
	marked(story, 22, 0, 61, 1000);
	marked(story, 1, 0, 60, 2000);
}

static void refused_two_hops_nearer(struct path_story *story)
{
	refused(story, 62);
	marked(story, 22, 0, 62, 1000);
	marked(story, 1, RESET_MARK, 60, 2000);
}

const struct path_talk path_talks_port[] = {
	{
		.name = "a redirect is no answer",
		.tell = redirected,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "hosts send port unreachable by any of their addresses",
		.tell = port_unreachable_by_a_stranger,
		.found = "port-state likely by port-rejected-on-path, "
			 "reporter ..7.7 rejected path; or the target "
			 "itself, by another of its addresses: hosts send "
			 "that error too, and no hop has this address\n",
	},
	{
		.name = "prohibited is what devices send",
		.tell = prohibited_by_a_stranger,
		.found = "port-state certain by port-rejected-on-path, "
			 "reporter ..7.7 rejected path\n",
	},
	{
		.name = "a hop that sends port unreachable is none of them",
		.tell = port_unreachable_by_a_hop,
		.found = "port-state certain by port-rejected-on-path, hop "
			 "2 reporter ..2.1 rejected path\n",
	},
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
	{
		.name = "a reset that returns the traffic class is a kernel's",
		.tell = refused_by_kernel,
		.found = "port-state likely by port-closed, closed; or a "
			 "firewall that refuses with a reset and copies the "
			 "traffic class, which Linux' does not\n",
	},
	{
		.name = "one that does not is a firewall's, where others do",
		.tell = refused_by_firewall,
		.found = "port-state likely by port-reset-by-firewall, "
			 "rejected target; or a device right before the "
			 "target's host\n",
	},
	{
		.name = "resets that contradict each other tell nothing",
		.tell = refused_in_two_ways,
		.found = "port-state likely by port-closed, closed; or a "
			 "firewall that refuses with a reset\n",
	},
	{
		.name = "a port that opens at last was not rejected by its "
			"host",
		.tell = refused_by_firewall_then_open,
		.found = "",
	},
	{
		.name = "a device before the host may return it too",
		.tell = refused_by_device,
		.found = "port-state likely by port-reset-on-path, hop 3 "
			 "rejected path; or the port is closed, and the "
			 "target's resets take a shorter route than its "
			 "other packets\n",
	},
	{
		.name = "one hop is a device's where the class differs",
		.tell = refused_one_hop_nearer,
		.found = "port-state likely by port-reset-on-path, hop 4 "
			 "rejected path; or a firewall on the target's host, "
			 "if its resets take a route that is one hop shorter\n",
	},
	{
		.name = "one hop is another route's where the class does not",
		.tell = refused_one_hop_nearer_with_class,
		.found = "port-state possible by port-reset-on-path, hop 4 "
			 "rejected path; or the port is closed: one hop is "
			 "what another route explains\n",
	},
	{
		.name = "one hop is another route's where the class is lost",
		.tell = refused_one_hop_nearer_without_class,
		.found = "port-state possible by port-reset-on-path, hop 4 "
			 "rejected path; or the port is closed: one hop is "
			 "what another route explains\n",
	},
	{
		.name = "two hops are no firewall's of the host",
		.tell = refused_two_hops_nearer,
		.found = "port-state likely by port-reset-on-path, hop 3 "
			 "rejected path; or the port is closed, and the "
			 "target's resets take a shorter route than its other "
			 "packets\n",
	},
	{
		.name = "who answers ACKs of no connection drops SYNs alone",
		.tell = silent_to_syns,
		.found = "port-state possible by port-silent-to-syns, "
			 "filtered; or the port's program takes no "
			 "connections, and its "
			 "queue is full\n",
	},
	{
		.name = "one SYN without an answer is no silence beside ACKs",
		.tell = silent_to_one_syn,
		.found = "",
	},
	{
		.name = "one ACK of no connection is not enough",
		.tell = one_stray,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "a device may answer ACKs of no connection",
		.tell = stray_reset_by_device,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "ACKs of no connection that nobody answers",
		.tell = strays_unanswered,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "a port that is rejected is not silent",
		.tell = rejected_and_stray,
		.found = "port-state certain by port-rejected-by-target, "
			 "reporter ..9.9 rejected target\n",
	},
	{
		.name = "SYNs may be lost where ACKs of no connection are not",
		.tell = silent_and_strays_lost,
		.found = "port-state possible by port-silent-to-syns, "
			 "filtered; or the SYNs were lost by chance: of 32 "
			 "ICMP echo requests 22 were answered\n",
	},
	{
		.name = "a target whose other ports answer is not down",
		.tell = silent_beside_others,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the port's program takes no connections, and its "
			 "queue is full\n",
	},
	{
		.name = "one SYN to another port is not enough",
		.tell = silent_beside_another,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "SYNs to one port may be lost, and to others not",
		.tell = silent_beside_others_and_loss,
		.found = "port-state possible by port-filtered, filtered; or "
			 "the SYNs were lost by chance: of 31 ICMP echo "
			 "requests 21 were answered\n",
	},
};
const unsigned path_talks_port_count =
	sizeof(path_talks_port) / sizeof(path_talks_port[0]);

/* Talks about SYNs that are lost for an option or flag. */
#include "probe/protocol/quote_probe.h"
#include "tests/support/path_story_back.h"
#include "probe/protocol/reset_rules.h"
#include "tests/support/path_talks_parts.h"

enum { SPARE_PORT = 61000, THERE_SENT = 30, APART_NS = 1000000000 };

/* To a hop, with the options of features, and whether it is reported. */
static void syn(struct path_story *story, unsigned features, uint8_t ttl,
	bool is_answered)
{
	bool is_all = features == (1u << SYN_FEATURE_COUNT) - 1;
	struct packet packet = path_story_ours(story, SPARE_PORT,
		features >> SYN_FEATURE_ECN & 1 ? TCP_SYN | TCP_ECE : TCP_SYN);

	packet.options = OPTION_MSS;
	if (features >> SYN_FEATURE_TIMESTAMPS & 1)
		packet.options |= OPTION_TIMESTAMP;
	if (features >> SYN_FEATURE_OPTIONS & 1)
		packet.options |= OPTION_SACK_PERMITTED;
	packet.tos = features >> SYN_FEATURE_DSCP & 1 ? QUOTE_PROBE_TOS : 0;
	packet.window = is_all ? QUOTE_PROBE_WINDOW : FEATURE_PROBE_WINDOW;
	packet.ttl = ttl;
	packet.ip_id = ++story->ip_id;
	packet.sequence = (uint32_t)story->frame << 8;
	packet.ip_bytes = 60;
	path_packet(story->path, &packet);
	if (is_answered)
		path_story_error(
			story, &packet, path_story_router(ttl), 11, 0, 0);
}

static void hops(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REWRITTEN);
	path_story_back_there(story, THERE_SENT);
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
}

static void full(struct path_story *story, uint8_t last)
{
	for (unsigned ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++)
		syn(story, (1u << SYN_FEATURE_COUNT) - 1, (uint8_t)ttl,
			ttl <= last);
}

/* The one with timestamps, with ECN, and the one without any. */
static void round_of(struct path_story *story, uint8_t ttl, bool timestamps,
	bool ecn, bool none)
{
	story->time_ns += APART_NS;
	syn(story, 1u << SYN_FEATURE_TIMESTAMPS, ttl, timestamps);
	syn(story, 1u << SYN_FEATURE_ECN, ttl, ecn);
	syn(story, 0, ttl, none);
}

static void timestamps_are_dropped(struct path_story *story)
{
	hops(story);
	full(story, 2);
	for (int i = 0; i < 3; i++)
		round_of(story, 3, false, true, true);
}

static void dropped_somewhere(struct path_story *story)
{
	hops(story);
	full(story, 1);
	for (int i = 0; i < 3; i++)
		round_of(story, 4, false, true, true);
}

static void two_are_lost(struct path_story *story)
{
	hops(story);
	full(story, 2);
	for (int i = 0; i < 2; i++)
		round_of(story, 3, false, true, true);
}

static void one_arrives(struct path_story *story)
{
	timestamps_are_dropped(story);
	round_of(story, 3, true, true, true);
}

static void all_are_dropped(struct path_story *story)
{
	hops(story);
	full(story, 2);
	for (int i = 0; i < 4; i++)
		round_of(story, 3, false, false, false);
}

/* The first packet of each round gets the error. */
static void errors_are_rationed(struct path_story *story)
{
	hops(story);
	full(story, 2);
	for (int i = 0; i < 4; i++)
		round_of(story, 3, false, true, false);
	story->time_ns += APART_NS;
	syn(story, 0, 3, true);
}

static void loss_explains(struct path_story *story)
{
	struct packet probe;

	timestamps_are_dropped(story);
	for (unsigned i = 0; i < THERE_SENT; i++)
		(void)path_story_segment(story, PATH_STORY_FULL, 64);
	probe = path_story_segment(story, PATH_STORY_FULL, 64);
	path_story_named(story, &probe);
}

/* The port is filtered: no SYN without a hop limit is answered. */
static void filtered(
	struct path_story *story, uint8_t last, unsigned rounds, uint8_t mute)
{
	path_story_asks(story, EXPERIMENT_REWRITTEN);
	for (int i = 0; i < 4; i++)
		path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		if (ttl != mute)
			path_story_echo_to(story, 100, (uint8_t)ttl,
				ttl == PATH_STORY_DISTANCE);
	full(story, last);
	for (unsigned i = 0; i < rounds; i++)
		round_of(story, (uint8_t)(last + 1), false, false, false);
}

static void filtered_by_device(struct path_story *story)
{
	filtered(story, 2, 3, 0);
}

/* 11^4 / 33^4 = 1 in 81, as where it is not known to end on the path. */
static void filtered_and_lost(struct path_story *story)
{
	filtered(story, 2, 3, 0);
	for (unsigned i = 0; i < 30; i++)
		path_story_echo(story, 100, i >= 10);
}

static void filtered_and_reset(struct path_story *story)
{
	filtered(story, 2, 3, 0);
	path_story_hear(story, PATH_STORY_PORT, TCP_RST | TCP_ACK, 0, 0);
}

/* A packet to that port of the target's with the mark, and its reset. */
static void marked_and_reset(
	struct path_story *story, uint16_t port, uint16_t flags)
{
	enum { OURS = 40000, NUMBER = 77000 };
	struct packet packet = path_story_ours(story, OURS, flags);
	bool is_syn = flags == TCP_SYN;

	packet.target_port = port;
	packet.sequence = NUMBER + port;
	packet.acknowledged = is_syn ? 0 : NUMBER;
	packet.tos = RESET_MARK;
	packet.ttl = 64;
	path_packet(story->path, &packet);
	packet = path_story_theirs(
		story, OURS, is_syn ? TCP_RST | TCP_ACK : TCP_RST);
	packet.source_port = port;
	packet.sequence = is_syn ? 0 : NUMBER;
	packet.acknowledged = is_syn ? NUMBER + port + 1u : 0;
	packet.ttl = 60;
	path_packet(story->path, &packet);
}

/* By a device that drops SYNs to this port alone. */
static void filtered_and_others_answered(struct path_story *story)
{
	filtered(story, 2, 3, 0);
	path_story_echo(story, 100, true);
	marked_and_reset(story, 22, TCP_ACK);
	marked_and_reset(story, 22, TCP_ACK);
	marked_and_reset(story, 1, TCP_SYN);
	marked_and_reset(story, 2, TCP_SYN);
}

static void filtered_and_first_hop(struct path_story *story)
{
	filtered(story, 0, 3, 0);
}

static void filtered_and_mute_hop(struct path_story *story)
{
	filtered(story, 2, 3, 3);
}

static void filtered_and_asked_twice(struct path_story *story)
{
	filtered(story, 2, 2, 0);
}

static void filtered_at_target(struct path_story *story)
{
	filtered(story, PATH_STORY_DISTANCE - 1, 0, 0);
}

const struct path_talk path_talks_features[] = {
	{
		.name = "a port filtered on the path, where more echo is lost",
		.tell = filtered_and_lost,
		.found = "port-state possible by port-filtered-on-path, "
			 "after 2 before 3 filtered path; or the SYNs were lost "
			 "by chance: of 31 ICMP echo requests 21 were "
			 "answered\n",
	},
	{
		.name = "a reset port whose SYNs are not reported",
		.tell = filtered_and_reset,
		.found = "port-state likely by port-closed, closed; or a "
			 "firewall that refuses with a reset\n",
	},
	{
		.name = "a port that a device on the path filters",
		.tell = filtered_by_device,
		.parts = PATH_LINES_EVIDENCE,
		.found = "port-state likely by port-filtered-on-path, after "
			 "2 before 3 filtered path; or hop 3 reports no SYNs, and they are dropped "
			 "behind it\n"
			 "    syn-answered 1 #0 #1 silence / an answer\n"
			 "    syn-ends-on-path 2 #29 #18 hop 3 / hop 3\n",
	},
	{
		.name = "a device that drops SYNs to one port alone",
		.tell = filtered_and_others_answered,
		.found = "port-state likely by port-filtered-on-path, after "
			 "2 before 3 filtered path; or hop 3 reports no SYNs, "
			 "and they are dropped behind it\n",
	},
	{
		.name = "a port that the first router filters",
		.tell = filtered_and_first_hop,
		.found = "port-state likely by port-filtered-on-path, after "
			 "0 before 1 filtered path; or hop 1 reports no SYNs, and they are dropped "
			 "behind it\n",
	},
	{
		.name = "a filtered port, and a hop without words",
		.tell = filtered_and_mute_hop,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "a filtered port, and two plain SYNs to the next hop",
		.tell = filtered_and_asked_twice,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n",
	},
	{
		.name = "a filtered port whose SYNs get to the last router",
		.tell = filtered_at_target,
		.parts = PATH_LINES_EVIDENCE,
		.found = "port-state likely by port-filtered, filtered; or "
			 "the target is down, or its responses are lost\n"
			 "    syn-answered 1 #0 #1 silence / an answer\n"
			 "    syn-ends-on-path 1 #22 #0 hop 4 reports it / "
			 "silence\n",
	},
	{
		.name = "SYNs with an option that never arrive",
		.tell = timestamps_are_dropped,
		.parts = PATH_LINES_EVIDENCE | PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "    tcp-agrees 2 #3 #0 1500 / 1500\n"
			 "option-refused likely by syn-option-dropped, forward "
			 "after 2 before 3 timestamps; or a filter for SYNs "
			 "that end on the way: a connection with that option "
			 "decides\n"
			 "    do: Let the device there pass SYNs with it: "
			 "clients that send it wait for retransmissions, or "
			 "never connect.\n"
			 "    syn-with-it-arrives 1 #88 #91 0 of 3 / hop 3\n"
			 "    syn-without-arrives 2 #92 #91 hop 3 / hop 3\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "of a hop further on, where those between are silent",
		.tell = dropped_somewhere,
		.parts = PATH_LINES_EVIDENCE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "    tcp-agrees 2 #3 #0 1500 / 1500\n"
			 "option-refused likely by syn-option-dropped, forward "
			 "after 1 before 4 timestamps; or a filter for SYNs "
			 "that end on the way: a connection with that option "
			 "decides\n"
			 "    syn-with-it-arrives 1 #87 #90 0 of 3 / hop 4\n"
			 "    syn-without-arrives 2 #91 #90 hop 4 / hop 4\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "two SYNs with an option may be lost",
		.tell = two_are_lost,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a SYN with an option that arrives once",
		.tell = one_arrives,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "SYNs of which none arrives",
		.tell = all_are_dropped,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a router without errors left refuses nothing",
		.tell = errors_are_rationed,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "SYNs that are lost as others are",
		.tell = loss_explains,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
};
const unsigned path_talks_features_count =
	sizeof(path_talks_features) / sizeof(path_talks_features[0]);

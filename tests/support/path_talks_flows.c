/* Talks about connections that differ in the sizes that they pass, and about
 * packets that are fragmented on the way. */
#include "tests/support/path_story_back.h"
#include "tests/support/path_talks_parts.h"

enum { THERE_SENT = 30, OFTEN = 4 };

/* The run's connection passes 1500 bytes. */
static void begin(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_FLOWS);
	path_story_back_there(story, THERE_SENT);
	path_story_hops(story);
}

static uint16_t connect(struct path_story *story, unsigned index)
{
	return path_story_back_connect(story, index, PATH_STORY_FULL);
}

static void pass(struct path_story *story, uint16_t port, uint32_t bytes)
{
	struct packet probe = path_story_segment_on(story, port, bytes, 64);

	path_story_named(story, &probe);
}

static void lose(
	struct path_story *story, uint16_t port, uint32_t bytes, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)path_story_segment_on(story, port, bytes, 64);
}

static void refuse(struct path_story *story, uint16_t port, uint32_t bytes,
	uint32_t claimed, unsigned hop)
{
	struct packet probe = path_story_segment_on(story, port, bytes, 64);

	path_story_error(story, &probe, path_story_router(hop), 3, 4, claimed);
}

/* It expires at a router with this number, which need not be the hop's. */
static void expire(struct path_story *story, uint16_t port, uint32_t bytes,
	uint8_t ttl, unsigned router)
{
	struct packet probe = path_story_segment_on(story, port, bytes, ttl);

	path_story_error(story, &probe, path_story_router(router), 11, 0, 0);
}

/* A connection that passes 1400 bytes, and answers later. */
static void pass_less(struct path_story *story, unsigned index, uint32_t passed,
	uint32_t lost, unsigned times)
{
	uint16_t port = connect(story, index);

	lose(story, port, lost, times);
	pass(story, port, passed);
}

static void they_agree(struct path_story *story)
{
	begin(story);
	for (unsigned i = 0; i < 3; i++)
		pass(story, connect(story, i), PATH_STORY_FULL);
}

/* The run's connection is told of 1400 bytes. */
static void are_limited(struct path_story *story)
{
	const uint16_t port = PATH_STORY_PORT;

	path_story_asks(story, EXPERIMENT_FLOWS);
	path_story_say(story, port, TCP_SYN, 0, 1460);
	path_story_hops(story);
	refuse(story, port, 1500, 1400, 2);
	refuse(story, port, 1401, 1400, 2);
	for (unsigned i = 0; i < THERE_SENT; i++)
		pass(story, port, 1400);
}

static void limited_and_echo_passes(struct path_story *story)
{
	are_limited(story);
	path_story_echo(story, 1500, true);
}

/* So many stray segments of a port are sent, and reset from that distance. */
static void stray(struct path_story *story, uint16_t port, uint32_t bytes,
	unsigned times, uint8_t ttl)
{
	for (unsigned i = 0; i < times; i++) {
		struct packet sent = path_story_stray(story, port, bytes);

		if (ttl)
			path_story_reset(story, &sent, ttl);
	}
}

enum { STRAY_PORT = 51000, TARGETS_TTL = 60, DEVICES_TTL = 62 };

static void limited_and_strays_pass(struct path_story *story)
{
	are_limited(story);
	path_story_say(story, PATH_STORY_PORT, TCP_ACK, 1, 0);
	stray(story, STRAY_PORT, 1401, 1, TARGETS_TTL);
	stray(story, STRAY_PORT + 1, 1400, 1, TARGETS_TTL);
}

/* They come back over a longer route. */
static void limited_and_strays_pass_elsewhere(struct path_story *story)
{
	are_limited(story);
	stray(story, STRAY_PORT, 1401, 1, TARGETS_TTL - 1);
}

static void limited_and_a_device_resets_strays(struct path_story *story)
{
	are_limited(story);
	stray(story, STRAY_PORT, 1401, 1, DEVICES_TTL);
	stray(story, STRAY_PORT + 1, 1400, 1, DEVICES_TTL);
}

static void strays_agree(struct path_story *story)
{
	they_agree(story);
	stray(story, STRAY_PORT, 88, 1, TARGETS_TTL);
	stray(story, STRAY_PORT, PATH_STORY_FULL, 1, TARGETS_TTL);
}

static void strays_are_dropped(struct path_story *story)
{
	they_agree(story);
	stray(story, STRAY_PORT, 88, 2, 0);
	stray(story, STRAY_PORT, PATH_STORY_FULL, OFTEN, 0);
}

static void large_strays_are_lost(struct path_story *story)
{
	they_agree(story);
	stray(story, STRAY_PORT, 1401, OFTEN, 0);
	stray(story, STRAY_PORT, 1400, 9, TARGETS_TTL);
}

/* The target, or a firewall, sends few resets. */
static void few_strays_are_reset(struct path_story *story)
{
	they_agree(story);
	stray(story, STRAY_PORT, 1401, OFTEN, 0);
	stray(story, STRAY_PORT, 1400, 2, 0);
	stray(story, STRAY_PORT, 1400, 1, TARGETS_TTL);
}

/* A device answers SYNs, and resets what it does not know; the server is
 * farther away. */
static void a_proxy_of_syns_resets_strays(struct path_story *story)
{
	uint16_t port;
	struct packet syn_ack, bare;

	are_limited(story);
	port = (uint16_t)(PATH_STORY_PORT + 9);
	path_story_say(story, port, TCP_SYN, 0, 1460);
	syn_ack = path_story_theirs(story, port, TCP_SYN | TCP_ACK);
	syn_ack.acknowledged = 1;
	syn_ack.ttl = DEVICES_TTL;
	path_packet(story->path, &syn_ack);
	bare = path_story_theirs(story, port, TCP_ACK);
	bare.acknowledged = 1;
	bare.ttl = DEVICES_TTL;
	path_packet(story->path, &bare);
	stray(story, STRAY_PORT, 1401, 1, DEVICES_TTL);
}

/* It resets them in the target's name, with its TTL, and lets them go on. */
static void a_tap_resets_strays(struct path_story *story)
{
	struct packet sent;

	are_limited(story);
	sent = path_story_stray(story, STRAY_PORT, 1401);
	path_story_reset(story, &sent, TARGETS_TTL);
	path_story_error(story, &sent, path_story_router(2), 3, 4, 1400);
}

/* The larger one goes on, and its PTB is lost. */
static void a_tap_resets_what_the_server_resets(struct path_story *story)
{
	struct packet small;

	are_limited(story);
	small = path_story_stray(story, STRAY_PORT, 88);
	path_story_reset(story, &small, TARGETS_TTL);
	path_story_reset(story, &small, TARGETS_TTL);
	stray(story, STRAY_PORT, 1401, 1, TARGETS_TTL);
}

static void limited_and_another_passes(struct path_story *story)
{
	limited_and_echo_passes(story);
	pass(story, connect(story, 0), 1500);
}

/* The run's connection is told of 1400 bytes, and so are two others. Of larger
 * packets a router reports those of one, and so many of the other are lost. */
static void larger_ones_lost(struct path_story *story, unsigned times)
{
	uint16_t port;

	are_limited(story);
	for (unsigned i = 0; i < 2; i++) {
		port = connect(story, i);
		if (i == 0)
			refuse(story, port, 1500, 1400, 2);
		else
			lose(story, port, 1500, times);
		refuse(story, port, 1401, 1400, 2);
		pass(story, port, 1400);
	}
}

static void larger_ones_lost_often(struct path_story *story)
{
	larger_ones_lost(story, OFTEN);
}

static void a_larger_one_lost_once(struct path_story *story)
{
	larger_ones_lost(story, 1);
}

static void one_passes_less(struct path_story *story)
{
	they_agree(story);
	pass_less(story, 3, 1400, 1401, OFTEN);
}

/* A router reports one of the packets that are larger, and names that size. */
static void one_is_told_at_times(struct path_story *story, uint32_t claimed)
{
	uint16_t port;

	they_agree(story);
	port = connect(story, 3);
	refuse(story, port, 1450, claimed, 2);
	lose(story, port, 1401, OFTEN);
	pass(story, port, 1400);
}

static void one_is_told_that_size(struct path_story *story)
{
	one_is_told_at_times(story, 1400);
}

static void one_is_told_another_size(struct path_story *story)
{
	one_is_told_at_times(story, 1420);
}

static void two_pass_less(struct path_story *story)
{
	one_passes_less(story);
	pass_less(story, 4, 1400, 1401, OFTEN);
}

static void one_answers_no_more(struct path_story *story)
{
	uint16_t port;

	they_agree(story);
	port = connect(story, 3);
	pass(story, port, 1400);
	lose(story, port, 1401, OFTEN);
}

static void one_loses_once(struct path_story *story)
{
	they_agree(story);
	pass_less(story, 3, 1400, 1401, 1);
}

static void one_loses_twice(struct path_story *story)
{
	they_agree(story);
	pass_less(story, 3, 1400, 1401, 2);
}

static void sizes_between(struct path_story *story)
{
	they_agree(story);
	pass_less(story, 3, 1400, 1420, OFTEN);
}

static void two_sizes(struct path_story *story)
{
	one_passes_less(story);
	pass_less(story, 4, 1300, 1301, OFTEN);
}

/* From the third hop on others answer, and the fourth gets nothing large. */
static void other_routers(struct path_story *story)
{
	uint16_t port;

	for (unsigned ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	they_agree(story);
	port = connect(story, 3);
	lose(story, port, 1401, OFTEN);
	for (int i = 0; i < 3; i++) {
		(void)path_story_segment_on(story, port, 1401, 4);
		expire(story, port, 1400, 4, 14);
		expire(story, port, 1401, 3, 13);
		expire(story, port, 1400, 2, 2);
	}
	pass(story, port, 1400);
}

static void one_is_told_less(struct path_story *story)
{
	uint16_t port;

	they_agree(story);
	port = connect(story, 3);
	refuse(story, port, 1401, 1400, 2);
	pass(story, port, 1400);
}

static void others_pass_more(struct path_story *story)
{
	uint16_t port;

	path_story_asks(story, EXPERIMENT_FLOWS);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_tell_hole(story);
	pass_less(story, 0, 1400, 1401, OFTEN);
	port = connect(story, 1);
	pass(story, port, PATH_STORY_FULL);
	expire(story, port, 1400, 3, 13);
}

static void segments(struct path_story *story, uint32_t bytes, unsigned sent)
{
	for (unsigned i = 0; i < sent; i++) {
		struct packet probe = path_story_segment(story, bytes, 64);

		path_story_named(story, &probe);
	}
}

static void others_pass_more_somewhere(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_FLOWS);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	segments(story, 1400, THERE_SENT);
	lose(story, PATH_STORY_PORT, 1401, OFTEN);
	pass(story, connect(story, 0), PATH_STORY_FULL);
}

static void others_pass_more_than_told(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_FLOWS);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_hops(story);
	segments(story, 1400, THERE_SENT);
	refuse(story, PATH_STORY_PORT, 1401, 1400, 2);
	pass(story, connect(story, 0), PATH_STORY_FULL);
}

static void lose_echo(struct path_story *story)
{
	path_story_echo(story, 1400, true);
	for (int i = 0; i < OFTEN; i++)
		path_story_echo(story, PATH_STORY_FULL, false);
}

static void echo_passes_less(struct path_story *story)
{
	path_story_back_there(story, THERE_SENT);
	path_story_hops(story);
	lose_echo(story);
}

static void echo_passes_less_and_flows_agree(struct path_story *story)
{
	they_agree(story);
	lose_echo(story);
}

static void echo_is_lost_on_return(struct path_story *story)
{
	echo_passes_less(story);
	path_story_back_arrives(story, 1, 1400);
	path_story_back_arrives(story, 2, 1400);
	path_story_back_missing_often(story, OFTEN, 1401);
}

/* The router of that hop quotes so many bytes of a longer packet. */
static void quote(
	struct path_story *story, uint32_t bytes, uint32_t quoted, uint8_t ttl)
{
	struct packet probe = path_story_segment(story, bytes, ttl);

	probe.ip_bytes = quoted;
	path_story_error(story, &probe, path_story_router(ttl), 11, 0, 0);
}

/* The third link takes 1403 bytes. */
static void quoted_in_fragments_only(struct path_story *story)
{
	path_story_back_there(story, THERE_SENT);
	story->is_df_cleared = true;
	path_story_hops(story);
	quote(story, PATH_STORY_FULL, PATH_STORY_FULL, 2);
	quote(story, PATH_STORY_FULL, 1396, 3);
	quote(story, PATH_STORY_FULL, 1396, 4);
}

static void quoted_in_fragments(struct path_story *story)
{
	quoted_in_fragments_only(story);
	quote(story, 1400, 1400, 3);
	quote(story, 1402, 1402, 3);
	quote(story, 1404, 1396, 3);
	quote(story, 1403, 1403, 3);
}

static void quoted_far_on(struct path_story *story)
{
	path_story_back_there(story, THERE_SENT);
	story->is_df_cleared = true;
	path_story_hops(story);
	quote(story, PATH_STORY_FULL, PATH_STORY_FULL, 2);
	quote(story, PATH_STORY_FULL, 1396, 4);
}

/* What is known of are_limited alone. */
#define LIMIT_CERTAIN                                                          \
	"path-mtu certain by limit-reported, forward mtu 1400 limited-after "  \
	"2 reporter ..2.1\n"                                                   \
	"excluded: pmtu-black-hole\n"

const struct path_talk path_talks_flows[] = {
	{
		.name = "a limit that echo does not meet may be of one route",
		.tell = limited_and_echo_passes,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or a limit of "
			 "one of several routes: other packets than TCP pass "
			 "in larger sizes\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole/reverse\n",
	},
	{
		.name = "where connections differ they say so",
		.tell = limited_and_another_passes,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or 1400 bytes, "
			 "or more, by another route or to another server: 1 of "
			 "2 flows lose larger packets\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole/reverse\n",
	},
	{
		.name = "larger packets that some connections lose in front of "
			"a limit leave a hole open",
		.tell = larger_ones_lost_often,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "open: pmtu-black-hole by larger-vanish\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a router that names the size that passes on some "
			"connections rate-limits its errors",
		.tell = one_is_told_that_size,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or 1400 bytes, or more, by another route or to "
			 "another server: 1 of 5 flows lose larger "
			 "packets\n"
			 "path-mtu likely by "
			 "limit-reported-at-times-on-some-flows, "
			 "forward mtu 1400 limited-after 2 reporter ..2.1; or "
			 "a black hole of the same size: 1 of 5 larger packets "
			 "were answered with a PTB\n"
			 "    do: Nothing, as long as senders receive the PTB "
			 "messages: several routes, with different MTUs.\n",
	},
	{
		.name = "one that names another explains no loss",
		.tell = one_is_told_another_size,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or 1400 bytes, or more, by another route or to "
			 "another server: 1 of 5 flows lose larger "
			 "packets\n"
			 "pmtu-black-hole likely by hole-on-some-flows, "
			 "forward mtu 1400; or a device that treats "
			 "connections differently, and not another route or "
			 "server\n",
	},
	{
		.name = "stray segments that pass more make a limit that of "
			"some flows",
		.tell = limited_and_strays_pass,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or 1400 bytes, or "
			 "more, by another route or to another server: 2 of 3 "
			 "flows lose larger packets\n"
			 "open: pmtu-black-hole by flows-differ\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "so do those whose resets take a longer route",
		.tell = limited_and_strays_pass_elsewhere,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or 1400 bytes, or "
			 "more, by another route or to another server: 1 of 2 "
			 "flows lose larger packets\n",
	},
	{
		.name = "a reset from a smaller distance shows no segment at "
			"the target",
		.tell = limited_and_a_device_resets_strays,
		.found = LIMIT_CERTAIN,
	},
	{
		.name = "stray segments agree",
		.tell = strays_agree,
		.parts = PATH_LINES_EVIDENCE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "    tcp-agrees 2 #3 #0 1500 / 1500\n"
			 "    flows-agree 2 #0 #0 5 of 5 pass 1500 / 5 of 5 "
			 "pass 1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a firewall that drops stray segments tells nothing",
		.tell = strays_are_dropped,
		.parts = PATH_LINES_EVIDENCE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "    tcp-agrees 2 #3 #0 1500 / 1500\n"
			 "    flows-agree 2 #0 #0 4 of 4 pass 1500 / 4 of 4 "
			 "pass 1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "where few stray segments are reset none is known to "
			"be lost",
		.tell = few_strays_are_reset,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a device that answers SYNs is not the server",
		.tell = a_proxy_of_syns_resets_strays,
		.found = LIMIT_CERTAIN,
	},
	{
		.name = "a reset makes no router a liar",
		.tell = a_tap_resets_strays,
		.found = LIMIT_CERTAIN,
	},
	{
		.name = "nor does it show a segment that is reset twice",
		.tell = a_tap_resets_what_the_server_resets,
		.found = LIMIT_CERTAIN,
	},
	{
		.name = "large stray segments that are lost are told",
		.tell = large_strays_are_lost,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or 1400 bytes, or more, by another route or to "
			 "another server: 1 of 5 flows lose larger "
			 "packets\n"
			 "pmtu-black-hole likely by hole-on-some-flows, "
			 "forward mtu 1400; or a device that treats "
			 "connections differently, and not another route or "
			 "server\n",
	},
	{
		.name = "a larger packet lost once does not",
		.tell = a_larger_one_lost_once,
		.found = LIMIT_CERTAIN,
	},
	{
		.name = "all connections pass the same",
		.tell = they_agree,
		.parts = PATH_LINES_EVIDENCE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "    tcp-agrees 2 #3 #0 1500 / 1500\n"
			 "    flows-agree 2 #0 #0 4 of 4 pass 1500 / 4 of 4 "
			 "pass 1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a connection that passes less is told",
		.tell = one_passes_less,
		.parts = PATH_LINES_ADVICE | PATH_LINES_EVIDENCE,
		.found =
			"path-mtu likely by full-size-passes, forward mtu "
			"1500; or 1400 bytes, or more, by another route or to "
			"another server: 1 of 5 flows lose larger "
			"packets\n"
			"    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			"    tcp-agrees 2 #3 #0 1500 / 1500\n"
			"    flows-agree 1 #86 #91 1 of 5 lose 1401 bytes / "
			"all alike\n"
			"pmtu-black-hole likely by hole-on-some-flows, forward "
			"mtu 1400; or a device that treats connections "
			"differently, and not another route or server\n"
			"    do: Several routes, or several servers behind one "
			"address: 1 of 5 flows lose packets above 1400 "
			"bytes. Look at what these take; until it is mended, "
			"clamp the MSS of all to 1360.\n"
			"    flows-agree 1 #86 #91 1 of 5 lose 1401 bytes / "
			"all alike\n"
			"    next-size-fails 2 #0 #0 1401 / 1401\n"
			"    loss-unlikely 2 #0 #0 0 of 4 answered / \n",
	},
	{
		.name = "two of three that pass less are told",
		.tell = two_pass_less,
		.parts = PATH_LINES_OPEN,
		.found =
			"path-mtu likely by full-size-passes, forward mtu "
			"1500; or 1400 bytes, or more, by another route or to "
			"another server: 2 of 6 flows lose larger "
			"packets\n"
			"pmtu-black-hole likely by hole-on-some-flows, forward "
			"mtu 1400; or a device that treats connections "
			"differently, and not another route or server\n"
			"open: pmtu-black-hole/reverse by nothing-came-back\n"
			"open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a connection that answers nothing later may have "
			"ended",
		.tell = one_answers_no_more,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "what was lost once may be loss",
		.tell = one_loses_once,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "what was lost twice is possible",
		.tell = one_loses_twice,
		.found =
			"path-mtu likely by full-size-passes, forward mtu "
			"1500; or 1400 bytes, or more, by another route or to "
			"another server: 1 of 5 flows lose larger "
			"packets\n"
			"pmtu-black-hole possible by hole-on-some-flows, "
			"forward mtu 1400; or a device that treats connections "
			"differently, and not another route or server\n",
	},
	{
		.name = "sizes between may pass on other connections",
		.tell = sizes_between,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or 1400 bytes, or more, by another route or to "
			 "another server: 1 of 5 flows lose larger "
			 "packets\n"
			 "pmtu-black-hole likely by hole-on-some-flows, "
			 "forward mtu 1400; or a device that treats "
			 "connections differently, and not another route or "
			 "server; or any size from 1400 to 1419 bytes: no size "
			 "between was sent\n",
	},
	{
		.name = "other sizes of connections are told apart",
		.tell = two_sizes,
		.found =
			"path-mtu likely by full-size-passes, forward mtu "
			"1500; or 1300 bytes, or more, by another route or to "
			"another server: 2 of 6 flows lose larger "
			"packets\n"
			"pmtu-black-hole likely by hole-on-some-flows, forward "
			"mtu 1400; or a device that treats connections "
			"differently, and not another route or server\n"
			"pmtu-black-hole likely by hole-on-some-flows, forward "
			"mtu 1300; or a device that treats connections "
			"differently, and not another route or server\n",
	},
	{
		.name = "a connection's routers are told where they differ",
		.tell = other_routers,
		.parts = PATH_LINES_ADVICE | PATH_LINES_EVIDENCE,
		.found =
			"path-mtu likely by full-size-passes, forward mtu "
			"1500; or 1400 bytes, or more, by another route or to "
			"another server: 1 of 5 flows lose larger "
			"packets\n"
			"    interface-mtu-passes 2 #11 #10 1500 / 1500\n"
			"    tcp-agrees 2 #11 #0 1500 / 1500\n"
			"    flows-agree 1 #94 #120 1 of 5 lose 1401 bytes / "
			"all alike\n"
			"    same-routers 1 #102 #6 hop 3: 10.0.13.1 / "
			"10.0.3.1\n"
			"pmtu-black-hole likely by hole-on-some-flows, forward "
			"mtu 1400 after 3 before 4; or a device that treats "
			"connections differently, and not another route or "
			"server\n"
			"    do: Several routes, or several servers behind one "
			"address: 1 of 5 flows lose packets above 1400 "
			"bytes. Look at what these take: hop 3 is 10.0.13.1; "
			"until it is mended, clamp the MSS of all to 1360.\n"
			"    flows-agree 1 #94 #120 1 of 5 lose 1401 bytes / "
			"all alike\n"
			"    next-size-fails 2 #0 #0 1401 / 1401\n"
			"    same-routers 1 #102 #6 hop 3: 10.0.13.1 / "
			"10.0.3.1\n"
			"    next-hop-answers-large 1 #112 #114 0 of 3 / hop "
			"4\n"
			"    loss-unlikely 2 #0 #0 0 of 4 answered / \n",
	},
	{
		.name = "a limit that is told on some connections is no hole",
		.tell = one_is_told_less,
		.parts = PATH_LINES_ADVICE | PATH_LINES_OPEN,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or 1400 bytes, or more, by another route or to "
			 "another server: 1 of 5 flows lose larger "
			 "packets\n"
			 "path-mtu likely by limit-on-some-flows, forward mtu "
			 "1400 limited-after 2 reporter ..2.1\n"
			 "    do: Nothing, as long as senders receive the PTB "
			 "messages: several routes, with different MTUs.\n"
			 "open: pmtu-black-hole by flows-differ\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a hole of some connections is told as such",
		.tell = others_pass_more,
		.parts = PATH_LINES_ADVICE | PATH_LINES_EVIDENCE,
		.found =
			"pmtu-black-hole certain by hole-at-link, forward mtu "
			"1400 after 2 before 3\n"
			"    do: Clamp the MSS at hop 2: nft add rule inet "
			"filter forward tcp flags syn tcp option maxseg size "
			"set 1360; or let ICMP type 3 code 4 from there reach "
			"the senders; or set MTU 1400 on this host's "
			"interface. Several routes, or several servers behind "
			"one address: 2 of 3 flows lose packets above "
			"1400 bytes, and the others do not. ICMP errors of hop "
			"2 arrive here (time exceeded, for the same flow): the "
			"PTB is never sent, or filtered by its type.\n"
			"    next-size-fails 2 #101 #75 1401 / 1401\n"
			"    larger-packets-vanish 2 #101 #0 0 of 4 answered / "
			"0 answered\n"
			"    smaller-packets-arrive 2 #75 #0 33 of 33 answered "
			"/ most answered\n"
			"    too-big-received 1 #0 #0 none / one, for the lost "
			"size\n"
			"    hop-answers-large 2 #138 #0 hop 2 / hop 2\n"
			"    next-hop-answers-large 1 #144 #143 0 of 3 / hop "
			"3\n"
			"    tcp-agrees 2 #75 #101 1400 / 1400\n"
			"    flows-agree 1 #158 #158 2 of 3 lose 1401 bytes / "
			"all alike\n"
			"    same-routers 1 #160 #7 hop 3: 10.0.13.1 / "
			"10.0.3.1\n"
			"    hop-before-reports-expiry 2 #5 #0 hop 2 / hop 2\n",
	},
	{
		.name = "a hole somewhere, of some connections",
		.tell = others_pass_more_somewhere,
		.parts = PATH_LINES_ADVICE,
		.found = "pmtu-black-hole certain by hole-somewhere, forward "
			 "mtu 1400\n"
			 "    do: Clamp the MSS before the link: nft add rule "
			 "inet filter forward tcp flags syn tcp option maxseg "
			 "size set 1360; or let ICMP type 3 code 4 from there "
			 "reach the senders; or set MTU 1400 on this host's "
			 "interface. Several routes, or several servers behind "
			 "one address: 1 of 2 flows lose packets above "
			 "1400 bytes, and the others do not.\n",
	},
	{
		.name = "a limit of some connections is not certain",
		.tell = others_pass_more_than_told,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1; or 1400 bytes, or "
			 "more, by another route or to another server: 1 of 2 "
			 "flows lose larger packets\n"
			 "open: pmtu-black-hole by flows-differ\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "echo may take another route",
		.tell = echo_passes_less,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or 1400 bytes by the route that echo takes: "
			 "larger echo requests are not answered, which the "
			 "return path or a firewall may cause, too\n"
			 "pmtu-black-hole possible by echo-lost, reverse mtu "
			 "1400; or the target, or a firewall, limits the size "
			 "of ICMP echo: the server sent too little data to "
			 "decide\n"
			 "open: pmtu-black-hole by echo-says-less\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "echo takes no other route where connections agree",
		.tell = echo_passes_less_and_flows_agree,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole possible by echo-lost, reverse mtu "
			 "1400; or the target, or a firewall, limits the size "
			 "of ICMP echo: the server sent too little data to "
			 "decide\n"
			 "open: pmtu-black-hole by echo-says-less\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "echo that the return path loses takes no other route",
		.tell = echo_is_lost_on_return,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole certain by segment-missing, reverse "
			 "mtu 1400\n",
	},
	{
		.name = "fragments that a router quotes tell the link",
		.tell = quoted_in_fragments,
		.parts = PATH_LINES_ADVICE | PATH_LINES_EVIDENCE,
		.found = "path-mtu certain by limit-in-fragments, forward mtu "
			 "1403 limited-after 2\n"
			 "    do: Packets above 1403 bytes arrive in "
			 "fragments, which many devices drop: keep the "
			 "don't-fragment bit, or clamp the MSS to 1363.\n"
			 "    quoted-in-fragments 2 #75 #74 the first of 1396 "
			 "bytes, at hop 3 / the first of 1396 bytes, at hop 3\n"
			 "    df-reaches-hops 1 #63 #0 cleared / set\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a fragment that a router quotes ends at eights",
		.tell = quoted_in_fragments_only,
		.found = "path-mtu likely by limit-in-fragments, forward mtu "
			 "1396 limited-after 2; or up to 1403 bytes: fragments "
			 "end at multiples of eight\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "where hops between are silent the link is not known",
		.tell = quoted_far_on,
		.parts = PATH_LINES_EVIDENCE,
		.found = "path-mtu likely by limit-in-fragments, forward mtu "
			 "1396; or up to 1403 bytes: fragments end at "
			 "multiples of eight\n"
			 "    quoted-in-fragments 2 #75 #74 the first of 1396 "
			 "bytes, at hop 4 / the first of 1396 bytes, at hop 4\n"
			 "    df-reaches-hops 1 #63 #0 cleared / set\n"
			 "    interface-mtu-passes 2 #3 #2 1500 / 1500\n"
			 "excluded: pmtu-black-hole\n",
	},
};
const unsigned path_talks_flows_count =
	sizeof(path_talks_flows) / sizeof(path_talks_flows[0]);

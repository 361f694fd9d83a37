/* Talks about devices that reset connections when they see certain bytes:
 * connections 0 and 1 never show the trigger; the target is five hops away. */
#include <stdio.h>

#include "analysis/path/path_record.h"
#include "probe/protocol/reset_rules.h"
#include "tests/support/path_talks_parts.h"

enum {
	FIRST_PORT = 40000, /* of connection 0 */
	OURS = 7001,	    /* our next number, on all */
	THEIRS = 9001,	    /* theirs */
	SERVER_TTL = 60,
	CONNECTIONS = 6,
	NEW = CONNECTIONS, /* is opened after a reset */
	SHOWN = 23,	   /* bytes of the trigger */
	WINDOW = 29300,
	MANY = 6,
	PACE_NS = 50000000,
};

static uint16_t port_of(unsigned connection)
{
	return (uint16_t)(FIRST_PORT + connection);
}

static struct packet send(struct path_story *story, unsigned connection,
	uint16_t flags, uint32_t sequence)
{
	struct packet packet =
		path_story_ours(story, port_of(connection), flags);

	packet.sequence = sequence;
	packet.ttl = 64;
	packet.ip_bytes = 40;
	packet.window = WINDOW;
	packet.ip_id = ++story->ip_id;
	return packet;
}

static struct packet theirs(
	struct path_story *story, unsigned connection, uint16_t flags)
{
	struct packet packet =
		path_story_theirs(story, port_of(connection), flags);

	packet.sequence = THEIRS;
	packet.acknowledged = OURS;
	packet.ttl = SERVER_TTL;
	return packet;
}

static void syn(struct path_story *story, unsigned connection, bool is_answered)
{
	struct packet packet = send(story, connection, TCP_SYN, OURS - 1);

	path_packet(story->path, &packet);
	if (!is_answered)
		return;
	packet = theirs(story, connection, TCP_SYN | TCP_ACK);
	packet.sequence = THEIRS - 1;
	path_packet(story->path, &packet);
	packet = send(story, connection, TCP_ACK, OURS);
	path_packet(story->path, &packet);
}

/* Old data; each has a number of its own, by the offset in the story. */
static struct packet show(struct path_story *story, unsigned connection,
	enum reset_segment segment, uint8_t ttl, bool is_answered)
{
	uint32_t bytes = segment == RESET_QUESTION ? 1 : SHOWN;
	uint32_t number = story->offset++ % RESET_NUMBERS;
	struct packet packet = send(story, connection, TCP_ACK,
		OURS - reset_apart(segment) - number - bytes);
	struct packet answer = theirs(story, connection, TCP_ACK);

	packet.acknowledged = THEIRS;
	packet.ttl = ttl;
	packet.payload_bytes = bytes;
	packet.ip_bytes = 40 + bytes;
	path_packet(story->path, &packet);
	answer.sack_count = 1;
	answer.sack[0] =
		(struct sack_block){packet.sequence, packet.sequence + bytes};
	if (is_answered)
		path_packet(story->path, &answer);
	return packet;
}

static void trigger(struct path_story *story, unsigned connection, uint8_t ttl)
{
	(void)show(story, connection, RESET_TRIGGER, ttl, false);
}

static void question(
	struct path_story *story, unsigned connection, bool is_answered)
{
	(void)show(story, connection, RESET_QUESTION, 64, is_answered);
}

static void controls(struct path_story *story)
{
	for (unsigned i = 0; i < MANY; i++) {
		(void)show(story, 0, RESET_CONTROL, 64, true);
		(void)show(story, 1, RESET_CONTROL, 64, true);
	}
}

static struct packet a_reset(
	struct path_story *story, unsigned connection, uint8_t ttl)
{
	struct packet packet = theirs(story, connection, TCP_RST);

	packet.acknowledged = 0;
	packet.ttl = ttl;
	return packet;
}

static void reset(struct path_story *story, unsigned connection, uint8_t ttl)
{
	struct packet packet = a_reset(story, connection, ttl);

	path_packet(story->path, &packet);
}

static void begin(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_RESET);
	(void)snprintf(story->path->comment.trigger, RESET_TRIGGER_NAME, "ssh");
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 64, (uint8_t)ttl);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		syn(story, i, true);
	controls(story);
}

/* Connection 2, with all hop limits up to one that provokes a reset. */
static void walk(struct path_story *story, uint8_t last, uint8_t reset_ttl)
{
	for (uint8_t ttl = 1; ttl <= last; ttl++) {
		story->time_ns += PACE_NS;
		trigger(story, 2, ttl);
	}
	reset(story, 2, reset_ttl);
}

/* The same on connection 3, around it. */
static void again(struct path_story *story, uint8_t last, uint8_t reset_ttl)
{
	for (unsigned i = 0; i < 4; i++)
		trigger(story, 3, (uint8_t)(last - 1));
	story->time_ns += PACE_NS;
	trigger(story, 3, last);
	reset(story, 3, reset_ttl);
}

static void both(struct path_story *story, uint8_t last, uint8_t reset_ttl)
{
	begin(story);
	walk(story, last, reset_ttl);
	question(story, 2, true);
	again(story, last, reset_ttl);
}

static void device(struct path_story *story)
{
	both(story, 3, 62);
	controls(story);
}

/* One hop before the target; its resets come from as far as the server's. */
static void device_one_hop_before(struct path_story *story)
{
	both(story, 4, SERVER_TTL);
	controls(story);
}

static void device_two_hops_before(struct path_story *story)
{
	both(story, 3, SERVER_TTL);
	controls(story);
}

static void device_one_hop_before_and_nearer(struct path_story *story)
{
	both(story, 4, 61);
	controls(story);
}

/* Data without the trigger that ends at the last router, on a connection that
 * shows it afterwards. */
static void end_at_last_router(struct path_story *story, unsigned connection)
{
	struct packet sent = show(story, connection, RESET_CONTROL, 4, false);

	path_story_error(story, &sent, path_story_router(4), 11, 0, 0);
}

static void device_one_hop_before_by_measure(struct path_story *story)
{
	begin(story);
	end_at_last_router(story, 2);
	end_at_last_router(story, 3);
	walk(story, 4, SERVER_TTL);
	question(story, 2, true);
	again(story, 4, SERVER_TTL);
	controls(story);
}

/* Another connection says nothing of this one's route. */
static void device_one_hop_before_by_another(struct path_story *story)
{
	begin(story);
	end_at_last_router(story, 3);
	walk(story, 4, SERVER_TTL);
	question(story, 2, true);
	again(story, 4, SERVER_TTL);
	controls(story);
}

static void device_once(struct path_story *story)
{
	begin(story);
	walk(story, 3, 62);
	question(story, 2, true);
	for (unsigned i = 0; i < 4; i++)
		trigger(story, 3, 2);
	controls(story);
}

/* The triggers that ended before the device may have been lost. */
static void device_amid_loss(struct path_story *story)
{
	device(story);
	for (unsigned i = 0; i < 5; i++)
		(void)show(story, 0, RESET_CONTROL, 64, false);
}

static void all_reset(struct path_story *story)
{
	both(story, 3, 62);
	reset(story, 0, SERVER_TTL);
	controls(story);
}

static void all_silent(struct path_story *story)
{
	both(story, 3, 62);
}

static void at_the_end(struct path_story *story)
{
	both(story, 5, SERVER_TTL);
	controls(story);
}

static void denied(struct path_story *story)
{
	begin(story);
	walk(story, 5, SERVER_TTL);
	question(story, 2, false);
	reset(story, 2, SERVER_TTL);
	again(story, 5, SERVER_TTL);
	controls(story);
}

static void at_the_end_all_reset(struct path_story *story)
{
	both(story, 5, SERVER_TTL);
	reset(story, 0, SERVER_TTL);
	controls(story);
}

static void at_the_end_all_silent(struct path_story *story)
{
	both(story, 5, SERVER_TTL);
}

/* Connections 4 and 5, the whole way. */
static void levels(struct path_story *story, uint8_t whole, uint8_t lesser)
{
	trigger(story, 4, 64);
	trigger(story, 5, RESET_LESSER_HOP_LIMIT);
	reset(story, 4, whole);
	reset(story, 5, lesser);
}

/* Only triggers that went the whole way are known to provoke it. */
static void waits(struct path_story *story)
{
	both(story, 5, 62);
	controls(story);
}

static void waits_and_copies(struct path_story *story)
{
	both(story, 5, 62);
	levels(story, 60, 53);
	controls(story);
}

/* Two hops on, the reset of the trigger that ended at hop 3 comes. */
static void waits_on_the_path(struct path_story *story)
{
	both(story, 4, 62);
	trigger(story, 4, 64);
	trigger(story, 5, RESET_LESSER_HOP_LIMIT);
	story->time_ns += 2 * PACE_NS;
	reset(story, 4, 62);
	reset(story, 5, 62);
	controls(story);
}

/* A new connection with each hop limit, four times, for longer than the device
 * waits: a reset comes after the triggers up to that hop. */
static void tried_slowly(
	struct path_story *story, uint8_t last, int64_t after_ns)
{
	begin(story);
	walk(story, 5, 62);
	question(story, 2, true);
	trigger(story, 4, 64);
	trigger(story, 5, RESET_LESSER_HOP_LIMIT);
	story->time_ns += 2 * PACE_NS;
	reset(story, 4, 62);
	reset(story, 5, 62);
	for (uint8_t ttl = 1; ttl <= last; ttl++) {
		story->time_ns += 3 * PACE_NS;
		for (unsigned i = 0; i < 4; i++)
			trigger(story, 3, ttl);
	}
	story->time_ns += after_ns;
	reset(story, 3, 62);
	controls(story);
}

static void waits_and_is_tried_slowly(struct path_story *story)
{
	tried_slowly(story, 3, PACE_NS);
}

/* The trigger before it may have provoked it. */
static void waits_for_longer_than_it_is_tried(struct path_story *story)
{
	tried_slowly(story, 4, PACE_NS - 2000000);
}

static void waits_with_a_ttl_of_its_own(struct path_story *story)
{
	both(story, 4, 100);
	trigger(story, 4, 64);
	trigger(story, 5, RESET_LESSER_HOP_LIMIT);
	story->time_ns += 2 * PACE_NS;
	reset(story, 4, 100);
	reset(story, 5, 100);
	controls(story);
}

static void one_of_two_is_late(struct path_story *story)
{
	both(story, 3, 62);
	trigger(story, 4, 64);
	trigger(story, 5, RESET_LESSER_HOP_LIMIT);
	reset(story, 4, 62);
	story->time_ns += 2 * PACE_NS;
	reset(story, 5, 62);
	controls(story);
}

static void waits_one_hop_nearer(struct path_story *story)
{
	both(story, 5, 61);
	controls(story);
}

static void waits_and_all_silent(struct path_story *story)
{
	both(story, 5, 62);
}

static void waits_farther(struct path_story *story)
{
	both(story, 5, 57);
	controls(story);
}

static void waits_and_ends_it(struct path_story *story)
{
	begin(story);
	walk(story, 5, 62);
	again(story, 5, 62);
	controls(story);
}

/* Four triggers without an answer, on two connections. */
static void dropped(struct path_story *story)
{
	begin(story);
	for (unsigned i = 0; i < 4; i++)
		trigger(story, 2 + i / 2, 64);
	controls(story);
}

static void dropped_or_lost(struct path_story *story)
{
	begin(story);
	trigger(story, 2, 64);
	controls(story);
	for (unsigned i = 0; i < 8; i++)
		(void)show(story, 0, RESET_CONTROL, 64, false);
}

static void dropped_once(struct path_story *story)
{
	begin(story);
	for (unsigned i = 0; i < 3; i++)
		trigger(story, 2, 64);
	(void)show(story, 3, RESET_TRIGGER, 64, true);
	controls(story);
}

static void copies(struct path_story *story)
{
	both(story, 5, 1);
	levels(story, 60, 53);
	controls(story);
}

/* Its resets have the numbers that the triggers acknowledged. */
static void copies_while_the_server_speaks(struct path_story *story)
{
	struct packet words;

	both(story, 5, 1);
	trigger(story, 4, 64);
	trigger(story, 5, RESET_LESSER_HOP_LIMIT);
	words = theirs(story, 5, TCP_ACK | TCP_PSH);
	words.payload_bytes = 41;
	path_packet(story->path, &words);
	reset(story, 4, 60);
	reset(story, 5, 53);
	controls(story);
}

static void copies_from_afar(struct path_story *story)
{
	begin(story);
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		trigger(story, 2, (uint8_t)ttl);
	trigger(story, 2, 64);
	reset(story, 2, 58);
	question(story, 2, false);
	reset(story, 2, SERVER_TTL);
	levels(story, 58, 51);
	controls(story);
}

static void copies_all_silent(struct path_story *story)
{
	both(story, 5, 1);
	levels(story, 60, 53);
}

static void copies_perhaps(struct path_story *story)
{
	both(story, 3, 1);
	controls(story);
}

/* The trigger as data, on connection 4. */
static void sent(struct path_story *story, uint8_t reset_ttl)
{
	struct packet packet;

	begin(story);
	(void)show(story, 2, RESET_TRIGGER, 64, true);
	(void)show(story, 2, RESET_TRIGGER, 64, true);
	(void)show(story, 4, RESET_CONTROL, 64, true);
	packet = send(story, 4, TCP_ACK | TCP_PSH, OURS);
	packet.payload_bytes = SHOWN;
	path_packet(story->path, &packet);
	reset(story, 4, reset_ttl);
}

static void sent_and_reset(struct path_story *story)
{
	sent(story, SERVER_TTL);
}

static void sent_and_reset_by_device(struct path_story *story)
{
	sent(story, 62);
}

/* Our end, and its acknowledgment. */
static void ends(struct path_story *story)
{
	struct packet packet = send(story, 4, TCP_ACK | TCP_FIN, OURS + SHOWN);

	path_packet(story->path, &packet);
	packet = theirs(story, 4, TCP_ACK);
	packet.acknowledged = OURS + SHOWN + 1;
	path_packet(story->path, &packet);
}

static void sent_and_forged(struct path_story *story)
{
	sent(story, 62);
	ends(story);
}

static void sent_and_forged_at_the_end(struct path_story *story)
{
	sent(story, SERVER_TTL);
	ends(story);
}

static void without_trigger_forged(struct path_story *story)
{
	struct packet packet;

	begin(story);
	packet = send(story, 4, TCP_ACK | TCP_PSH, OURS + 5);
	packet.payload_bytes = SHOWN;
	path_packet(story->path, &packet);
	reset(story, 4, 62);
}

static void copies_at_another_hop(struct path_story *story)
{
	both(story, 4, 1);
	levels(story, 60, 53);
	controls(story);
}

static void denied_all_silent(struct path_story *story)
{
	begin(story);
	walk(story, 5, SERVER_TTL);
	again(story, 5, SERVER_TTL);
}

static void denied_and_acknowledged(struct path_story *story)
{
	denied(story);
	(void)show(story, 4, RESET_TRIGGER, 64, true);
	(void)show(story, 4, RESET_TRIGGER, 64, true);
}

/* So many triggers the whole way, of which the server has none, although it
 * still answers. */
static void drops(struct path_story *story, unsigned triggers)
{
	device(story);
	for (unsigned i = 0; i < triggers; i++)
		trigger(story, 4, 64);
	reset(story, 4, 62);
	question(story, 4, true);
}

static void drops_three(struct path_story *story)
{
	drops(story, 3);
}

static void drops_two(struct path_story *story)
{
	drops(story, 2);
}

static void passes(struct path_story *story)
{
	device(story);
	(void)show(story, 4, RESET_TRIGGER, 64, true);
	reset(story, 4, 62);
}

static void blocks(struct path_story *story, unsigned syns)
{
	device(story);
	for (unsigned i = 0; i < syns; i++)
		syn(story, NEW, false);
	syn(story, NEW + 1, true);
}

static void blocks_three(struct path_story *story)
{
	blocks(story, 3);
}

static void blocks_two(struct path_story *story)
{
	blocks(story, 2);
}

static void acknowledged(struct path_story *story, unsigned times)
{
	begin(story);
	for (unsigned i = 0; i < times; i++)
		(void)show(story, 2, RESET_TRIGGER, 64, true);
	controls(story);
}

static void acknowledged_twice(struct path_story *story)
{
	acknowledged(story, 2);
}

static void acknowledged_twice_and_not_captured(struct path_story *story)
{
	path_set_capture_lost(story->path, 1);
	acknowledged(story, 2);
}

static void acknowledged_once(struct path_story *story)
{
	acknowledged(story, 1);
}

static void acknowledged_once_and_not_captured(struct path_story *story)
{
	path_set_capture_lost(story->path, 1);
	acknowledged(story, 1);
}

static void other_number(struct path_story *story)
{
	struct packet packet;

	begin(story);
	trigger(story, 2, 1);
	packet = a_reset(story, 2, 62);
	packet.sequence = THEIRS + 1;
	path_packet(story->path, &packet);
	(void)show(story, 2, RESET_TRIGGER, 64, true);
	(void)show(story, 2, RESET_TRIGGER, 64, true);
}

static void without_trigger(struct path_story *story)
{
	begin(story);
	reset(story, 2, 62);
	controls(story);
}

#define ONE_HOP                                                                \
	"a firewall on the target's own host, if the route of that "           \
	"connection is one hop shorter than the others"
#define SHORTER ONE_HOP "\n"
#define SHORTER_OR ONE_HOP "; or "
#define LINES PATH_LINES_ADVICE
#define OPEN PATH_LINES_OPEN
const struct path_talk path_talks_injector[] = {
#include "tests/support/path_talks_injector.def"
};
const unsigned path_talks_injector_count =
	sizeof(path_talks_injector) / sizeof(path_talks_injector[0]);

#include "tests/support/fragment_world.h"

#include <stdlib.h>
#include <string.h>

#include "capture/byte_writer.h"
#include "probe/engine/craft.h"
#include "probe/engine/own_traffic.h"
#include "probe/experiments/registry.h"
#include "probe/protocol/echo_kind.h"

enum {
	TURNS = 1000,
	OWN_PORT = 50001,
	LATEST = 64,
	QUOTE_BYTES = 64,
	FULL_BYTES = 1500, /* that the target's link takes */
};

static const struct address own = {{10, 0, 0, 1}};
static const struct address target = {{10, 0, 9, 9}};

struct late {
	int64_t at_ns;
	struct probe_packet about;
};

struct run {
	struct fragment_world world;
	struct path *path;
	struct probe_table *table;
	struct probe_context context;
	struct route_result route;
	struct tx_queue *tx_queue;
	void *state;
	bool goes_on;
	uint64_t frame;
	int64_t now_ns;
	unsigned late_count;
	struct late late[LATEST];
	unsigned sent;
};

static bool is_tiny(const struct probe_packet *probe)
{
	return probe->offset == 0 && probe->piece_bytes < 20;
}

/* Whether the dropper takes this packet. */
static bool is_prey(
	const struct fragment_world *world, const struct probe_packet *probe)
{
	if (probe->kind != PROBE_PACKET_FRAGMENT)
		return false;
	switch (world->dropper) {
	case DROP_NONE:
		return false;
	case DROP_ALL:
		return true;
	case DROP_FIRST:
		return probe->offset == 0;
	case DROP_LATER:
		return probe->offset > 0;
	case DROP_TINY:
		return is_tiny(probe);
	}
	return false;
}

static bool is_odd(const struct probe_packet *probe)
{
	return probe->has_more && probe->piece_bytes % 8;
}

/* Of its packet, as they are sent. */
static bool is_last(const struct probe_packet *probe)
{
	return echo_kind_of(probe->target_port) == ECHO_REVERSED
		       ? probe->offset == 0
		       : !probe->has_more;
}

/* Whether a packet that this is a piece of loses any. */
static bool is_incomplete(
	const struct fragment_world *world, const struct probe_packet *probe)
{
	enum echo_kind kind = echo_kind_of(probe->target_port);

	return world->dropper == DROP_TINY
		       ? kind == ECHO_TINY || kind == ECHO_PAIR
		       : world->dropper != DROP_NONE;
}

/* The hop that it does not reach; more than there are: it does. */
static unsigned end_of(
	const struct fragment_world *world, const struct probe_packet *probe)
{
	bool is_piece = probe->kind == PROBE_PACKET_FRAGMENT;

	if (is_prey(world, probe))
		return world->link;
	if (is_piece && !is_odd(probe) && world->joiner &&
		world->link <= world->joiner && is_incomplete(world, probe))
		return world->joiner;
	return FRAGMENT_WORLD_DISTANCE + 1;
}

static struct packet to_us(struct run *run, struct address source)
{
	return (struct packet){.frame = ++run->frame,
		.time_ns = run->now_ns,
		.family = run->world.family,
		.kind = PACKET_ICMP,
		.protocol =
			run->world.family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6,
		.source = source,
		.target = own,
		.ttl = 60};
}

static void hear(struct run *run, const struct packet *packet)
{
	struct event event = {.kind = EVENT_PACKET, .packet = packet};
	int row = response_match(run->table, packet, &event.answer);

	path_packet(run->path, packet);
	if (row >= 0) {
		event.kind = EVENT_RESPONSE;
		event.sent_probe = &run->table->sent_probe[row];
	}
	if (run->goes_on)
		run->goes_on = experiment_fragments.step(
			run->state, &run->context, &event, run->tx_queue);
}

/* The headers of a packet and what of ICMP's is in it. */
static uint32_t quote(const struct run *run, const struct probe_packet *probe,
	bool is_joined, uint8_t *bytes)
{
	struct byte_writer writer = {bytes, QUOTE_BYTES, 0, false};
	bool is_piece = probe->kind == PROBE_PACKET_FRAGMENT && !is_joined;
	uint16_t field = (uint16_t)(probe->offset / 8);

	if (run->world.family == 4) {
		write_u32(&writer, 0x45000000);
		write_u16(&writer, probe->ip_id);
		write_u16(&writer,
			is_piece ? (uint16_t)(field | probe->has_more << 13)
				 : 0);
		write_zeros(&writer, 12);
	} else {
		write_u32(&writer, 0x60000000);
		write_u16(&writer, 0);
		write_u16(&writer, is_piece ? 0x2c01 : 0x3a01);
		write_zeros(&writer, 32);
		if (is_piece) {
			write_u16(&writer, 0x3a00);
			write_u16(&writer,
				(uint16_t)(probe->offset | probe->has_more));
			write_u32(&writer, probe->ip_id);
		}
	}
	write_zeros(&writer, 4); /* also of what is in the middle */
	write_u16(&writer, probe->offset ? 0 : probe->source_port);
	write_u16(&writer, probe->offset ? 0 : probe->target_port);
	return (uint32_t)writer.used;
}

static void error(struct run *run, const struct probe_packet *probe,
	struct address from, uint8_t type, uint8_t code, bool is_joined)
{
	struct packet packet = to_us(run, from);
	uint8_t bytes[QUOTE_BYTES];
	uint32_t more = is_joined ? probe->whole_bytes - probe->piece_bytes : 0;

	packet.icmp_type = type;
	packet.icmp_code = code;
	packet.payload = bytes;
	packet.payload_captured = quote(run, probe, is_joined, bytes);
	packet.quoted = (struct quotation){.family = packet.family,
		.protocol = packet.protocol,
		.source = own,
		.target = target,
		.total_bytes =
			(uint16_t)(probe_packet_bytes(packet.family, probe) +
				   more),
		.ttl = 1};
	if (packet.family == 4 ||
		(probe->kind == PROBE_PACKET_FRAGMENT && !is_joined))
		packet.quoted.ip_id = probe->ip_id;
	hear(run, &packet);
}

/* In fragments where the link does not take it whole. */
static void reply(struct run *run, const struct probe_packet *probe)
{
	struct packet packet = to_us(run, target);
	uint32_t bytes =
		probe->kind == PROBE_PACKET_FRAGMENT
			? ip_header_bytes(packet.family) + probe->whole_bytes
			: probe_packet_bytes(packet.family, probe);

	packet.icmp_type = packet.family == 4 ? 0 : 129;
	packet.icmp_id = probe->source_port;
	packet.icmp_sequence = probe->target_port;
	packet.is_first_fragment = bytes > FULL_BYTES;
	packet.ip_bytes = packet.is_first_fragment ? FULL_BYTES : bytes;
	hear(run, &packet);
	if (packet.is_first_fragment) {
		packet = to_us(run, target);
		packet.kind = PACKET_FRAGMENT;
		packet.ip_bytes = bytes - FULL_BYTES;
		hear(run, &packet);
	}
}

bool fragment_world_reports_later(
	const struct fragment_world *world, unsigned hop)
{
	return world->family == 6 && hop != world->quiet_hop &&
	       (!world->mute_from || hop < world->mute_from);
}

static void at_hop(struct run *run, const struct probe_packet *probe)
{
	const struct fragment_world *world = &run->world;
	unsigned hop = probe->ttl;
	bool is_piece = probe->kind == PROBE_PACKET_FRAGMENT;
	/* and cuts it again as it was */
	bool is_joined = is_piece && hop == world->joiner;

	if (hop == world->quiet_hop || end_of(world, probe) <= hop ||
		(is_joined && probe->offset) ||
		(probe->offset && !fragment_world_reports_later(world, hop)) ||
		(hop == world->spent_hop && run->state))
		return;
	error(run, probe, (struct address){{10, 0, (uint8_t)hop, 1}},
		world->family == 4 ? 11 : 3, 0, is_joined);
}

static void at_target(struct run *run, const struct probe_packet *probe)
{
	const struct fragment_world *world = &run->world;

	if (end_of(world, probe) <= FRAGMENT_WORLD_DISTANCE)
		return;
	if (probe->kind == PROBE_PACKET_FRAGMENT && is_odd(probe)) {
		if (!world->is_target_quiet)
			error(run, probe, target, 4, 0, false);
	} else if (!is_incomplete(world, probe) ||
		   probe->kind != PROBE_PACKET_FRAGMENT) {
		if (is_last(probe))
			reply(run, probe);
	} else if (world->family == 4 && probe->offset == 0 &&
		   !world->is_target_quiet && run->late_count < LATEST) {
		run->late[run->late_count++] = (struct late){
			run->now_ns + INT64_C(31000000000), *probe};
	}
}

static bool is_lost(struct fragment_world *world)
{
	world->seed = world->seed * 1664525u + 1013904223u;
	return (world->seed >> 8) % 100 < world->lost_percent;
}

static void send(struct run *run, const struct probe_packet *probe)
{
	struct sent_probe sent_probe =
		own_traffic_sent_probe(run->world.family, probe);
	bool is_piece = probe->kind == PROBE_PACKET_FRAGMENT;
	struct packet packet = {.frame = ++run->frame,
		.time_ns = run->now_ns,
		.family = run->world.family,
		.kind = probe->offset ? PACKET_FRAGMENT : PACKET_ICMP,
		.protocol = sent_probe.protocol,
		.source = own,
		.target = target,
		.ttl = probe->ttl,
		.ip_bytes = sent_probe.ip_bytes,
		.is_first_fragment = is_piece && probe->offset == 0,
		.icmp_type = run->world.family == 4 ? 8 : 128};

	if (run->world.family == 4 || is_piece)
		packet.ip_id = probe->ip_id;
	if (probe->offset == 0) {
		packet.icmp_id = probe->source_port;
		packet.icmp_sequence = probe->target_port;
	}
	run->now_ns += 1000000;
	run->sent++;
	sent_probe.frame = packet.frame;
	sent_probe.time_ns = packet.time_ns;
	(void)probe_table_add(run->table, &sent_probe); /* there is room */
	path_packet(run->path, &packet);
	if (is_lost(&run->world))
		return;
	if (probe->ttl < FRAGMENT_WORLD_DISTANCE)
		at_hop(run, probe);
	else
		at_target(run, probe);
}

/* Nothing happens for a while, or what the target says late does. */
static void wait(struct run *run)
{
	static const struct event silence = {.kind = EVENT_TIMEOUT};
	int64_t wait_ms = run->tx_queue->wait_ms ? run->tx_queue->wait_ms : 50;
	int64_t end_ns = run->now_ns + wait_ms * 1000000;

	if (run->world.is_interrupted && run->tx_queue->is_listening &&
		run->now_ns > INT64_C(20000000000)) {
		run->goes_on = false;
		return;
	}
	for (unsigned i = 0; i < run->late_count && run->goes_on; i++)
		if (run->late[i].at_ns > run->now_ns &&
			run->late[i].at_ns <= end_ns) {
			run->now_ns = run->late[i].at_ns;
			error(run, &run->late[i].about, target, 11, 1, false);
		}
	run->now_ns = end_ns;
	if (run->goes_on)
		run->goes_on = experiment_fragments.step(
			run->state, &run->context, &silence, run->tx_queue);
}

/* As the route finds them; and so many more answers that loss is known not to
 * be. */
static void meet_hops(struct run *run)
{
	enum { MORE = 30 };

	for (unsigned ttl = 1; ttl <= FRAGMENT_WORLD_DISTANCE + MORE; ttl++) {
		struct probe_packet probe = {.kind = PROBE_PACKET_ECHO,
			.ttl = (uint8_t)ttl,
			.source_port = OWN_PORT,
			.target_port = (uint16_t)ttl,
			.ip_id = (uint16_t)(7000 + ttl)};

		send(run, &probe);
		if (ttl <= FRAGMENT_WORLD_DISTANCE &&
			ttl != run->world.quiet_hop)
			run->route.answering_hops |= UINT64_C(1) << (ttl - 1);
	}
}

struct fragment_run fragment_world_play(const struct fragment_world *world)
{
	struct section_comment comment = {.version = 1,
		.own = own,
		.target = target,
		.family = world->family,
		.port = 22,
		.interface_mtu = 1500,
		.experiments = probe_experiment_bit(EXPERIMENT_ROUTE) |
			       probe_experiment_bit(EXPERIMENT_FRAGMENTS)};
	struct failure failure;
	struct run run = {.world = *world,
		.path = path_new(&comment, &failure),
		.table = calloc(1, sizeof(*run.table)),
		.tx_queue = calloc(1, sizeof(*run.tx_queue)),
		.now_ns = 1000000000,
		.context = {.family = world->family,
			.own_port = OWN_PORT,
			.interface_mtu = 1500,
			.echo_sequence = 100},
		.route = {.distance = FRAGMENT_WORLD_DISTANCE}};

	run.table->own = own;
	run.table->target = target;
	run.table->family = world->family;
	meet_hops(&run);
	run.sent = 0;
	run.context.results.route = &run.route;
	run.state = calloc(1, experiment_fragments.state_bytes);
	run.goes_on = experiment_fragments.start(
		run.state, &run.context, run.tx_queue);
	for (int turns = 0; run.goes_on && turns < TURNS; turns++) {
		const struct probe_packet *probe = tx_queue_take(run.tx_queue);
		struct probe_packet copy;

		if (!probe) {
			wait(&run);
			continue;
		}
		copy = *probe; /* its place is used again */
		send(&run, &copy);
	}
	free(run.table);
	free(run.tx_queue);
	free(run.state);
	return (struct fragment_run){
		run.path, run.sent, run.now_ns, run.goes_on};
}

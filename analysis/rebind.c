#include "analysis/rebind.h"

#include <string.h>

#include "capture/sequence.h"

enum {
	SLOTS = 8 * REBINDS_MOST,
	ENDS = 2 * REBINDS_MOST, /* 2i: the source of packet i, 2i + 1: its
				    target */
	/* looked at for one client: a scanner may use a port for all that it
	 * sends */
	LOOKED_MOST = 32,
};

struct index {
	struct rebinds *rebinds;
	const struct thresholds *limits;
	/* The noted packets by their sequence number and by their
	 * acknowledgment, + 1; 0: empty. */
	uint16_t numbers[SLOTS];
	/* Their ends by address and port, + 1; 0: none. Of those that share a
	 * slot the last, and of each the one before it: many packets have one
	 * server, and a client of another slot need not pass them. */
	uint16_t ends[SLOTS], end_before[ENDS];
};
static_assert(ENDS < UINT16_MAX, "a slot holds each");

static unsigned slot_of(uint32_t number)
{
	return (uint32_t)(number * 0x9e3779b1u) % SLOTS;
}

static unsigned slot_of_end(const struct address *address, uint16_t port)
{
	uint32_t words[sizeof(address->bytes) / sizeof(uint32_t)];
	uint32_t mixed = port;

	memcpy(words, address->bytes, sizeof(words));
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		mixed = mixed * 0x9e3779b1u + words[i];
	return slot_of(mixed);
}

static void add(struct index *index, uint32_t number, unsigned i)
{
	unsigned slot = slot_of(number);

	while (index->numbers[slot])
		slot = (slot + 1) % SLOTS;
	index->numbers[slot] = (uint16_t)(i + 1);
}

static void add_end(struct index *index, unsigned end,
	const struct address *address, uint16_t port)
{
	unsigned slot = slot_of_end(address, port);

	index->end_before[end] = index->ends[slot];
	index->ends[slot] = (uint16_t)(end + 1);
}

static void fill(struct index *index)
{
	memset(index->numbers, 0, sizeof(index->numbers));
	memset(index->ends, 0, sizeof(index->ends));
	for (unsigned i = 0; i < index->rebinds->count; i++) {
		const struct rebind *rebind = &index->rebinds->rebinds[i];

		add(index, rebind->sequence, i);
		add(index, rebind->acknowledged, i);
		add_end(index, 2 * i, &rebind->source, rebind->source_port);
		add_end(index, 2 * i + 1, &rebind->target, rebind->target_port);
	}
}

/* How long the connection had been silent when the packet came; negative: it
 * was not. What comes to its old name afterwards does not count. */
static int64_t silence_ns(
	const struct flow *flow, unsigned side, const struct rebind *rebind)
{
	int64_t last_ns = flow_last_ns(flow);

	if (last_ns > rebind->time_ns)
		last_ns = flow->side[side].last_ns;
	return rebind->time_ns - last_ns;
}

/* The connection's other side is whom the packet was sent to. */
static bool has_same_peer(const struct closed_conn *conn, unsigned side,
	const struct rebind *rebind)
{
	return conn->flow.side[0].flags & conn->flow.side[1].flags &
		       SIDE_SEEN &&
	       conn->port[!side] == rebind->target_port &&
	       memcmp(&conn->address[!side], &rebind->target,
		       sizeof(rebind->target)) == 0 &&
	       memcmp(conn->flow.identity, rebind->identity,
		       sizeof(rebind->identity)) != 0;
}

static bool is_address_other(const struct closed_conn *conn, unsigned side,
	const struct rebind *rebind)
{
	return memcmp(&conn->address[side], &rebind->source,
		       sizeof(rebind->source)) != 0;
}

/* The packet has the numbers that `side` of the connection would send next, or
 * probe with, after a silence. */
static void match_rebound(const struct index *index,
	const struct closed_conn *conn, unsigned side, struct rebind *rebind)
{
	const struct flow *flow = &conn->flow;
	const struct side *own = &flow->side[side];
	int64_t idle_ns = silence_ns(flow, side, rebind);
	struct rebound *rebound = &rebind->rebound;
	bool is_first_last = flow->side[0].last_ns > flow->side[1].last_ns;

	if (idle_ns < index->limits->idle_ms * MILLISECOND_NS ||
		(own->next != rebind->sequence &&
			own->next != rebind->sequence + 1) ||
		flow->side[!side].next != rebind->acknowledged ||
		(rebound->idle_ns && rebound->idle_ns <= idle_ns))
		return;
	rebound->idle_ns = idle_ns;
	rebound->port = conn->port[side];
	rebound->is_address_new = is_address_other(conn, side, rebind);
	rebound->last_frame = flow->side[!is_first_last].last_frame;
}

/* Is it a number that the side has sent by the end of the recording, or sends
 * soon? */
static bool is_number_of(const struct index *index, const struct flow *flow,
	unsigned side, uint32_t number)
{
	return !sequence_before(number, flow->cold[side].first_sequence) &&
	       sequence_distance(flow->side[side].next, number) <
		       index->limits->new_data_bytes;
}

static bool had_closed(
	const struct flow *flow, unsigned side, const struct rebind *rebind)
{
	return flow->side[side].flags & SIDE_FIN &&
	       (int32_t)(flow->cold[side].fin_frame - (uint32_t)rebind->frame) <
		       0;
}

/* Keeps the connection of the later last packet; of the same time, of the later
 * frame. `other` is the side that has another name. */
static void keep_later(const struct index *index,
	const struct closed_conn *conn, unsigned other, bool is_address_new,
	struct translated *translated)
{
	const struct side *peer = &conn->flow.side[!other];

	if (peer->last_ns != translated->last_ns
			? peer->last_ns < translated->last_ns
			: !sequence_after(
				  peer->last_frame, translated->last_frame))
		return;
	memcpy(translated->identity, conn->flow.identity,
		sizeof(translated->identity));
	translated->last_ns = peer->last_ns;
	translated->last_frame = peer->last_frame;
	translated->port = conn->port[other];
	translated->is_address_other = is_address_new;
	index->rebinds->is_any_translated = true;
}

/* Whether connections of that size with both numbers in them are met by chance
 * once in a million pairs, or less often. */
static bool are_numbers_telling(
	const struct flow *flow, const uint32_t numbers[2])
{
	double chance = 1;

	for (unsigned i = 0; i < 2; i++) {
		uint32_t first = flow->cold[i].first_sequence;
		uint32_t sent = flow->side[i].next - first;
		uint32_t last = numbers[i] - first;

		chance *= (double)(sent > last ? sent : last) / 4294967296.0;
	}
	return chance < 1e-6;
}

/* The packet has numbers of the connection, one of them exactly the last of its
 * side, and both sides go on there under the names that they had. Not where the
 * connection too was picked up in the middle: then the recording may show both
 * sides of a NAT. Nor where one had closed: a NAT may forget it then. */
static void match_translated(const struct index *index,
	const struct closed_conn *conn, unsigned side, struct rebind *rebind)
{
	const struct flow *flow = &conn->flow;
	const struct side *peer = &flow->side[!side];

	if (flow->flags & FLOW_MIDSTREAM || peer->last_flags & TCP_RST ||
		peer->last_ns <= rebind->time_ns ||
		flow->side[side].last_ns <= rebind->time_ns ||
		had_closed(flow, 0, rebind) || had_closed(flow, 1, rebind) ||
		!is_number_of(index, flow, side, rebind->sequence) ||
		!is_number_of(index, flow, !side, rebind->acknowledged))
		return;
	keep_later(index, conn, side, is_address_other(conn, side, rebind),
		&rebind->translated);
}

/* The same where the server has another name: the client's address and port are
 * known, so the numbers need not be the last. That the client goes on excludes
 * that its host has restarted; to whom its own packet went may go on in its
 * place. `is_own`: the client sent the packet. */
static void match_server(const struct index *index,
	const struct closed_conn *conn, bool is_own, struct rebind *rebind)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct address *server =
		is_own ? &rebind->target : &rebind->source;
	uint32_t numbers[2];

	numbers[client] = is_own ? rebind->sequence : rebind->acknowledged;
	numbers[!client] = is_own ? rebind->acknowledged : rebind->sequence;
	if (!(flow->side[0].flags & flow->side[1].flags & SIDE_SEEN) ||
		memcmp(flow->identity, rebind->identity,
			sizeof(rebind->identity)) == 0 ||
		(flow->side[client].last_ns <= rebind->time_ns &&
			!(is_own && flow->side[!client].last_ns >
					    rebind->time_ns)) ||
		had_closed(flow, 0, rebind) || had_closed(flow, 1, rebind) ||
		!is_number_of(index, flow, 0, numbers[0]) ||
		!is_number_of(index, flow, 1, numbers[1]) ||
		!are_numbers_telling(flow, numbers))
		return;
	keep_later(index, conn, !client,
		memcmp(&conn->address[!client], server, sizeof(*server)) != 0,
		&rebind->translated);
}

/* The noted packets that have this number of a side. `conn` may be without its
 * addresses: then `flows` has them. */
static void look_for(const struct index *index, const struct flow_table *flows,
	struct closed_conn *conn, uint32_t number)
{
	unsigned slot = slot_of(number);

	for (; index->numbers[slot]; slot = (slot + 1) % SLOTS) {
		struct rebind *rebind =
			&index->rebinds->rebinds[index->numbers[slot] - 1];

		if (rebind->sequence != number &&
			rebind->acknowledged != number)
			continue;
		if (flows)
			flow_table_endpoints(
				flows, &conn->flow, conn->address, conn->port);
		for (unsigned own = 0; own < 2; own++) {
			if (!has_same_peer(conn, own, rebind))
				continue;
			match_rebound(index, conn, own, rebind);
			match_translated(index, conn, own, rebind);
		}
	}
}

/* The noted packets of which its client is an end. */
static void look_for_client(
	const struct index *index, const struct closed_conn *conn)
{
	unsigned client = flow_client(&conn->flow), looked = 0;
	const struct address *address = &conn->address[client];
	uint16_t port = conn->port[client];

	for (unsigned end = index->ends[slot_of_end(address, port)];
		end && looked < LOOKED_MOST; end = index->end_before[end - 1]) {
		struct rebind *rebind = &index->rebinds->rebinds[(end - 1) / 2];
		bool is_own = end % 2;

		if (port != (is_own ? rebind->source_port
				    : rebind->target_port) ||
			memcmp(address,
				is_own ? &rebind->source : &rebind->target,
				sizeof(*address)) != 0)
			continue;
		looked++;
		match_server(index, conn, is_own, rebind);
	}
}

static void look_at(const struct index *index, const struct flow_table *flows,
	struct closed_conn *conn)
{
	if (!(conn->flow.flags & FLOW_MIDSTREAM)) {
		if (flows)
			flow_table_endpoints(
				flows, &conn->flow, conn->address, conn->port);
		look_for_client(index, conn);
	}
	for (unsigned side = 0; side < 2; side++)
		for (uint32_t back = 0;
			back < 2 && conn->flow.side[side].flags & SIDE_SEEN;
			back++)
			look_for(index, flows, conn,
				conn->flow.side[side].next - back);
}

static void look_in(const struct index *index, const struct analysis *part)
{
	const struct flow_table *flows = &part->observer.flows;
	struct closed_conn conn;
	struct stored_conn stored;

	for (uint32_t i = 0; i < flows->slots_used; i++) {
		const struct flow *flow = flow_table_slot(flows, i);

		if (!(flow->flags & FLOW_USED))
			continue;
		conn.flow = *flow;
		look_at(index, flows, &conn);
	}
	for (uint32_t i = 0; i < part->store.count; i++)
		if (conn_store_load(&part->store, i, &stored))
			look_at(index, NULL, &stored.conn);
}

void rebind_note(struct analysis *analysis, const struct flow *flow,
	unsigned side, const struct packet *packet)
{
	int64_t first_ns = analysis->totals.first_ns;

	/* what is picked up at the very beginning of a recording has nothing
	 * to go on with */
	if ((packet->tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK &&
		first_ns != INT64_MIN && /* no packet had a time */
		packet->time_ns - first_ns >=
			analysis->observer.thresholds->idle_ms * MILLISECOND_NS)
		rebinds_learn(&analysis->learned.rebinds, flow, side, packet);
}

void rebind_look(
	struct rebinds *rebinds, struct analysis *const *parts, unsigned count)
{
	struct index index = {
		.rebinds = rebinds, .limits = parts[0]->observer.thresholds};

	if (rebinds->count == 0)
		return;
	fill(&index);
	for (unsigned i = 0; i < count; i++)
		look_in(&index, parts[i]);
}

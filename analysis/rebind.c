#include "analysis/rebind.h"

#include <string.h>

enum { SLOTS = 4 * REBINDS_MOST };

/* The noted packets by their sequence number. */
struct index {
	struct rebinds *rebinds;
	int64_t idle_ns; /* at least */
	uint16_t slots[SLOTS]; /* + 1; 0: empty */
};
static_assert(REBINDS_MOST < UINT16_MAX, "a slot holds each");

static unsigned slot_of(uint32_t sequence)
{
	return (uint32_t)(sequence * 0x9e3779b1u) % SLOTS;
}

static void fill(struct index *index)
{
	memset(index->slots, 0, sizeof(index->slots));
	for (unsigned i = 0; i < index->rebinds->count; i++) {
		unsigned slot = slot_of(index->rebinds->rebinds[i].sequence);

		while (index->slots[slot])
			slot = (slot + 1) % SLOTS;
		index->slots[slot] = (uint16_t)(i + 1);
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

/* The packet has the numbers that `side` of the connection would send next, or
 * probe with; and the other side is the same. */
static bool goes_on(const struct closed_conn *conn, unsigned side,
	const struct rebind *rebind)
{
	const struct side *own = &conn->flow.side[side];
	const struct side *peer = &conn->flow.side[!side];

	return own->flags & peer->flags & SIDE_SEEN &&
	       (own->next == rebind->sequence ||
		       own->next == rebind->sequence + 1) &&
	       peer->next == rebind->acknowledged &&
	       conn->port[!side] == rebind->target_port &&
	       memcmp(&conn->address[!side], &rebind->target,
		       sizeof(rebind->target)) == 0 &&
	       memcmp(conn->flow.identity, rebind->identity,
		       sizeof(rebind->identity)) != 0;
}

static void match(const struct index *index, const struct closed_conn *conn,
	unsigned side, struct rebind *rebind)
{
	const struct flow *flow = &conn->flow;
	int64_t idle_ns = silence_ns(flow, side, rebind);
	struct rebound *rebound = &rebind->rebound;
	bool is_first_last = flow->side[0].last_ns > flow->side[1].last_ns;

	if (idle_ns < index->idle_ns || !goes_on(conn, side, rebind) ||
		(rebound->idle_ns && rebound->idle_ns <= idle_ns))
		return;
	rebound->idle_ns = idle_ns;
	rebound->port = conn->port[side];
	rebound->is_address_new = memcmp(&conn->address[side], &rebind->source,
					  sizeof(rebind->source)) != 0;
	rebound->last_frame = flow->side[!is_first_last].last_frame;
}

/* `conn` may be without its addresses: then `flows` has them. */
static void look_at(const struct index *index, const struct flow_table *flows,
	struct closed_conn *conn)
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned side = i / 2;
		uint32_t sequence = conn->flow.side[side].next - i % 2;
		unsigned slot = slot_of(sequence);

		for (; index->slots[slot]; slot = (slot + 1) % SLOTS) {
			struct rebind *rebind =
				&index->rebinds
					 ->rebinds[index->slots[slot] - 1];

			if (rebind->sequence != sequence)
				continue;
			if (flows)
				flow_table_endpoints(flows, &conn->flow,
					conn->address, conn->port);
			match(index, conn, side, rebind);
		}
	}
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
			analysis->observer.thresholds->idle_ms *
				MILLISECOND_NS)
		rebinds_learn(&analysis->learned.rebinds, flow, side, packet);
}

void rebind_look(struct rebinds *rebinds, struct analysis *const *parts,
	unsigned count)
{
	struct index index = {.rebinds = rebinds,
		.idle_ns = parts[0]->observer.thresholds->idle_ms *
			   MILLISECOND_NS};

	if (rebinds->count == 0)
		return;
	fill(&index);
	for (unsigned i = 0; i < count; i++)
		look_in(&index, parts[i]);
}

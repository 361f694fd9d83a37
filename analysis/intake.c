/* Packets in: which connection each belongs to, and what it is there.
 *
 * They are taken in blocks, and each block is gone through three times: names
 * and buckets, flows, packets. In a loop of its own a prefetch overlaps with
 * the next ones; between the work on packets it would not, since a prefetch
 * retires only when its address has been translated, and that work fills the
 * processor's window (measured: 8 ns a line instead of 200). */
#include "analysis/analysis_state.h"

#include <assert.h>

#include "analysis/observe/observe_plain.h"
#include "analysis/rebind.h"
#include "capture/decode/packet_decode.h"
#include "capture/decode/plain_packet.h"

enum { BLOCK = 128 /* packets that are gone through together */ };

/* A packet on its way to its flow. */
struct arrival {
	struct flow_key key;
	struct flow *flow;	     /* where it probably is; NULL: not known */
	const struct packet *packet; /* NULL: a plain packet, not decoded */
	struct plain_name name;	     /* of that */
};

static bool is_new_connection(
	const struct flow *flow, unsigned side, const struct packet *packet)
{
	if ((packet->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	if (flow->side[side].flags & SIDE_SYN)
		return flow->cold[side].first_sequence != packet->sequence;
	return flow->flags & (FLOW_ESTABLISHED | FLOW_RESET);
}

/* Both ends may still use it: neither reset it, and not both have closed. */
static bool is_open(const struct flow *flow)
{
	return (flow->flags & (FLOW_ESTABLISHED | FLOW_RESET)) ==
		       FLOW_ESTABLISHED &&
	       !(flow->side[0].flags & flow->side[1].flags & SIDE_FIN);
}

/* Evicts the least important flow; false when there is none. */
static bool evict_flow(struct analysis *analysis)
{
	struct flow *victim = flow_table_victim(&analysis->observer.flows);

	if (!victim)
		return false;
	analysis->totals.evicted_flows++;
	if (victim->evidence && victim->flags & FLOW_ESTABLISHED) {
		victim->flags |= FLOW_WEAKENED;
		close_flow(analysis, victim);
		return true;
	}
	if (victim->evidence)
		evidence_give_back(
			&analysis->observer.evidence_pool, victim->evidence);
	if (victim->flags & FLOW_RESET) {
		analysis->totals.resets_seen++;
		analysis->totals.unjudged_resets++;
	}
	flow_table_remove(&analysis->observer.flows, victim);
	return true;
}

/* A late reset, FIN or acknowledgment of a connection that closed in an orderly
 * way and was discarded since: it is benign. */
static bool is_leftover(const struct analysis *analysis,
	const struct flow_key *key, const struct packet *packet)
{
	return !(packet->tcp_flags & TCP_SYN) && packet->payload_bytes == 0 &&
	       closed_numbers_know(&analysis->learned.closed_numbers,
		       key->identity, key->side, packet->sequence);
}

/* The connection that the packet begins, where there is none or the earlier
 * one has ended; NULL: there is no room. Not inlined: its registers would be
 * saved for each packet of known connections. */
static __attribute__((noinline)) struct flow *begin_flow(
	struct analysis *analysis, struct flow *before,
	const struct flow_key *key, const struct packet *packet)
{
	uint32_t next[2] = {0, 0};
	bool was_open = before && is_open(before);
	struct flow *flow;

	if (before) {
		next[0] = before->side[0].next;
		next[1] = before->side[1].next;
		close_flow(analysis, before);
	}
	if (flow_table_is_full(&analysis->observer.flows))
		evict_flow(analysis);
	flow = flow_table_insert(&analysis->observer.flows, key, packet);
	if (!flow && evict_flow(analysis))
		flow = flow_table_insert(
			&analysis->observer.flows, key, packet);
	if (!flow) {
		uint64_t resets = (packet->tcp_flags & TCP_RST) != 0;

		analysis->totals.evicted_flows++;
		analysis->totals.resets_seen += resets;
		analysis->totals.unjudged_resets += resets;
		return NULL;
	}
	analysis->totals.flows++;
	if (before)
		flow->flags |= FLOW_PORT_REUSED;
	if (was_open)
		observe_before(&analysis->observer, flow, next);
	if (analysis->totals.evicted_flows && !(packet->tcp_flags & TCP_SYN))
		flow->flags |= FLOW_WEAKENED;
	rebind_look(analysis, flow, key->side, packet);
	return flow;
}

static void take_tcp(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	const struct flow_key *key = &arrival->key;
	struct flow *flow = arrival->flow;

	if (!flow || !flow_is(flow, key))
		flow = flow_table_find(&analysis->observer.flows, key);

	analysis->totals.tcp_packets++;
	if (flow && is_new_connection(flow, key->side, packet)) {
		flow = begin_flow(analysis, flow, key, packet);
	} else if (!flow) {
		if (is_leftover(analysis, key, packet)) {
			uint64_t resets = (packet->tcp_flags & TCP_RST) != 0;

			analysis->totals.resets_seen += resets;
			analysis->totals.benign_resets += resets;
			return;
		}
		flow = begin_flow(analysis, NULL, key, packet);
	}
	if (flow)
		observe_tcp(&analysis->observer, flow, key->side, packet);
}

/* A time that can be reckoned with: from 1970 on, and so far from the end of
 * the numbers that no difference overflows. */
static bool is_timed(int64_t time_ns)
{
	return time_ns >= 0 && time_ns <= INT64_MAX / 2;
}

/* Capture time goes on to a packet's. */
static void pass_time(struct analysis *analysis, int64_t time_ns)
{
	struct analysis_totals *totals = &analysis->totals;
	int64_t step_ns =
		analysis->observer.thresholds->clock_step_ms * MILLISECOND_NS;

	if (totals->first_ns == INT64_MIN)
		totals->first_ns = time_ns;
	if (analysis->now_ns != INT64_MIN &&
		time_ns < analysis->now_ns - step_ns)
		totals->clock_steps++;
	expiry_sweep(analysis, time_ns);
	analysis->now_ns = time_ns;
	totals->last_ns = time_ns;
}

/* Linux drops a packet whose IP length exceeds its frame (ip_rcv, ipv6_rcv),
 * and so do others: it changes no state of its connection, and its sequence
 * numbers are ignored. A SYN counts nevertheless: it has no data that could be
 * missing, and anonymisers remove its options and keep the length. */
static bool is_dropped_by_receivers(const struct packet *packet)
{
	return packet->quirks & QUIRK_IP_LENGTH &&
	       !(packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN);
}

/* Frames without a time stamp (pcapng simple packets), or with an absurd one,
 * stand where the last one stood. */
static void take_untimed(struct analysis *analysis,
	const struct arrival *arrival, const struct packet *packet)
{
	struct packet timed = *packet;

	timed.time_ns = analysis->now_ns == INT64_MIN ? 0 : analysis->now_ns;
	if (packet->kind == PACKET_TCP)
		take_tcp(analysis, arrival, &timed);
	else if (packet->kind == PACKET_ICMP)
		observe_icmp(&analysis->observer, &timed);
}

static void take_icmp(struct analysis *analysis, const struct packet *packet)
{
	observe_icmp(&analysis->observer, packet);
	datagrams_learn(analysis, packet);
}

static void take(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	struct analysis_totals *totals = &analysis->totals;

	analysis->frame = packet->frame;
	if (__builtin_expect(
		    evidence_ran_short(&analysis->observer.evidence_pool), 0))
		expiry_make_room(analysis);
	analysis->observer.capture_point = capture_points_of_packet(
		&analysis->learned.capture_points, packet);
	totals->packets++;
	totals->bytes += packet->wire_bytes;
	totals->odd_packets += packet->quirks != 0;
	if (is_timed(packet->time_ns))
		pass_time(analysis, packet->time_ns);
	if (packet->kind == PACKET_OTHER)
		totals->skipped[packet->skip_reason]++;
	else if (__builtin_expect(is_dropped_by_receivers(packet), 0))
		totals->tcp_packets += packet->kind == PACKET_TCP;
	else if (!is_timed(packet->time_ns))
		take_untimed(analysis, arrival, packet);
	else if (packet->kind == PACKET_TCP)
		take_tcp(analysis, arrival, packet);
	else if (packet->kind == PACKET_UDP)
		datagrams_learn(analysis, packet);
	else if (packet->kind == PACKET_ICMP)
		take_icmp(analysis, packet);
}

static void arrive(const struct flow_table *table, struct arrival *arrival,
	const struct packet *packet)
{
	arrival->flow = NULL;
	arrival->packet = packet;
	if (packet->kind != PACKET_TCP)
		return;
	flow_key_of(packet, table->seed, &arrival->key);
	flow_table_prefetch_bucket(table, &arrival->key);
}

static void find_flows(const struct flow_table *table, struct arrival *arrivals,
	unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct arrival *arrival = &arrivals[i];

		if (!arrival->packet || arrival->packet->kind == PACKET_TCP)
			arrival->flow =
				flow_table_prefetch_flow(table, &arrival->key);
	}
}

void analysis_packets(
	struct analysis *analysis, const struct packet *packets, unsigned count)
{
	const struct flow_table *table = &analysis->observer.flows;
	struct arrival arrivals[BLOCK];

	assert(!analysis->is_finished);
	for (unsigned from = 0; from < count; from += BLOCK) {
		unsigned block = count - from < BLOCK ? count - from : BLOCK;

		for (unsigned i = 0; i < block; i++)
			arrive(table, &arrivals[i], &packets[from + i]);
		find_flows(table, arrivals, block);
		for (unsigned i = 0; i < block; i++)
			take(analysis, &arrivals[i], arrivals[i].packet);
	}
}

/* Takes a packet of an open connection if it is plain; false: it has to go the
 * whole way. */
static bool take_plain(struct analysis *analysis, const struct arrival *arrival,
	const struct frame *frame)
{
	const struct flow_key *key = &arrival->key;
	struct observer *observer = &analysis->observer;
	struct flow *flow = arrival->flow;
	struct plain_packet packet;

	if (!flow || !flow_is(flow, key) ||
		!plain_packet_of(frame, &arrival->name, &packet) ||
		!is_timed(packet.time_ns))
		return false;
	observer->capture_point = capture_points_of(
		&analysis->learned.capture_points,
		capture_points_place(frame->interface, 0), frame->direction);
	if (!observe_is_plain(observer, flow, key->side, &packet))
		return false;
	analysis->frame = packet.frame;
	analysis->totals.packets++;
	analysis->totals.bytes += frame->original_bytes;
	analysis->totals.tcp_packets++;
	pass_time(analysis, packet.time_ns);
	observe_plain(observer, flow, key->side, &packet);
	return true;
}

static void take_frame(struct analysis *analysis, const struct arrival *arrival,
	const struct frame *frame)
{
	struct packet packet;

	if (arrival->packet) {
		take(analysis, arrival, arrival->packet);
		return;
	}
	if (!analysis->options.is_without_plain &&
		take_plain(analysis, arrival, frame))
		return;
	packet_decode(frame, &packet);
	take(analysis, arrival, &packet);
}

void analysis_frames(
	struct analysis *analysis, const struct frame *frames, unsigned count)
{
	const struct flow_table *table = &analysis->observer.flows;
	struct arrival arrivals[BLOCK];
	struct packet packets[BLOCK];

	assert(!analysis->is_finished);
	for (unsigned from = 0; from < count; from += BLOCK) {
		unsigned block = count - from < BLOCK ? count - from : BLOCK;

		for (unsigned i = 0; i < block; i++) {
			const struct frame *frame = &frames[from + i];
			struct arrival *arrival = &arrivals[i];

			if (!plain_name_of(frame, &arrival->name)) {
				packet_decode(frame, &packets[i]);
				arrive(table, arrival, &packets[i]);
				continue;
			}
			arrival->packet = NULL;
			flow_key_of_plain(
				&arrival->name, table->seed, &arrival->key);
			flow_table_prefetch_bucket(table, &arrival->key);
		}
		find_flows(table, arrivals, block);
		for (unsigned i = 0; i < block; i++)
			take_frame(analysis, &arrivals[i], &frames[from + i]);
	}
}

/* Packets in: which connection each belongs to, and what it is there.
 *
 * They are taken in blocks, and each block is gone through several times:
 * buckets, flows, packets. In a loop of its own a prefetch overlaps with
 * the next ones; between the work on packets it would not, since a prefetch
 * retires only when its address has been translated, and that work fills the
 * processor's window (measured: 8 ns a line instead of 200). */
#include "analysis/analysis_state.h"

#include <assert.h>

#include "analysis/flow/flow_history.h"
#include "analysis/observe/observe_plain.h"
#include "capture/decode/packet_decode.h"

enum { BLOCK = 128 /* packets that are gone through together */ };

/* A packet on its way to its flow. */
struct arrival {
	const struct flow_key *key; /* of TCP */
	struct flow *flow; /* where it probably is; NULL: not known */
	unsigned index;	   /* in the sighting */
};

/* Of one direction the SYN-ACKs may be recorded and not the SYNs. */
static bool is_new_syn_ack(
	const struct flow *flow, unsigned side, const struct packet *packet)
{
	return flow->side[side].flags & SIDE_SYN &&
	       !(flow->side[!side].flags & SIDE_SEEN) &&
	       flow->cold[side].first_sequence != packet->sequence;
}

static bool is_new_connection(
	const struct flow *flow, unsigned side, const struct packet *packet)
{
	uint16_t flags = packet->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST);

	if (flags == (TCP_SYN | TCP_ACK))
		return is_new_syn_ack(flow, side, packet);
	if (flags != TCP_SYN)
		return false;
	if (flow->side[side].flags & SIDE_SYN)
		return flow->cold[side].first_sequence != packet->sequence;
	return flow->flags & (FLOW_ESTABLISHED | FLOW_RESET);
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

static void take_tcp(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	const struct flow_key *key = arrival->key;
	struct flow *flow = arrival->flow;

	if (!flow || !flow_is(flow, key))
		flow = flow_table_find(&analysis->observer.flows, key);
	if (flow && !expiry_settle(analysis, flow, analysis->before_ns))
		flow = NULL;

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
	if (!flow)
		return;
	observe_tcp(&analysis->observer, flow, key->side, packet);
	if (analysis->options.is_listing_flows)
		flow_history_note(flow, key->side, packet->tcp_flags,
			packet->payload_bytes);
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

/* An ICMP error's connection may have ended. */
static void take_error(struct analysis *analysis, const struct packet *packet)
{
	struct flow_key key;
	struct flow *flow;

	if (!observe_icmp_names(&analysis->observer, packet, &key))
		return;
	flow = flow_table_find(&analysis->observer.flows, &key);
	if (flow)
		(void)expiry_settle(analysis, flow, analysis->before_ns);
	observe_icmp(&analysis->observer, packet);
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
		take_error(analysis, &timed);
}

static void take_icmp(struct analysis *analysis, const struct packet *packet)
{
	take_error(analysis, packet);
	datagrams_learn(analysis, packet);
}

static void take(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	struct analysis_totals *totals = &analysis->totals;
	bool is_timed = sight_is_timed(packet->time_ns);

	if (__builtin_expect(
		    evidence_ran_short(&analysis->observer.evidence_pool), 0))
		expiry_make_room(analysis);
	totals->odd_packets += packet->quirks != 0;
	if (packet->kind == PACKET_OTHER)
		totals->skipped[packet->skip_reason]++;
	else if (__builtin_expect(is_dropped_by_receivers(packet), 0))
		totals->tcp_packets += packet->kind == PACKET_TCP;
	else if (!is_timed)
		take_untimed(analysis, arrival, packet);
	else if (packet->kind == PACKET_TCP)
		take_tcp(analysis, arrival, packet);
	else if (packet->kind == PACKET_UDP)
		datagrams_learn(analysis, packet);
	else if (packet->kind == PACKET_ICMP)
		take_icmp(analysis, packet);
}

/* Takes a packet of an open connection if it is plain; false: it has to go the
 * whole way. */
static bool take_plain(struct analysis *analysis, const struct arrival *arrival,
	const struct sighted *sighted, const struct frame *frame)
{
	const struct flow_key *key = arrival->key;
	struct observer *observer = &analysis->observer;
	struct flow *flow = arrival->flow;

	if (!flow || !flow_is(flow, key) || !sight_is_timed(frame->time_ns) ||
		(flow->evidence &&
			!expiry_settle(analysis, flow, analysis->before_ns)) ||
		!observe_plain(observer, flow, key->side, frame,
			sighted->network_offset, sighted->family))
		return false;
	analysis->totals.tcp_packets++;
	if (analysis->options.is_listing_flows)
		flow_history_note(flow, key->side,
			flow->side[key->side].last_flags,
			flow->side[key->side].last_payload);
	return true;
}

/* Capture time goes on to that of the packet, whichever part has the one before
 * it. Steps back are taken by take_steps. */
static void pass_time_to(struct analysis *analysis,
	const struct sighting *sighting, unsigned index)
{
	analysis->before_ns = index > 0 ? sighting->sighted[index - 1].now_ns
					: sighting->before_ns;
	analysis->now_ns = sighting->sighted[index].now_ns;
	/* Which connections a bound on their number evicts is not to depend on
	 * how packets came in batches. */
	if (analysis->options.max_flows &&
		analysis->options.max_flows != UINT64_MAX)
		expiry_sweep(analysis, 1);
}

static void take_frame(struct analysis *analysis,
	const struct sighting *sighting, const struct arrival *arrival)
{
	const struct sighted *sighted = &sighting->sighted[arrival->index];
	const struct frame *frame = &sighting->frames[arrival->index];
	struct packet packet;

	analysis->frame = frame->number;
	analysis->totals.packets++;
	analysis->totals.bytes += frame->original_bytes;
	analysis->observer.capture_point = sighted->capture_point;
	pass_time_to(analysis, sighting, arrival->index);
	if (!sighted->network_offset) {
		take(analysis, arrival, &sighting->packets[arrival->index]);
		return;
	}
	if (!analysis->options.is_without_plain &&
		take_plain(analysis, arrival, sighted, frame))
		return;
	packet_decode(frame, &packet);
	take(analysis, arrival, &packet);
}

static void take_packet(struct analysis *analysis,
	const struct sighting *sighting, const struct arrival *arrival)
{
	const struct sighted *sighted = &sighting->sighted[arrival->index];
	const struct packet *packet = &sighting->packets[arrival->index];

	analysis->frame = packet->frame;
	analysis->totals.packets++;
	analysis->totals.bytes += packet->wire_bytes;
	analysis->observer.capture_point = sighted->capture_point;
	pass_time_to(analysis, sighting, arrival->index);
	take(analysis, arrival, packet);
}

static bool has_name(
	const struct sighting *sighting, const struct arrival *arrival)
{
	return sighting->sighted[arrival->index].network_offset ||
	       sighting->packets[arrival->index].kind == PACKET_TCP;
}

/* Flows have come then, and what is observed of encrypted SSH, which is in
 * evidence records, is on its way. */
static void await_flows(const struct evidence_pool *pool,
	const struct arrival *arrivals, unsigned count)
{
	uint32_t numbers[BLOCK];
	unsigned found = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct flow *flow = arrivals[i].flow;

		if (!flow)
			continue;
		flow_table_await(flow);
		if (!(flow->flags & FLOW_SSH) || !flow->evidence)
			continue;
		numbers[found++] = flow->evidence;
		evidence_prefetch_handle(pool, flow->evidence);
	}
	for (unsigned i = 0; i < found; i++)
		evidence_prefetch_ssh(pool, numbers[i]);
	for (unsigned i = 0; i < found; i++)
		evidence_await_ssh(pool, numbers[i]);
}

static void take_block(struct analysis *analysis,
	const struct sighting *sighting, struct arrival *arrivals,
	unsigned count)
{
	const struct flow_table *table = &analysis->observer.flows;

	for (unsigned i = 0; i < count; i++) {
		arrivals[i].key = &sighting->sighted[arrivals[i].index].key;
		arrivals[i].flow = NULL;
		if (has_name(sighting, &arrivals[i]))
			flow_table_prefetch_bucket(table, arrivals[i].key);
	}
	for (unsigned i = 0; i < count; i++)
		if (has_name(sighting, &arrivals[i]))
			arrivals[i].flow = flow_table_prefetch_flow(
				table, arrivals[i].key);
	await_flows(&analysis->observer.evidence_pool, arrivals, count);
	for (unsigned i = 0; i < count; i++)
		if (sighting->frames)
			take_frame(analysis, sighting, &arrivals[i]);
		else
			take_packet(analysis, sighting, &arrivals[i]);
}

/* The clock steps back before the packet at `until`: what had ended by then has
 * ended, though the time comes again. Others' packets count as well. */
static void take_steps(struct analysis *analysis,
	const struct sighting *sighting, unsigned from, unsigned until,
	int64_t *now_ns)
{
	for (unsigned i = from; i < until; i++) {
		int64_t next_ns = sighting->sighted[i].now_ns;

		if (next_ns < *now_ns) {
			analysis->now_ns = *now_ns;
			expiry_look_at_all(analysis);
			analysis->now_ns = next_ns;
		}
		*now_ns = next_ns;
	}
}

/* One packet at a time. */
static void take_with_steps(struct analysis *analysis,
	const struct sighting *sighting, unsigned part)
{
	int64_t now_ns = sighting->before_ns;

	for (unsigned i = 0; i < sighting->count; i++) {
		struct arrival arrival = {.index = i};

		take_steps(analysis, sighting, i, i + 1, &now_ns);
		if (sighting->sighted[i].part == part)
			take_block(analysis, sighting, &arrival, 1);
	}
}

/* The numbers of a part's packets. Without a branch: it would be mispredicted
 * half of the time. */
static unsigned find_own(const struct sighting *sighting, unsigned part,
	uint16_t own[BATCH_FRAMES + 1])
{
	unsigned count = 0;

	for (unsigned i = 0; i < sighting->count; i++) {
		own[count] = (uint16_t)i;
		count += sighting->sighted[i].part == part;
	}
	return count;
}

static void take_in_blocks(struct analysis *analysis,
	const struct sighting *sighting, unsigned part)
{
	struct arrival arrivals[BLOCK] = {0};
	uint16_t own[BATCH_FRAMES + 1];
	unsigned count = find_own(sighting, part, own);

	for (unsigned from = 0; from < count; from += BLOCK) {
		unsigned some = count - from < BLOCK ? count - from : BLOCK;

		for (unsigned i = 0; i < some; i++)
			arrivals[i].index = own[from + i];
		take_block(analysis, sighting, arrivals, some);
	}
}

void analysis_take(struct analysis *analysis, const struct sighting *sighting,
	unsigned part)
{
	assert(!analysis->is_finishing);
	if (sighting->count == 0)
		return;
	analysis->totals.first_ns = sighting->first_ns;
	if (sighting->has_steps)
		take_with_steps(analysis, sighting, part);
	else
		take_in_blocks(analysis, sighting, part);
	analysis->now_ns = sighting->sighted[sighting->count - 1].now_ns;
	expiry_sweep(analysis, sighting->count);
}

void analysis_packets(
	struct analysis *analysis, const struct packet *packets, unsigned count)
{
	for (unsigned from = 0; from < count; from += BATCH_FRAMES) {
		struct sighting sighting;
		unsigned some = count - from < BATCH_FRAMES ? count - from
							    : BATCH_FRAMES;

		sight_packets(
			&analysis->sighter, packets + from, some, &sighting);
		analysis_take(analysis, &sighting, 0);
	}
}

void analysis_frames(struct analysis *analysis, const struct frame *frames,
	struct packet *packets, unsigned count)
{
	for (unsigned from = 0; from < count; from += BATCH_FRAMES) {
		struct sighting sighting;
		unsigned some = count - from < BATCH_FRAMES ? count - from
							    : BATCH_FRAMES;

		sight_frames(&analysis->sighter, frames + from, packets, some,
			&sighting);
		analysis_take(analysis, &sighting, 0);
	}
}

/* Loss: retransmissions, sequence gaps, SACK, and PTBs that are honoured or
 * not. */
#include "analysis/observe/observe.h"

#include "analysis/observe/observe_side.h"

#include <string.h>

#include "capture/sequence.h"

/* The payload of the packet, or of the first of the segments in it: what was
 * recorded before segmentation offload cut it is longer than the peer takes. */
static uint32_t on_the_wire(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	uint32_t limit = flow->mss[!index];
	uint32_t full = observe_full_payload(
		flow, limit, packet->ip_bytes, packet->payload_bytes);

	return limit && packet->payload_bytes > limit && full
		       ? full
		       : packet->payload_bytes;
}

/* Timers stop while their machine sleeps. */
static void note_pause(struct unacked_run *unacked, const struct packet *packet)
{
	int64_t since_ns =
		unacked->count ? unacked->last.time_ns : unacked->since_ns;
	int64_t pause_s = (packet->time_ns - since_ns) / SECOND_NS;

	if (pause_s > unacked->pause_s)
		unacked->pause_s =
			pause_s > UINT16_MAX ? UINT16_MAX : (uint16_t)pause_s;
}

/* The peer has acknowledged the segment longer than a round trip ago, and its
 * sender does not know. */
static void note_unheard(const struct flow *flow, struct evidence *evidence,
	unsigned index, const struct packet *packet)
{
	const struct side *peer = &flow->side[!index];
	struct unheard_acks *unheard = &evidence->unheard[index];
	uint32_t end = packet->sequence + packet->payload_bytes;

	if (!(peer->flags & SIDE_SEEN) || packet->payload_bytes == 0 ||
		sequence_after(end, peer->acked) ||
		packet->time_ns - peer->last_ns <= flow_round_trip_ns(flow))
		return;
	if (packet->sequence != unheard->start ||
		flow->side[index].next != unheard->next)
		*unheard = (struct unheard_acks){
			.start = packet->sequence,
			.next = flow->side[index].next,
			.first = packet_summary_of(packet),
		};
	count16(&unheard->count);
	unheard->last = packet_summary_of(packet);
}

void observe_retransmission(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet, bool is_probe)
{
	struct evidence *evidence = observe_evidence(observer, flow);
	const struct side *side = &flow->side[index];
	struct unacked_run *unacked;
	uint32_t payload = on_the_wire(flow, index, packet);
	uint16_t ip_bytes = saturate16(
		packet->ip_bytes - (packet->payload_bytes - payload));

	if (!is_probe)
		flow->flags |= index ? FLOW_REPEATED_1 : FLOW_REPEATED_0;
	/* from now on an acknowledgment confirms the size sent last, not the
	 * largest */
	flow->side[index].flags &= (uint16_t)~SIDE_UNCONFIRMED;
	flow->unconfirmed_bytes[index] = 0;
	if (!evidence)
		return;
	if (!is_probe)
		note_unheard(flow, evidence, index, packet);
	unacked = &evidence->unacked[index];
	if (!unacked->is_active ||
		(packet->sequence != unacked->start && !is_probe &&
			sequence_before(packet->sequence, unacked->start)) ||
		(unacked->is_keepalive && !is_probe)) {
		memset(unacked, 0, sizeof(*unacked));
		unacked->is_active = true;
		unacked->start = packet->sequence;
		unacked->end = packet->sequence +
			       packet_sequence_length(packet) -
			       (packet->payload_bytes - payload);
		unacked->since_ns = side->last_ns;
		unacked->first = packet_summary_of(packet);
		unacked->first_ip_bytes = ip_bytes;
		unacked->smallest_ip_bytes = ip_bytes;
		unacked->is_fin = packet->tcp_flags & TCP_FIN;
		unacked->is_df = packet->is_df || packet->family == 6;
		unacked->is_keepalive = is_probe;
	}
	if (packet->sequence != unacked->start)
		return; /* another segment of the same loss */
	note_pause(unacked, packet);
	count16(&unacked->count);
	unacked->last = packet_summary_of(packet);
	if (ip_bytes < unacked->smallest_ip_bytes)
		unacked->smallest_ip_bytes = ip_bytes;
	if (is_probe) {
		count16(&evidence->probes[index]);
	}
}

void observe_seq_gap(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct evidence *evidence = observe_evidence(observer, flow);
	struct seq_gap *seq_gap;

	if (!evidence)
		return;
	seq_gap = &evidence->seq_gap[index];
	if (seq_gap->is_active)
		return; /* the first one blocks the acknowledgment of the
			   rest */
	memset(seq_gap, 0, sizeof(*seq_gap));
	seq_gap->is_active = true;
	seq_gap->start = seq_gap->first_start = flow->side[index].next;
	seq_gap->end = packet->sequence;
	seq_gap->after = packet_summary_of(packet);
	seq_gap->quiet_ns = packet->time_ns - flow->side[index].last_ns;
}

/* A gap was filled; one that took long and was filled by smaller packets is
 * kept. */
static void end_seq_gap(struct evidence *evidence, unsigned index)
{
	struct seq_gap *seq_gap = &evidence->seq_gap[index];

	seq_gap->is_active = false;
	if (seq_gap->first_fill_ns - seq_gap->after.time_ns >
		evidence->filled_gap[index].first_fill_ns -
			evidence->filled_gap[index].after.time_ns)
		evidence->filled_gap[index] = *seq_gap;
}

void observe_above_seq_gap(
	struct evidence *evidence, unsigned index, const struct packet *packet)
{
	struct seq_gap *seq_gap = &evidence->seq_gap[index];

	if (!seq_gap->is_active || packet->payload_bytes == 0)
		return;
	if (sequence_before(packet->sequence, seq_gap->end)) {
		uint32_t end =
			packet->sequence + packet_sequence_length(packet);

		if (!sequence_after(packet->sequence, seq_gap->start) &&
			sequence_after(end, seq_gap->start))
			seq_gap->start = end;
		if (seq_gap->first_fill_ns == 0)
			seq_gap->first_fill_ns = packet->time_ns;
		if (packet->ip_bytes > seq_gap->largest_fill)
			seq_gap->largest_fill = saturate16(packet->ip_bytes);
		if (!sequence_before(seq_gap->start, seq_gap->end))
			end_seq_gap(evidence, index);
		return;
	}
	count16(&seq_gap->later_packets);
	if (packet->ip_bytes > seq_gap->largest_later)
		seq_gap->largest_later = saturate16(packet->ip_bytes);
}

/* The unacknowledged run of `index` is over. */
static void end_unacked(struct evidence *evidence, unsigned index)
{
	struct unacked_run *unacked = &evidence->unacked[index];
	struct unacked_run *worst = &evidence->recovered[index];

	unacked->is_active = false;
	if (!unacked->is_keepalive && unacked->count >= worst->count)
		*worst = *unacked;
}

/* SACK blocks (RFC 2018) name data that arrived beyond a loss; blocks below
 * the acknowledgment are duplicates (RFC 2883) and are not used here. */
void observe_sack(
	struct evidence *evidence, unsigned index, const struct packet *packet)
{
	for (unsigned i = 0; i < packet->sack_count; i++) {
		const struct sack_block *block = &packet->sack[i];
		int32_t length = sequence_distance(block->start, block->end);

		if (length <= 0 ||
			!sequence_after(block->start, packet->acknowledged))
			continue;
		/* while the hole is there, every packet repeats it */
		if (!evidence->sacked_frame[!index] ||
			sequence_after(
				block->end, evidence->sacked_end[!index])) {
			evidence->sacked_end[!index] = block->end;
			evidence->sacked_frame[!index] =
				(uint32_t)packet->frame;
		}
		if (length > evidence->sacked_largest[!index])
			evidence->sacked_largest[!index] =
				saturate16((uint32_t)length);
	}
	if (packet->sack_count == 0 && evidence->sacked_frame[!index] &&
		!sequence_before(
			packet->acknowledged, evidence->sacked_end[!index])) {
		evidence->sacked_frame[!index] = 0;
		evidence->sacked_largest[!index] = 0;
	}
}

/* A packet above the size of a PTB has arrived nevertheless: the path carries
 * it, whoever sent the PTB. */
static void note_larger_passed(
	struct too_big *too_big, const struct packet *packet)
{
	bool has_passed =
		sequence_after(packet->acknowledged, too_big->larger_start);

	for (unsigned i = 0; i < packet->sack_count; i++)
		has_passed |= sequence_after(
			packet->sack[i].end, too_big->larger_start);
	if (too_big->larger_after && has_passed)
		too_big->is_larger_passed = true;
}

/* A window that has opened is remembered as shut for a while, see evidence.h.
 */
static void note_window(const struct flow *flow, struct evidence *evidence,
	unsigned index, const struct packet *packet)
{
	int64_t *shut_ns = &evidence->shut_ns[index];
	int64_t *opened_ns = &evidence->opened_ns[index];

	if (packet->window) {
		evidence->zero_windows[index] = 0;
		if (*shut_ns && *opened_ns == 0) {
			*opened_ns = packet->time_ns;
		} else if (packet->time_ns - *opened_ns >
			   flow_round_trip_ns(flow)) {
			*shut_ns = *opened_ns = 0;
		}
		return;
	}
	if (*shut_ns == 0 || *opened_ns) {
		*shut_ns = packet->time_ns;
		*opened_ns = 0;
		evidence->shut_frame[index] = (uint32_t)packet->frame;
	}
	count16(&evidence->zero_windows[index]);
}

/* A segment that is not acceptable is answered by an acknowledgment of what was
 * received before (RFC 9293, 3.10.7.4; RFC 7323, 5.3). A block that is
 * acknowledged selectively shows that another segment was taken; a number below
 * the next is a keepalive's. */
static bool is_refusal(const struct flow *flow, unsigned index,
	const struct unacked_run *unacked, const struct packet *packet)
{
	return !unacked->is_keepalive && packet->payload_bytes == 0 &&
	       !(packet->tcp_flags & (TCP_SYN | TCP_FIN)) &&
	       packet->sack_count == 0 &&
	       packet->sequence == flow->side[index].next &&
	       packet->acknowledged == unacked->start &&
	       !sequence_after(unacked->answer_frame, unacked->last.frame);
}

/* Updates the peer's losses by a packet of `index`. */
void observe_answer(struct flow *flow, struct evidence *evidence,
	unsigned index, const struct packet *packet)
{
	struct unacked_run *unacked = &evidence->unacked[!index];
	struct seq_gap *seq_gap = &evidence->seq_gap[!index];

	if (unacked->is_active) {
		if (is_refusal(flow, index, unacked, packet))
			count16(&unacked->refused);
		count16(&unacked->answers);
		unacked->answer_frame = (uint32_t)packet->frame;
		if (unacked->is_keepalive ||
			sequence_after(packet->acknowledged, unacked->start))
			end_unacked(evidence, !index);
	}
	if (seq_gap->is_active) {
		if (sequence_after(packet->acknowledged, seq_gap->start)) {
			seq_gap->is_active = false;
			if (!sequence_before(
				    packet->acknowledged, seq_gap->end))
				flow->side[!index].flags |= SIDE_UNSEEN;
		} else if (packet->options & OPTION_SACK) {
			seq_gap->is_sacked = true;
		}
	}
	note_larger_passed(&evidence->too_big[!index], packet);
	note_window(flow, evidence, index, packet);
}

void observe_too_big(const struct observer *observer, struct flow *flow,
	struct evidence *evidence, unsigned index, const struct packet *packet)
{
	const struct thresholds *limits = observer->thresholds;
	struct too_big *too_big = &evidence->too_big[index];
	int64_t round_trip_ns = flow_round_trip_ns(flow);

	/* packets in flight before the PTB neither ignore nor honour it */
	if (too_big->count == 0 || packet->payload_bytes == 0 ||
		packet->time_ns - too_big->first_ns <
			round_trip_ns +
				limits->too_big_heed_ms * MILLISECOND_NS)
		return;
	if (packet->ip_bytes > too_big->mtu) {
		uint16_t limit = flow->mss[!index];

		/* before segmentation offload it has no size on the wire */
		if (packet->ip_bytes > limits->largest_wire_bytes ||
			(limit && packet->payload_bytes > limit))
			return;
		if (too_big->larger_after == 0)
			too_big->larger_start = packet->sequence;
		count16(&too_big->larger_after);
		too_big->larger = packet_summary_of(packet);
	} else {
		count16(&too_big->fitting_after);
	}
}

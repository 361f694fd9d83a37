/* The streaming pass: what each TCP packet does to its flow.
 *
 * The common packet - in order, or a plain acknowledgment - changes a few
 * fields of its side and is done. Everything else goes to observe_open.c,
 * observe_sequence.c, observe_ssh.c, observe_loss.c and observe_reset.c, which
 * open an evidence record when there is something to keep. Resets do not
 * change the state of the side in whose name they come: they are compared with
 * it later. */
#include "analysis/observe/observe.h"

#include "analysis/observe/app_message.h"
#include "analysis/observe/observe_side.h"
#include "analysis/observe/quit_command.h"
#include "capture/sequence.h"

/* Whether any later packet can change the evidence record. Most become final
 * soon, and then their memory is not touched again. */
static bool is_unfinished(
	const struct flow *flow, const struct evidence *evidence)
{
	if (evidence->reset_count || evidence->other.has_before)
		return true;
	for (unsigned i = 0; i < 2; i++)
		if (evidence->unacked[i].is_active || evidence->shut_ns[i] ||
			evidence->seq_gap[i].is_active ||
			evidence->too_big[i].count ||
			evidence->sacked_frame[i] ||
			evidence_unheard(flow, evidence, i))
			return true;
	return false;
}

/* Common losses must not use up what is there for the rare incident. */
static void put_aside(struct observer *observer, struct flow *flow,
	const struct evidence *evidence)
{
	flow->flags &= ~(uint32_t)FLOW_WATCHED;
	if (flow->flags & FLOW_SSH ||
		!evidence_is_dull(observer->thresholds, evidence))
		return;
	evidence_give_back(&observer->evidence_pool, flow->evidence);
	flow->evidence = 0;
}

/* Single bytes are rare: what was acknowledged and not recorded is the FIN of a
 * side that has sent none yet. */
static void note_unseen_fin(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct evidence *evidence;

	if (flow->side[!index].flags & SIDE_FIN ||
		!(flow->flags & FLOW_ESTABLISHED))
		return;
	evidence = observe_evidence(observer, flow);
	if (evidence)
		evidence->fin_acked_frame[!index] = (uint32_t)packet->frame;
}

/* Updates the peer's state by the acknowledgment of a packet of `index`. */
static void observe_acknowledgment(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct side *side = &flow->side[index];
	struct side *peer = &flow->side[!index];
	uint32_t acked = packet->acknowledged;
	int32_t beyond;

	if (!(peer->flags & SIDE_SEEN)) {
		/* Packets may overtake each other. */
		if (!(side->flags & SIDE_SEEN) ||
			sequence_after(acked, side->acked)) {
			peer->next = acked;
			side->acked = acked;
		}
		return;
	}
	beyond = sequence_distance(peer->next, acked);
	if (beyond > 0) {
		if (beyond >= observer->thresholds->far_ahead_bytes)
			return;
		/* received, though never recorded */
		peer->flags |= SIDE_UNSEEN;
		peer->next = acked;
		if (beyond == 1)
			note_unseen_fin(observer, flow, index, packet);
		observer->lost_packets += 1 + (uint32_t)beyond / 1461;
		if (flow->evidence)
			evidence_at(&observer->evidence_pool, flow->evidence)
				->seq_gap[!index]
				.is_active = false;
	}
	if (!(side->flags & SIDE_SEEN) || sequence_after(acked, side->acked)) {
		if (acked == peer->next &&
			side->packets < observer->thresholds->rtt_samples &&
			peer->last_payload)
			observe_round_trip(
				flow, index, packet->time_ns - peer->last_ns);
		side->acked = acked;
	}
	observe_confirmed(flow, !index);
	if (acked == peer->next && peer->flags & SIDE_FIN)
		peer->flags |= SIDE_FIN_ACKED;
}

/* Whether this ends the session, and all that the side had said before is
 * answered: the other side's last packet has data and acknowledges it. */
static void observe_quit(
	struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *peer = &flow->side[!index];
	struct side *side = &flow->side[index];

	side->flags &= (uint16_t)~SIDE_QUIT;
	if (peer->last_payload && peer->acked == packet->sequence &&
		quit_command_is(packet))
		side->flags |= SIDE_QUIT;
}

static void observe_payload(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct side *side = &flow->side[index];

	observe_size(observer->thresholds, flow, index, packet->ip_bytes,
		packet->payload_bytes, packet->tcp_flags & TCP_PSH);
	observe_quit(flow, index, packet);
	if (flow->flags & (FLOW_HTTP | FLOW_ASKED) ||
		!(side->flags & SIDE_DATA))
		observe_app_message(observer, flow, index, packet);
	else if (packet->payload_bytes == TLS_ALERT_BYTES)
		observe_alert(observer, flow, index, packet);
	else if (packet->payload_bytes <= REPLY_BYTES &&
		 packet->payload_captured &&
		 app_message_may_close(packet->payload[0]))
		observe_reply(observer, flow, index, packet);
	if (flow->side[!index].flags & SIDE_FIN)
		observe_last_record(flow, index, packet);
	/* who slips something in does it early */
	if (side->packets < observer->thresholds->rtt_samples)
		side->digest = observe_digest(packet);
	if (__builtin_expect(
		    packet->payload_bytes == flow->side[!index].window, 0))
		observe_misread(observer, flow, index, packet);
	/* the opening of a connection may be SSH; later it is only followed
	 * where it was */
	if (flow->flags & FLOW_SSH || !(side->flags & SIDE_DATA))
		observe_ssh(observer, flow, index, packet);
	side->flags |= SIDE_DATA;
}

/* What nearly all packets are not: recorded elsewhere, behind another router,
 * or with the identification and the end of the side's last. */
static bool may_be_copy(const struct observer *observer,
	const struct side *side, const struct packet *packet)
{
	return observer->capture_point != side->capture_point ||
	       packet->ttl + 1 == side->ttl ||
	       (packet->ip_id == side->ip_id &&
		       packet->sequence + packet_sequence_length(packet) ==
			       side->next);
}

/* A reset that answers the last packet of the connection before, on the same
 * ports, can meet the SYN of the next one. Without an acknowledgment it means
 * nothing to that (RFC 9293, 3.10.7.3: SYN-SENT). */
static bool is_reset_of_connection_before(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	return flow->flags & FLOW_PORT_REUSED &&
	       !(flow->side[index].flags & SIDE_SEEN) &&
	       !(packet->tcp_flags & TCP_ACK);
}

static void take_reset(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	if (flow->flags & FLOW_ASKED)
		observe_end(observer, flow, index, packet);
	observe_reset(observer, flow, index, packet);
}

/* The client's ACK of the SYN-ACK. A FIN comes later, after an ACK that was not
 * recorded. */
static void finish_handshake(
	struct flow *flow, unsigned index, const struct packet *packet)
{
	int64_t elapsed_ns = packet->time_ns - flow->side[!index].last_ns;

	flow->flags |= FLOW_ESTABLISHED;
	if (packet->tcp_flags & TCP_FIN)
		return;
	flow->flags |= FLOW_ACK_RTT;
	flow->client_rtt_us = observe_rtt_us(elapsed_ns) & FLOW_RTT_MOST_US;
}

/* The first FIN of a side. */
static void take_fin(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct evidence *evidence = flow->flags & FLOW_SSH || flow->evidence
					    ? observe_evidence(observer, flow)
					    : NULL;

	if (evidence)
		evidence->fin[index] = packet_summary_of(packet);
	if (flow->flags & FLOW_ASKED)
		observe_end(observer, flow, index, packet);
	observe_overdue(observer, flow, index, packet);
	flow->side[index].flags |= SIDE_FIN;
	flow->cold[index].fin_frame = (uint32_t)packet->frame;
}

void observe_tcp(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	struct side *side = &flow->side[index];
	uint16_t flags = packet->tcp_flags;

	if (flow->first_frame == 0)
		observe_first(flow, index, packet);
	if (__builtin_expect(
		    (flow->flags & (FLOW_ESTABLISHED | FLOW_PORT_REUSED)) !=
			    FLOW_ESTABLISHED,
		    0) &&
		observe_other(observer, flow, index, packet))
		return;
	if (flags & TCP_RST) {
		if (is_reset_of_connection_before(flow, index, packet))
			return;
		if (observe_twin_reset(observer, flow, index, packet))
			observer->duplicates++;
		else
			take_reset(observer, flow, index, packet);
		return;
	}
	if (may_be_copy(observer, side, packet) &&
		observe_is_copy(observer, flow, side, packet)) {
		observer->duplicates++;
		return;
	}
	if (packet->time_ns <
		flow_last_ns(flow) -
			observer->thresholds->clock_step_ms * MILLISECOND_NS)
		flow->flags |= FLOW_CLOCK_STEP;

	/* packets of a side that has not received the reset do not show that
	 * the connection survived its idle time */
	if (flow->flags & FLOW_ESTABLISHED && !(flow->flags & FLOW_RESET) &&
		(flow->side[0].flags | flow->side[1].flags) & SIDE_SEEN) {
		if (packet->time_ns - flow_last_ns(flow) >=
			observer->thresholds->idle_ms * MILLISECOND_NS)
			observe_gap(flow, index, packet);
		else if (flow->flags & FLOW_GAP_PENDING)
			observe_gap_answer(flow, index, packet);
	}
	if (packet->ttl != side->ttl || side->packets < SIDE_TTL_PACKETS)
		observe_ttl(flow, index, packet->ttl);
	if (!(flags & TCP_SYN) && packet->family == 4)
		observe_identification(observer->thresholds, side,
			packet->ip_id, packet->is_df);

	if (flags & TCP_SYN && observe_is_of_another_syn(flow, index, packet))
		return;
	if (flags & TCP_SYN) {
		observe_syn(observer, flow, index, packet);
	} else if (packet->sequence == side->next &&
		   (side->flags & SIDE_SEEN)) {
		side->next += packet->payload_bytes + (flags & TCP_FIN);
		if (flow->flags & FLOW_WATCHED && packet->payload_bytes &&
			flow->evidence)
			observe_above_seq_gap(
				evidence_at(&observer->evidence_pool,
					flow->evidence),
				index, packet);
	} else {
		observe_sequence(observer, flow, index, packet);
	}
	if (flags & TCP_ACK) {
		observe_acknowledgment(observer, flow, index, packet);
		if (!(flow->flags & FLOW_ESTABLISHED) && !(flags & TCP_SYN) &&
			(flow->flags & FLOW_SYNACK) &&
			index == flow_client(flow))
			finish_handshake(flow, index, packet);
	}
	if (packet->payload_bytes && !(flags & TCP_SYN))
		observe_payload(observer, flow, index, packet);
	if (flags & TCP_FIN && !(side->flags & SIDE_FIN))
		take_fin(observer, flow, index, packet);
	/* a window that shuts: for observe_answer */
	if (packet->sack_count ||
		(packet->window == 0 && flow->flags & FLOW_ESTABLISHED &&
			!(flags & TCP_FIN)))
		(void)observe_evidence(observer, flow); /* for observe_sack */
	if (flow->evidence &&
		(flow->flags & FLOW_WATCHED || packet->window == 0)) {
		struct evidence *evidence =
			evidence_at(&observer->evidence_pool, flow->evidence);

		observe_sack(evidence, index, packet);
		if (flags & TCP_ACK)
			observe_answer(flow, evidence, index, packet);
		observe_too_big(observer, flow, evidence, index, packet);
		if (evidence->reset_count)
			observe_after(observer, evidence, index, packet);
		if (!is_unfinished(flow, evidence))
			put_aside(observer, flow, evidence);
	}
	if (packet->options & OPTION_TIMESTAMP)
		side->flags |= SIDE_TIMESTAMP;
	else if (side->flags & flow->side[!index].flags & SIDE_TIMESTAMP)
		observe_untimed(observer, flow, index, packet);
	if (!(side->flags & SIDE_SEEN)) {
		if (flow->evidence && !(flow->side[!index].flags & SIDE_SEEN))
			observe_icmp_check(observer,
				evidence_at(&observer->evidence_pool,
					flow->evidence),
				index, packet);
		side->capture_point = observer->capture_point;
		flow->cold[index].link_source = packet->link_source;
	}
	side->flags |= SIDE_SEEN;
	side->last_ns = packet->time_ns;
	side->last_frame = (uint32_t)packet->frame;
	side->window = packet->window;
	side->ip_id = packet->ip_id;
	side->ttl = packet->ttl;
	side->tos = packet->tos;
	side->last_flags = (uint8_t)flags;
	side->last_payload = saturate16(packet->payload_bytes);
	if (side->packets < UINT32_MAX)
		side->packets++;
}

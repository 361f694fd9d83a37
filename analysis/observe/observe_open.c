/* How a connection begins: its SYNs, or the first packet that was recorded of
 * it. */
#include "analysis/observe/observe.h"

/* The server of a connection whose beginning was not captured: the host that
 * answered a SYN on that port before; else the lower port; with equal ports
 * the sender of the first packet is the client. */
static void guess_client(const struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	uint16_t own = packet->source_port, other = packet->target_port;
	bool is_client = own == other || own > other;

	if (listeners_know(observer->listeners, &packet->target, other))
		is_client = true;
	else if (listeners_know(observer->listeners, &packet->source, own))
		is_client = false;

	if ((index == 1) == is_client)
		flow->flags |= FLOW_CLIENT_IS_1;
}

void observe_first(const struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	flow->first_frame = (uint32_t)packet->frame;
	flow->first_ns = packet->time_ns;
	flow_set_tunnel(flow, (enum tunnel)packet->tunnel);
	if (packet->source_port == SSH_PORT || packet->target_port == SSH_PORT)
		flow->flags |= FLOW_SSH;
	if (packet->tcp_flags & TCP_SYN)
		return;
	flow->flags |= FLOW_MIDSTREAM;
	if (!(packet->tcp_flags & TCP_RST))
		flow->flags |= FLOW_ESTABLISHED;
	guess_client(observer, flow, index, packet);
}

void observe_syn(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	struct side *side = &flow->side[index];
	struct side_cold *cold = &flow->cold[index];
	bool is_answer = packet->tcp_flags & TCP_ACK;

	if (side->flags & SIDE_SYN) {
		struct evidence *evidence;

		if (!is_answer) {
			flow_count_syn(flow);
			return;
		}
		evidence = observe_evidence(observer, flow);
		if (evidence)
			evidence->synack_retransmissions++;
		return;
	}
	side->flags |= SIDE_SYN;
	cold->first_sequence = packet->sequence;
	cold->mss = packet->options & OPTION_MSS ? packet->mss : 0;
	cold->window_scale = packet->options & OPTION_WINDOW_SCALE
				     ? packet->window_scale
				     : 0;
	side->next = packet->sequence + packet_sequence_length(packet);
	/* from where the other side's acknowledgments count */
	if (!(flow->side[!index].last_flags & TCP_ACK))
		flow->side[!index].acked = packet->sequence;
	flow->flags |= FLOW_ORIENTED;
	if ((is_answer && index == 0) || (!is_answer && index == 1))
		flow->flags |= FLOW_CLIENT_IS_1;
	else
		flow->flags &= ~(uint32_t)FLOW_CLIENT_IS_1;
	if (!is_answer) {
		flow_count_syn(flow);
		return;
	}
	listeners_learn(
		observer->listeners, &packet->source, packet->source_port);
	flow->flags |= FLOW_SYNACK;
	flow->synack_frame = (uint32_t)packet->frame;
	if (flow_syns(flow) == 1) {
		int64_t rtt_us = (packet->time_ns - flow->first_ns) / 1000;

		if (rtt_us >= 0 && rtt_us < UINT32_MAX) {
			flow->server_rtt_us = (uint32_t)rtt_us;
			flow->flags |= FLOW_SYN_RTT;
		}
	}
}

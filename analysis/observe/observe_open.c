/* How a connection begins: its SYNs, or the first packet that was recorded of
 * it. */
#include "analysis/observe/observe.h"

#include <assert.h>

#include "analysis/observe/observe_side.h"

#include "capture/sequence.h"

enum { NFS_PORT = 2049 };

/* The server of a connection whose beginning was not captured: the host with
 * the NFS port, whose clients have low ports; else the lower port; with equal
 * ports the sender of the first packet is the client. The payload may show it
 * better (observe_app_message.c), and who answered SYNs on that port
 * (analysis/close.c). */
static void guess_client(
	struct flow *flow, unsigned index, const struct packet *packet)
{
	uint16_t own = packet->source_port, other = packet->target_port;
	bool is_client = other == NFS_PORT ||
			 (own != NFS_PORT && (own == other || own > other));

	if ((index == 1) == is_client)
		flow->flags |= FLOW_CLIENT_IS_1;
}

void observe_first(
	struct flow *flow, unsigned index, const struct packet *packet)
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
	guess_client(flow, index, packet);
}

/* A SYN-ACK that acknowledges what this SYN was not answers another one of the
 * same ports. The client's stack does not take it (RFC 9293, 3.10.7.3). */
bool observe_is_of_another_syn(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *peer = &flow->side[!index];
	uint32_t first = flow->cold[!index].first_sequence;

	return (packet->tcp_flags & TCP_ACK) && peer->flags & SIDE_SYN &&
	       !(flow->side[index].flags & SIDE_SYN) &&
	       (!sequence_after(packet->acknowledged, first) ||
		       sequence_after(packet->acknowledged, peer->next));
}

/* Which SYN this SYN-ACK answers: one that asks for ECN (RFC 3168, 6.1.1), or a
 * plain one. */
static void learn_accepted(const struct observer *observer,
	const struct flow *flow, unsigned client, const struct packet *packet)
{
	uint8_t flags = flow->side[client].last_flags;

	if ((flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
		client != flow_client(flow))
		return;
	listeners_learn((flags & TCP_ASKS_ECN) == TCP_ASKS_ECN
				? observer->accepted_ecn
				: observer->accepted_plain,
		&packet->source, packet->source_port, packet->time_ns);
}

static_assert(WINDOW_SCALE_UNKNOWN <= 0xf,
	"four bits of struct side_cold hold every scale");

/* Of a SYN. */
static unsigned window_scale_of(const struct packet *packet)
{
	const unsigned cut = QUIRK_NO_OPTIONS_SEEN | QUIRK_SHORT;

	if (!(packet->options & OPTION_WINDOW_SCALE))
		return (packet->quirks & cut) ? WINDOW_SCALE_UNKNOWN : 0;
	return packet->window_scale > WINDOW_SCALE_MOST ? WINDOW_SCALE_MOST
							: packet->window_scale;
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
	flow->mss[index] = packet->options & OPTION_MSS ? packet->mss : 0;
	cold->window_scale = window_scale_of(packet) & 0xfu;
	side->next = packet->sequence + packet_sequence_length(packet);
	/* from where the other side's acknowledgments count */
	if (!(flow->side[!index].last_flags & TCP_ACK))
		flow->side[!index].acked = packet->sequence;
	/* who sends the first SYN is the client, whatever SYNs and SYN-ACKs
	 * cross it (RFC 9293, 3.5: simultaneous open, split handshakes) */
	if (!(flow->flags & FLOW_ORIENTED)) {
		if ((is_answer && index == 0) || (!is_answer && index == 1))
			flow->flags |= FLOW_CLIENT_IS_1;
		else
			flow->flags &= ~(uint32_t)FLOW_CLIENT_IS_1;
	}
	flow->flags |= FLOW_ORIENTED;
	if (!is_answer) {
		flow_count_syn(flow);
		return;
	}
	if (index == flow_server(flow))
		listeners_learn(observer->listeners, &packet->source,
			packet->source_port, packet->time_ns);
	learn_accepted(observer, flow, !index, packet);
	answered_syns_learn(observer->answered_syns, packet);
	flow->flags |= FLOW_SYNACK;
	flow->synack_frame = (uint32_t)packet->frame;
	if (flow_syns(flow) == 1) {
		int64_t elapsed_ns = packet->time_ns - flow->first_ns;

		if (elapsed_ns >= 0) {
			flow->server_rtt_us =
				observe_rtt_us(elapsed_ns) & FLOW_RTT_MOST_US;
			flow->flags |= FLOW_SYN_RTT;
		}
	}
}

#include "probe/experiments/reset_state.h"

#include <stdio.h>

#include "probe/protocol/segment_size.h"

enum { SYN_TOP = 0x3c3c0000, STRAY_TOP = 0x5a5a0000 };

/* tcpmux, which nobody runs, and one of those that are given to no service. */
static const uint16_t unused_ports[] = {1, 47123};

static void ask(struct probe_context *context, uint16_t port, uint32_t number,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);

	if (!probe)
		return;
	probe->kind = PROBE_PACKET_TCP;
	probe->tos = RESET_MARK;
	probe->source_port = context->spare_port;
	probe->target_port = port;
	probe->tcp_flags = TCP_SYN;
	probe->sequence = context->connection->first_sequence + SYN_TOP +
			  (number << 8);
	probe->window = UINT16_MAX;
	probe->mss = segment_mss_of(context->family, context->interface_mtu);
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"reset: does port %u return the traffic class?", port);
}

void reset_stray(struct probe_context *context, unsigned round,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);
	uint32_t first = context->connection->first_sequence + (round << 8);

	if (!probe)
		return;
	probe->kind = PROBE_PACKET_TCP;
	probe->tos = RESET_MARK;
	probe->source_port = context->spare_port;
	probe->target_port = context->port;
	probe->tcp_flags = TCP_ACK;
	probe->sequence = first + SYN_TOP;
	probe->acknowledged = first + STRAY_TOP;
	probe->window = UINT16_MAX;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"reset: is an ACK of no connection answered?");
}

void reset_mark_ports(struct probe_context *context, unsigned round,
	struct tx_queue *tx_queue)
{
	enum { UNUSED = sizeof(unused_ports) / sizeof(unused_ports[0]) };

	ask(context, context->port, round * (UNUSED + 1), tx_queue);
	for (unsigned i = 0; i < UNUSED; i++)
		if (unused_ports[i] != context->port)
			ask(context, unused_ports[i],
				round * (UNUSED + 1) + i + 1, tx_queue);
}

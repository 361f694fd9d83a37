#include "probe/engine/probe_build.h"
#include "capture/numbers.h"
#include "capture/stray_segment.h"

/* Below a server's smallest window, so that stateful firewalls accept the
 * segments as retransmissions and do not reject them as out of window. */
enum {
	MOST_OFFSET = 2048,
	STRAYS_APART = 16, /* a reset may miss its number by a few, if forged */
	UDP_PORT = 33434,
};

uint32_t probe_build_least_bytes(uint8_t family, enum probe_method method)
{
	uint32_t header = ip_header_bytes(family);

	switch (method) {
	case METHOD_TCP:
		return header + TCP_HEADER_BYTES + 8;
	case METHOD_ECHO:
	case METHOD_UDP:
		return header + 8 + 8;
	case METHOD_COUNT:
		break;
	}
	return header;
}

/* Old data: [send_next - offset - n, send_next - offset). No two segments
 * begin and end alike, so that a DSACK or a quote names one of them. Stray ones
 * begin at numbers that lie apart: a reset has no other. */
static void ask_tcp(struct probe_context *context, struct probe_packet *probe)
{
	const struct connection *connection = context->connection;
	uint32_t header = tcp_headers_bytes(context->family);

	probe->kind = PROBE_PACKET_TCP;
	probe->source_port = connection->own_port;
	probe->target_port = connection->target_port;
	probe->tcp_flags = TCP_ACK;
	probe->window = UINT16_MAX;
	probe->acknowledged = connection->receive_next;
	probe->sequence = connection->send_next - context->segment_offset -
			  (probe->ip_bytes - header);
	if (connection->is_stray) {
		probe->sequence = connection->send_next -
				  STRAYS_APART * context->segment_offset;
		probe->acknowledged = stray_segment_complement(probe->sequence);
		probe->window = STRAY_SEGMENT_WINDOW;
	}
	context->segment_offset = (context->segment_offset + 1) % MOST_OFFSET;
}

struct probe_packet *probe_build(struct probe_context *context,
	enum probe_method method, uint32_t ip_bytes, uint8_t ttl,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);
	uint32_t least = probe_build_least_bytes(context->family, method);

	if (!probe)
		return NULL;
	probe->ip_bytes = ip_bytes > least ? ip_bytes : least;
	probe->ttl = ttl;
	switch (method) {
	case METHOD_TCP:
		ask_tcp(context, probe);
		break;
	case METHOD_ECHO:
		probe->kind = PROBE_PACKET_ECHO;
		probe->source_port = context->own_port;
		probe->target_port = context->echo_sequence++;
		break;
	case METHOD_UDP:
	case METHOD_COUNT:
		probe->kind = PROBE_PACKET_UDP;
		probe->source_port = context->own_port;
		probe->target_port = UDP_PORT;
		break;
	}
	return probe;
}

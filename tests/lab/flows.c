#include "flows.h"

#include <string.h>

/* Address and port of one end, as bytes to compare. */
static size_t end_of(const struct frame *frame, bool source, uint8_t *into)
{
	struct tcp_fields tcp = frame_tcp(frame);
	size_t bytes = address_bytes(frame);

	memcpy(into, source ? frame_source(frame) : frame_destination(frame),
		bytes);
	put16(into + bytes, source ? tcp.source : tcp.destination);
	return bytes + 2;
}

struct flow *flows_find(
	struct flows *flows, const struct frame *frame, unsigned *side)
{
	uint8_t source[18], destination[18], key[36];
	size_t bytes;
	uint32_t hash = 2166136261u;

	if (!frame->is_tcp)
		return NULL;
	bytes = end_of(frame, true, source);
	(void)end_of(frame, false, destination); /* same length */
	*side = memcmp(source, destination, bytes) > 0;
	memcpy(key, *side ? destination : source, bytes);
	memcpy(key + bytes, *side ? source : destination, bytes);
	for (size_t i = 0; i < 2 * bytes; i++)
		hash = (hash ^ key[i]) * 16777619u;
	for (unsigned i = 0; i < FLOW_MAXIMUM; i++) {
		struct flow *flow = &flows->flow[(hash + i) % FLOW_MAXIMUM];

		if (!flow->used) {
			flow->used = true;
			flow->key_bytes = 2 * bytes;
			memcpy(flow->key, key, 2 * bytes);
			return flow;
		}
		if (flow->key_bytes == 2 * bytes &&
			memcmp(flow->key, key, 2 * bytes) == 0)
			return flow;
	}
	return NULL;
}

void flow_note(struct flow *flow, unsigned side, const struct frame *frame,
	bool from_far, int64_t now_ns)
{
	struct tcp_fields tcp = frame_tcp(frame);
	struct flow_side *own = &flow->side[side];
	uint32_t next = tcp.sequence + (uint32_t)frame->payload_bytes +
			((tcp.flags & TCP_SYN) != 0) +
			((tcp.flags & TCP_FIN) != 0);

	flow->last_ns = now_ns;
	if (!own->seen || (tcp.flags & TCP_SYN) ||
		(int32_t)(next - own->next_sequence) > 0)
		own->next_sequence = next;
	own->seen = true;
	own->is_far = from_far;
	own->ttl = frame_ttl(frame);
	own->ip_id = frame_ip_id(frame);
	if (tcp.flags & TCP_ACK)
		own->acknowledged = tcp.acknowledgement;
	/* Headers only: the payload plays no part in a forged reset. */
	own->kept_bytes = frame->payload;
	if (own->kept_bytes > FLOW_KEPT_BYTES)
		own->kept_bytes = 0;
	memcpy(own->kept, frame->bytes, own->kept_bytes);
}

/* ICMP errors are joined to the flow whose packet they quote. */
#include "analysis/observe/observe.h"

#include <string.h>

static bool is_too_big(const struct packet *packet)
{
	return packet->family == 4
		       ? packet->icmp_type == ICMP4_UNREACHABLE &&
				 packet->icmp_code == ICMP4_FRAGMENTATION_NEEDED
		       : packet->icmp_type == ICMP6_TOO_BIG;
}

static void note_too_big(struct too_big *too_big, const struct packet *packet)
{
	/* a router that says no size (RFC 792) says that this one was above
	 * it; one that quotes no size says nothing of sizes */
	uint32_t told = packet->icmp_mtu ? packet->icmp_mtu
			: packet->quoted.total_bytes
				? packet->quoted.total_bytes - 1u
				: UINT16_MAX;
	uint16_t mtu = told > UINT16_MAX ? UINT16_MAX : (uint16_t)told;

	if (packet->icmp_mtu)
		too_big->is_mtu_told = true;
	if (too_big->count == 0) {
		too_big->first_frame = (uint32_t)packet->frame;
		too_big->first_ns = packet->time_ns;
		too_big->mtu = mtu;
	}
	if (mtu < too_big->mtu) {
		/* a smaller one: what was sent before it knew nothing of it */
		too_big->mtu = mtu;
		too_big->first_ns = packet->time_ns;
		too_big->larger_after = 0;
	}
	if (too_big->count < UINT16_MAX)
		too_big->count++;
}

void observe_icmp(struct observer *observer, const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;
	struct packet named;
	struct flow_key key;
	struct flow *flow;
	struct evidence *evidence;
	struct packet_note *note;

	if (quoted->family == 0 || quoted->protocol != PROTOCOL_TCP ||
		!quoted->has_ports)
		return;
	memset(&named, 0, sizeof(named));
	named.family = quoted->family;
	named.context = packet->context;
	named.source = quoted->source;
	named.target = quoted->target;
	named.source_port = quoted->source_port;
	named.target_port = quoted->target_port;
	flow_key_of(&named, observer->flows.seed, &key);
	flow = flow_table_find(&observer->flows, &key);
	if (!flow)
		return;
	evidence = observe_evidence(observer, flow);
	if (!evidence)
		return;
	note = &evidence->last_error.note;
	observe_note(observer, note, packet, key.side);
	note->icmp_type = packet->icmp_type;
	note->icmp_code = packet->icmp_code;
	note->icmp_mtu = packet->icmp_mtu > UINT16_MAX
				 ? UINT16_MAX
				 : (uint16_t)packet->icmp_mtu;
	note->sequence = quoted->sequence;
	note->has_sequence = quoted->has_sequence;
	note->payload_bytes = quoted->total_bytes;
	evidence->last_error.from = packet->source;
	if (evidence->error_count < EVIDENCE_ERRORS)
		evidence->errors[evidence->error_count++] =
			evidence->last_error;
	else if (evidence->errors_more < UINT16_MAX)
		evidence->errors_more++;
	if (is_too_big(packet))
		note_too_big(&evidence->too_big[key.side], packet);
}

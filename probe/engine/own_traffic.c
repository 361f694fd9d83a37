#include "probe/engine/own_traffic.h"

#include <string.h>

#include "probe/engine/craft.h"
#include "capture/numbers.h"

struct sent_probe own_traffic_sent_probe(
	uint8_t family, const struct probe_packet *probe)
{
	static const uint8_t protocols[] = {
		[PROBE_PACKET_TCP] = PROTOCOL_TCP,
		[PROBE_PACKET_ECHO] = PROTOCOL_ICMP,
		[PROBE_PACKET_UDP] = PROTOCOL_UDP,
		[PROBE_PACKET_FRAGMENT] = PROTOCOL_ICMP,
		[PROBE_PACKET_TOO_BIG] = PROTOCOL_ICMP,
	};
	uint32_t bytes = probe_packet_bytes(family, probe);
	uint32_t header = ip_header_bytes(family);
	/* Only a first fragment has the header with these fields. */
	bool has_ports =
		probe->kind != PROBE_PACKET_FRAGMENT || probe->offset == 0;
	bool is_v6_icmp =
		family == 6 && protocols[probe->kind] == PROTOCOL_ICMP;

	return (struct sent_probe){
		.ip_bytes = bytes,
		.sequence = probe->sequence,
		.acknowledged = probe->acknowledged,
		.payload_bytes =
			probe->kind == PROBE_PACKET_TCP
				? bytes - header - TCP_HEADER_BYTES -
					  probe_packet_option_bytes(probe)
				: bytes - header - 8,
		.ip_id = probe->ip_id,
		.source_port = has_ports ? probe->source_port : 0,
		.target_port = has_ports ? probe->target_port : 0,
		.tcp_flags = probe->tcp_flags,
		.protocol =
			is_v6_icmp ? PROTOCOL_ICMP6 : protocols[probe->kind],
		.ttl = probe->ttl,
		.tos = probe->tos,
		.is_df = probe->is_df,
		.is_fragment = probe->kind == PROBE_PACKET_FRAGMENT,
		.is_later = probe->kind == PROBE_PACKET_FRAGMENT &&
			    probe->offset > 0,
	};
}

int own_traffic_find(
	const struct own_traffic *own_traffic, const struct packet *packet)
{
	struct sent_probe heard = sent_probe_of_packet(packet);

	for (uint32_t row = 0; row < own_traffic->table->count; row++) {
		const struct sent_probe *sent_probe =
			&own_traffic->table->sent_probe[row];

		if (sent_probe->frame == 0 &&
			sent_probe_is_alike(sent_probe, &heard) &&
			sent_probe->sequence == heard.sequence &&
			sent_probe->source_port == heard.source_port &&
			sent_probe->target_port == heard.target_port &&
			((own_traffic->table->family == 6 &&
				 !sent_probe->is_fragment) ||
				sent_probe->ip_id == heard.ip_id))
			return (int)row;
	}
	return -1;
}

static bool is_own_port(const struct own_traffic *own_traffic, uint16_t port)
{
	for (unsigned i = 0; i < own_traffic->port_count; i++)
		if (own_traffic->ports[i] == port)
			return true;
	return false;
}

static bool is_quote_of_ours(
	const struct own_traffic *own_traffic, const struct quotation *quoted)
{
	const struct probe_table *table = own_traffic->table;
	bool is_to_target = memcmp(&quoted->target, &table->target,
				    sizeof(quoted->target)) == 0;
	bool is_from_us = memcmp(&quoted->source, &table->own,
				  sizeof(quoted->source)) == 0;
	bool is_own = quoted->has_ports &&
		      is_own_port(own_traffic, quoted->source_port);

	if (is_to_target)
		return !quoted->has_ports || is_own ||
		       quoted->target_port == own_traffic->target_port;
	return is_from_us && is_own; /* a NAT changed its destination */
}

bool own_traffic_is_response(
	const struct own_traffic *own_traffic, const struct packet *packet)
{
	const struct probe_table *table = own_traffic->table;
	bool is_from_target = memcmp(&packet->source, &table->target,
				      sizeof(packet->source)) == 0;

	if (packet->family != table->family ||
		memcmp(&packet->target, &table->own, sizeof(packet->target)) !=
			0)
		return false;
	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
	case PACKET_UDP:
		return is_from_target &&
		       is_own_port(own_traffic, packet->target_port);
	case PACKET_FRAGMENT:
		return is_from_target;
	case PACKET_ICMP:
		if (packet->quoted.family)
			return is_quote_of_ours(own_traffic, &packet->quoted);
		return is_from_target &&
		       is_own_port(own_traffic, packet->icmp_id);
	case PACKET_OTHER:
		break;
	}
	return false;
}

bool own_traffic_is_probe(
	const struct own_traffic *own_traffic, const struct packet *packet)
{
	if (!probe_table_is_probe(own_traffic->table, packet))
		return false;
	return packet->kind == PACKET_FRAGMENT ||
	       is_own_port(own_traffic, packet->source_port) ||
	       (packet->kind == PACKET_ICMP &&
		       is_own_port(
			       own_traffic, packet->quoted.family
						    ? packet->quoted.target_port
						    : packet->icmp_id));
}

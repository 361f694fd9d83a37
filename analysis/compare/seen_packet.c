#include "analysis/compare/seen_packet.h"

#include "capture/hash.h"

static uint32_t digest_of(const struct packet *packet)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	uint32_t bytes = packet->payload_bytes < SEEN_PACKET_DIGEST_BYTES
				 ? packet->payload_bytes
				 : SEEN_PACKET_DIGEST_BYTES;

	/* points may cut packets at different lengths */
	if (bytes == 0 || packet->payload_captured < bytes || !packet->payload)
		return 0;
	for (uint32_t i = 0; i < bytes; i++)
		hash = (hash ^ packet->payload[i]) * 16777619u;
	return hash ? hash : 1;
}

struct seen_packet seen_packet_of(const struct packet *packet, uint8_t side)
{
	bool is_cut = packet->quirks &
		      (QUIRK_NO_OPTIONS_SEEN | QUIRK_SHORT | QUIRK_TCP_OPTIONS);

	return (struct seen_packet){
		.time_ns = packet->time_ns,
		.frame = packet->frame,
		.sequence = packet->sequence,
		.acknowledged =
			packet->tcp_flags & TCP_ACK ? packet->acknowledged : 0,
		.timestamp_value = packet->options & OPTION_TIMESTAMP
					   ? packet->timestamp_value
					   : 0,
		.timestamp_echo = packet->options & OPTION_TIMESTAMP
					  ? packet->timestamp_echo
					  : 0,
		.digest = digest_of(packet),
		.payload_bytes = packet->payload_bytes,
		.flags = packet->tcp_flags,
		.window = packet->window,
		.ip_id = packet->family == 4 ? packet->ip_id : 0,
		.mss = packet->options & OPTION_MSS ? packet->mss : 0,
		.options = packet->options,
		.ttl = packet->ttl,
		.tos = packet->tos,
		.window_scale = packet->options & OPTION_WINDOW_SCALE
					? packet->window_scale
					: 0,
		.side = side & 1u,
		.is_df = packet->is_df,
		.is_v6 = packet->family == 6,
		.is_option_cut = is_cut,
	};
}

uint64_t seen_packet_identity(const struct seen_packet *packet)
{
	uint64_t hash = hash_mixed(
		packet->flags & (TCP_SYN | TCP_FIN | TCP_RST),
		(uint64_t)packet->sequence << 32 | packet->acknowledged);

	hash = hash_mixed(hash, (uint64_t)packet->timestamp_value << 32 |
					packet->payload_bytes);
	hash = hash_mixed(hash, packet->ip_id);
	return hash ? hash : 1;
}

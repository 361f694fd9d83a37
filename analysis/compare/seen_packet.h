/* One TCP packet as one capture point recorded it: what tells it from others,
 * and what a device on the way may change. */
#ifndef ANALYSIS_COMPARE_SEEN_PACKET_H
#define ANALYSIS_COMPARE_SEEN_PACKET_H

#include "capture/packet.h"

enum { SEEN_PACKET_DIGEST_BYTES = 32 };

struct seen_packet {
	int64_t time_ns;
	uint64_t frame;
	uint32_t sequence, acknowledged;
	uint32_t timestamp_value, timestamp_echo; /* 0 without the option */
	uint32_t digest; /* of the first payload bytes; 0: too few captured */
	uint32_t payload_bytes;
	uint32_t track; /* index of its connection at its point */
	uint32_t next;	/* index + 1 of the track's next one; 0: none */
	uint16_t flags, window, ip_id, mss, options;
	uint8_t ttl, tos, window_scale;
	uint8_t side : 1; /* that sent it, as in the flow's key */
	uint8_t is_df : 1;
	uint8_t is_v6 : 1;
	uint8_t is_option_cut : 1; /* options were not captured whole */
	uint8_t is_taken : 1;	   /* another lane has it too */
};
static_assert(sizeof(struct seen_packet) <= 64, "one cache line");

struct seen_packet seen_packet_of(const struct packet *packet, uint8_t side);

/* Sequence numbers that it takes: payload, SYN and FIN. */
static inline uint32_t seen_packet_length(const struct seen_packet *packet)
{
	return packet->payload_bytes + !!(packet->flags & TCP_SYN) +
	       !!(packet->flags & TCP_FIN);
}

static inline uint32_t seen_packet_end(const struct seen_packet *packet)
{
	return packet->sequence + seen_packet_length(packet);
}

/* Hash of what neither routers nor most NATs change; never 0. */
uint64_t seen_packet_identity(const struct seen_packet *packet);

/* Do the first bytes of both payloads differ? Only known where both were
 * captured, and both digests are of as many bytes. */
static inline bool seen_packet_differs_in_payload(
	const struct seen_packet *one, const struct seen_packet *other)
{
	bool is_comparable =
		one->payload_bytes == other->payload_bytes ||
		(one->payload_bytes >= SEEN_PACKET_DIGEST_BYTES &&
			other->payload_bytes >= SEEN_PACKET_DIGEST_BYTES);

	return is_comparable && one->digest && other->digest &&
	       one->digest != other->digest;
}

#endif

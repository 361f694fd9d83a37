/* The fields of a packet that a report shows. */
#ifndef ANALYSIS_OBSERVE_PACKET_SUMMARY_H
#define ANALYSIS_OBSERVE_PACKET_SUMMARY_H

#include "capture/packet.h"

struct packet_summary {
	int64_t time_ns;
	uint32_t frame; /* low 32 bits; 0: there is none */
	uint32_t payload_bytes;
	uint16_t tcp_flags;
	uint8_t ttl;
};

static inline struct packet_summary packet_summary_of(
	const struct packet *packet)
{
	return (struct packet_summary){
		.time_ns = packet->time_ns,
		.frame = (uint32_t)packet->frame,
		.payload_bytes = packet->payload_bytes,
		.tcp_flags = packet->tcp_flags,
		.ttl = packet->ttl,
	};
}

#endif

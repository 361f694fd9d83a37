/* What follows from a packet's other fields when the packet was not decoded
 * from bytes but written down. */
#ifndef TESTS_SUPPORT_PACKET_DERIVED_H
#define TESTS_SUPPORT_PACKET_DERIVED_H

#include "capture/packet.h"

/* What packet_decode would say of the bytes that packet_encode makes. */
struct packet_derived {
	uint32_t quirks;
	uint32_t ip_bytes;
	uint32_t option_order;
	uint8_t option_bytes;
	uint8_t tcp_header_bytes;
	uint8_t protocol;
};

/* False when the TCP options don't fit together into 40 bytes in the usual
 * layout; then all is as without options. */
bool packet_derive(const struct packet *packet, struct packet_derived *derived);

#endif

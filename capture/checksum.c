#include "capture/checksum.h"

#include "capture/byte_writer.h"

enum { ALL_ONES = 0xffff };

bool tcp_checksum_is_right(const struct packet *packet)
{
	uint32_t address_bytes = address_bytes_of(packet->family);
	uint32_t length = packet->tcp_header_bytes + packet->payload_bytes;

	if (packet->kind != PACKET_TCP || !packet->segment ||
		!packet->payload || /* the snap length cut its options */
		packet->payload_captured != packet->payload_bytes ||
		packet->is_first_fragment)
		return false;
	uint32_t sum = bytes_sum(packet->segment, length) +
		       bytes_sum(packet->source.bytes, address_bytes) +
		       bytes_sum(packet->target.bytes, address_bytes) + length +
		       PROTOCOL_TCP;

	while (sum >> 16)
		sum = (sum & ALL_ONES) + (sum >> 16);
	return sum == ALL_ONES;
}

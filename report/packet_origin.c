#include "report/packet_origin.h"

#include "capture/packet.h"

bool packet_is_from_device(const struct incident *incident, uint64_t frame,
	uint16_t tcp_flags, uint8_t ttl, bool is_from_client)
{
	if (incident->sender != PARTY_MIDDLEBOX)
		return false;
	if (frame == incident->frame)
		return true;
	for (unsigned i = 0; i < incident->excerpt_count; i++) {
		const struct packet_excerpt *fatal = &incident->excerpts[i];

		if (fatal->frame == incident->frame &&
			(fatal->tcp_flags & tcp_flags & TCP_RST) &&
			fatal->is_from_client == is_from_client)
			return incident_same_distance(fatal->ttl, ttl);
	}
	return false;
}

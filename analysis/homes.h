/* Where packets enter the recording: interfaces, and devices that one interface
 * stands for (`any`), numbered as they appear. */
#ifndef ANALYSIS_HOMES_H
#define ANALYSIS_HOMES_H

#include "capture/packet.h"

enum { HOMES_MOST = 64 };

struct homes {
	uint64_t places[HOMES_MOST]; /* interface above, device below */
	uint64_t last_place;
	uint8_t last_number;
	uint8_t count;
};

/* The number of a place that was not the last one. Those that come after the
 * first 63 all have the last number. */
uint8_t homes_number(struct homes *homes, uint64_t place);

/* Eight bits: the place, and whether the packet came in or went out. */
static inline uint8_t homes_of_packet(
	struct homes *homes, const struct packet *packet)
{
	uint64_t place = (uint64_t)packet->interface << 32 | packet->device;

	if (place != homes->last_place || homes->count == 0) {
		homes->last_number = homes_number(homes, place);
		homes->last_place = place;
	}
	return (uint8_t)(homes->last_number << 2 | (packet->direction & 3));
}

#endif

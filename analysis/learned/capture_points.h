/* Where packets enter the recording: interfaces, and devices that one interface
 * stands for (`any`), numbered as they appear. */
#ifndef ANALYSIS_LEARNED_CAPTURE_POINTS_H
#define ANALYSIS_LEARNED_CAPTURE_POINTS_H

#include "capture/frame.h"
#include "capture/packet.h"

enum { CAPTURE_POINTS_MOST = 64, DIRECTION_BITS = 2 };
static_assert(FRAME_DIRECTION_COUNT <= 1 << DIRECTION_BITS &&
		      CAPTURE_POINTS_MOST << DIRECTION_BITS <= UINT8_MAX + 1,
	"place and direction fit a byte");

struct capture_points {
	uint64_t
		places[CAPTURE_POINTS_MOST]; /* interface above, device below */
	uint64_t last_place;
	uint8_t last_number;
	uint8_t count;
};

/* The number of a place that was not the last one. Those that come after the
 * first 63 all have the last number. */
uint8_t capture_points_number(
	struct capture_points *capture_points, uint64_t place);

/* `device` as in struct packet. */
static inline uint64_t capture_points_place(
	uint32_t interface, uint32_t device)
{
	return (uint64_t)interface << 32 | device;
}

/* Eight bits: the place, and whether the packet came in or went out. */
static inline uint8_t capture_points_of(struct capture_points *capture_points,
	uint64_t place, uint8_t direction)
{
	if (place != capture_points->last_place || capture_points->count == 0) {
		capture_points->last_number =
			capture_points_number(capture_points, place);
		capture_points->last_place = place;
	}
	return (uint8_t)(capture_points->last_number << DIRECTION_BITS |
			 direction);
}

static inline uint8_t capture_points_of_packet(
	struct capture_points *capture_points, const struct packet *packet)
{
	return capture_points_of(capture_points,
		capture_points_place(packet->interface, packet->device),
		packet->direction);
}

static inline unsigned capture_point_interface(uint8_t capture_point)
{
	return capture_point >> DIRECTION_BITS;
}

static inline enum frame_direction capture_point_way(uint8_t capture_point)
{
	return (enum frame_direction)(
		capture_point & ((1 << DIRECTION_BITS) - 1));
}

#endif

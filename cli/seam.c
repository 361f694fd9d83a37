#include "cli/seam.h"

#include "analysis/learned/shared_packets.h"
#include "capture/decode/packet_decode.h"

enum { BOTH_DIRECTIONS = 3 };

static bool identify(struct seam_packet *row, const struct frame *frame)
{
	struct packet packet;

	packet_decode(frame, &packet);
	if (packet.kind != PACKET_TCP)
		return false;
	row->identity = shared_packet_identity(&packet);
	row->direction = shared_packet_direction(&packet);
	row->time_ns = frame->time_ns;
	return true;
}

void seam_begin(struct seam_head *head, const struct batch *batch)
{
	head->count = 0;
	for (uint32_t i = 0; i < batch->count && head->count < SEAM_HEAD; i++)
		head->count += identify(
			&head->row[head->count], &batch->frames[i]);
}

void seam_add(struct seam_tail *tail, const struct frame *frame)
{
	tail->count +=
		identify(&tail->row[tail->count % SEAM_TAIL], frame);
}

/* A bit for the packet's direction if it is among these, else 0. */
static unsigned direction_met(const struct seam_packet *packet,
	const struct seam_packet *among, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (among[i].identity == packet->identity)
			return 1u << packet->direction;
	return 0;
}

bool seam_is_shared(const struct seam_tail *tail, const struct seam_head *head,
	int64_t last_ns)
{
	unsigned count = tail->count < SEAM_TAIL ? (unsigned)tail->count
						 : SEAM_TAIL;
	unsigned twice = 0, shared = 0;

	for (unsigned i = 0; i < count; i++)
		twice |= direction_met(&tail->row[i], tail->row, i);
	for (unsigned i = 0; i < head->count; i++)
		if (head->row[i].time_ns < last_ns)
			shared |= direction_met(
				&head->row[i], tail->row, count);
	return shared == BOTH_DIRECTIONS && twice != BOTH_DIRECTIONS;
}

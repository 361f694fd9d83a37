/* The packets of a capture, in memory. */
#ifndef TESTS_SUPPORT_CAPTURE_PACKETS_H
#define TESTS_SUPPORT_CAPTURE_PACKETS_H

#include "capture/failure.h"
#include "capture/packet.h"

struct capture_packets {
	struct packet *packets;
	uint8_t **payloads; /* of the packets; NULL: none was captured */
	uint32_t count, room, payload_room;
	char comment[512]; /* of the first section */
};

/* What precedes a cut, where the capture has one. False and a sentence when it
 * can't be read; either way to be freed. */
bool capture_packets_read(struct capture_packets *list, const char *path,
	struct failure *failure);
void capture_packets_free(struct capture_packets *list);

#endif

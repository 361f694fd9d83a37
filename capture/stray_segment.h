/* Segments of data of no connection, which culprit sends to see which sizes
 * pass on the way, acknowledge the complement of their own sequence number, and
 * have a window of their own: that tells them from a connection's, and each
 * from the others. Who receives one resets it with the number that it
 * acknowledges (RFC 9293, 3.10.7.1 and 3.10.7.2). */
#ifndef CAPTURE_STRAY_SEGMENT_H
#define CAPTURE_STRAY_SEGMENT_H

#include <stdint.h>

enum { STRAY_SEGMENT_WINDOW = 46237 };

/* Of its sequence number; and the other way round. */
static inline uint32_t stray_segment_complement(uint32_t number)
{
	return ~number;
}

#endif

/* TCP sequence numbers live on a circle of 2^32 (RFC 9293, 3.4): they are
 * compared by the sign of their distance, never by value. */
#ifndef CAPTURE_SEQUENCE_H
#define CAPTURE_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* How far b lies ahead of a; negative when it lies behind. */
static inline int32_t sequence_distance(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a);
}

static inline bool sequence_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool sequence_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

#endif

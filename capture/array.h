/* The one way to grow an array. */
#ifndef CAPTURE_ARRAY_H
#define CAPTURE_ARRAY_H

#include <stdint.h>
#include <stdlib.h>

/* Room for one more than `count` elements: twice as many, 16 at first. Returns
 * the array, which may have moved; NULL without memory, and then `array` and
 * `*capacity` are as they were. */
static inline void *array_grown(
	void *array, uint64_t count, uint32_t *capacity, size_t element_bytes)
{
	uint32_t wanted = *capacity ? *capacity * 2 : 16;
	void *grown;

	if (count < *capacity)
		return array;
	if (wanted < *capacity) /* 2^32 elements */
		return NULL;
	grown = reallocarray(array, wanted, element_bytes);
	if (grown)
		*capacity = wanted;
	return grown;
}

#endif

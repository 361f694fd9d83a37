/* The one way to grow an array, and to sort numbers. */
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

static inline int array_compare(const void *one, const void *other)
{
	const int64_t *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

/* The least first. */
static inline void array_sort(int64_t *numbers, size_t count)
{
	qsort(numbers, count, sizeof(*numbers), array_compare);
}

#endif

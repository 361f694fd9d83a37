#include "analysis/observe/packed.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* Nearly all groups of nearly all objects are zeros. */
static bool is_zero(const char group[PACKED_GROUP * 4])
{
	uint64_t words[PACKED_GROUP / 2], any = 0;

	memcpy(words, group, sizeof(words));
	for (unsigned i = 0; i < PACKED_GROUP / 2; i++)
		any |= words[i];
	return any == 0;
}

static uint32_t mask_of(const uint32_t *words, unsigned count)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < count; i++)
		mask |= (uint32_t)(words[i] != 0) << i;
	return mask;
}

static unsigned group_words(size_t words, unsigned group)
{
	size_t left = words - (size_t)group * PACKED_GROUP;

	return left < PACKED_GROUP ? (unsigned)left : PACKED_GROUP;
}

size_t packed_write(const void *object, size_t bytes, uint32_t *packed)
{
	size_t words = bytes / 4, at = 1;
	uint32_t groups = 0;

	assert(bytes % 4 == 0 && words <= PACKED_WORDS_MOST);
	for (unsigned group = 0; group * PACKED_GROUP < words; group++) {
		uint32_t own[PACKED_GROUP];
		unsigned count = group_words(words, group);
		const char *from =
			(const char *)object + (size_t)group * sizeof(own);
		uint32_t mask;

		if (count == PACKED_GROUP && is_zero(from))
			continue;
		memcpy(own, from, count * sizeof(own[0]));
		mask = mask_of(own, count);
		if (mask == 0)
			continue;
		groups |= (uint32_t)1 << group;
		packed[at++] = mask;
		for (; mask; mask &= mask - 1)
			packed[at++] = own[__builtin_ctz(mask)];
	}
	packed[0] = groups;
	return at;
}

size_t packed_read(const uint32_t *packed, void *object, size_t bytes)
{
	assert(bytes % 4 == 0 && bytes / 4 <= PACKED_WORDS_MOST);
	memset(object, 0, bytes);
	return packed_read_over_zeros(packed, object);
}

size_t packed_read_over_zeros(const uint32_t *packed, void *object)
{
	size_t at = 1;

	for (uint32_t groups = packed[0]; groups; groups &= groups - 1) {
		char *own = (char *)object +
			    (size_t)__builtin_ctz(groups) * PACKED_GROUP * 4;

		for (uint32_t mask = packed[at++]; mask; mask &= mask - 1)
			memcpy(own + (size_t)__builtin_ctz(mask) * 4,
				&packed[at++], 4);
	}
	return at;
}

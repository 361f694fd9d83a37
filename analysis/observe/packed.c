#include "analysis/observe/packed.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define BITS_FROM(i)                                                           \
	1u << (i), 1u << ((i) + 1), 1u << ((i) + 2), 1u << ((i) + 3)

/* Nearly all groups of nearly all objects: seen without a copy. */
static bool is_zero(const char *group)
{
	static const uint32_t zeros[PACKED_GROUP];

	return memcmp(group, zeros, sizeof(zeros)) == 0;
}

/* Which of the words are not zero. Compilers look at four words at once, as
 * there is no branch. */
static uint32_t mask_of(const uint32_t words[PACKED_GROUP])
{
	static const uint32_t bits[PACKED_GROUP] = {BITS_FROM(0), BITS_FROM(4),
		BITS_FROM(8), BITS_FROM(12), BITS_FROM(16), BITS_FROM(20),
		BITS_FROM(24), BITS_FROM(28)};
	uint32_t mask = 0;

	for (unsigned i = 0; i < PACKED_GROUP; i++)
		mask |= words[i] ? bits[i] : 0;
	return mask;
}

/* The group's words, with zeros behind the object's last. */
static void read_group(const void *object, size_t bytes, unsigned group,
	uint32_t words[PACKED_GROUP])
{
	size_t at = (size_t)group * PACKED_GROUP * 4;
	const char *from = (const char *)object + at;

	if (bytes - at >= (size_t)PACKED_GROUP * 4) {
		memcpy(words, from, (size_t)PACKED_GROUP * 4);
		return;
	}
	memset(words, 0, (size_t)PACKED_GROUP * 4);
	memcpy(words, from, bytes - at);
}

size_t packed_write(const void *object, size_t bytes, uint32_t *packed)
{
	size_t at = 1;
	uint32_t groups = 0;

	assert(bytes % 4 == 0 && bytes / 4 <= PACKED_WORDS_MOST);
	for (unsigned group = 0; (size_t)group * PACKED_GROUP * 4 < bytes;
		group++) {
		size_t begin = (size_t)group * PACKED_GROUP * 4;
		uint32_t own[PACKED_GROUP], mask;

		if (bytes - begin >= sizeof(own) &&
			is_zero((const char *)object + begin))
			continue;
		read_group(object, bytes, group, own);
		mask = mask_of(own);
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

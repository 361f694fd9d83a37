#include "analysis/learned/closed_numbers.h"

#include <stdlib.h>

static uint64_t mixed(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15u) *
		(b ^ 0xc2b2ae3d27d4eb4fu);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t mark_of(
	const uint64_t identity[2], unsigned side, uint32_t number)
{
	uint64_t name = mixed(identity[0], identity[1]);

	return mixed(name, (uint64_t)number << 1 | side) | 1;
}

static uint64_t *place_of(const struct closed_numbers *numbers, uint64_t mark)
{
	return &numbers->marks[(mark >> 32) & numbers->mask];
}

bool closed_numbers_init(struct closed_numbers *numbers, uint32_t capacity)
{
	numbers->marks = calloc(capacity, sizeof(*numbers->marks));
	numbers->mask = capacity - 1;
	return numbers->marks != NULL;
}

void closed_numbers_release(struct closed_numbers *numbers)
{
	free(numbers->marks);
}

void closed_numbers_learn(struct closed_numbers *numbers,
	const uint64_t identity[2], unsigned side, uint32_t next)
{
	uint64_t mark = mark_of(identity, side, next);

	*place_of(numbers, mark) = mark;
}

bool closed_numbers_know(const struct closed_numbers *numbers,
	const uint64_t identity[2], unsigned side, uint32_t sequence)
{
	for (uint32_t i = 0; i < 2; i++) {
		uint64_t mark = mark_of(identity, side, sequence + i);

		if (*place_of(numbers, mark) == mark)
			return true;
	}
	return false;
}

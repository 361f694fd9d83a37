#include "analysis/flow/budget.h"

#include <assert.h>

/* One part of so many is put by. */
static const uint8_t put_by[] = {
	[BUDGET_FLOWS] = 3,
	[BUDGET_DOSSIERS] = 20,
	[BUDGET_RECORDS] = 6,
};
static_assert(sizeof(put_by) == BUDGET_SHARE_COUNT, "something for each");

void budget_init(struct budget *budget, uint64_t most_bytes)
{
	*budget = (struct budget){.most_bytes = most_bytes};
}

void budget_leave(struct budget *budget, uint64_t bytes)
{
	if (budget->most_bytes == UINT64_MAX)
		return;
	budget->most_bytes -=
		bytes < budget->most_bytes / 2 ? bytes : budget->most_bytes / 2;
}

uint64_t budget_reserve(const struct budget *budget, enum budget_share share)
{
	return budget->most_bytes / put_by[share];
}

bool budget_has_room(
	const struct budget *budget, enum budget_share share, uint64_t bytes)
{
	uint64_t sum = bytes + budget->used_bytes[share];

	for (int i = 0; i < BUDGET_SHARE_COUNT; i++) {
		uint64_t reserve = budget_reserve(budget, (enum budget_share)i);

		if (i != (int)share)
			sum += budget->used_bytes[i] > reserve
				       ? budget->used_bytes[i]
				       : reserve;
	}
	return budget->most_bytes == UINT64_MAX || sum <= budget->most_bytes;
}

bool budget_take(struct budget *budget, enum budget_share share, uint64_t bytes)
{
	if (!budget_has_room(budget, share, bytes))
		return false;
	budget->used_bytes[share] += bytes;
	return true;
}

void budget_take_anyway(
	struct budget *budget, enum budget_share share, uint64_t bytes)
{
	budget->used_bytes[share] += bytes;
}

void budget_give(struct budget *budget, enum budget_share share, uint64_t bytes)
{
	assert(bytes <= budget->used_bytes[share]);
	budget->used_bytes[share] -= bytes;
}

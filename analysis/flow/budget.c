#include "analysis/flow/budget.h"

#include <assert.h>

enum { LEAST_FLOWS = 1000000, BYTES_PER_FLOW = 232 };

/* One part of so many is put by. A million flows of IPv4 with their index are
 * 209.7 MB in whole slabs, nine tenths of the budget. */
static const uint8_t put_by[] = {
	[BUDGET_FLOWS] = 3,
	[BUDGET_DOSSIERS] = 20,
	[BUDGET_RECORDS] = 25,
};
static_assert(sizeof(put_by) == BUDGET_SHARE_COUNT, "something for each");

void budget_init(struct budget *budget, uint64_t max_flows)
{
	*budget = (struct budget){.most_bytes = UINT64_MAX};
	if (max_flows < LEAST_FLOWS)
		max_flows = LEAST_FLOWS;
	if (max_flows < UINT64_MAX / BYTES_PER_FLOW)
		budget->most_bytes = max_flows * BYTES_PER_FLOW;
}

bool budget_take(struct budget *budget, enum budget_share share, uint64_t bytes)
{
	uint64_t sum = bytes + budget->used_bytes[share];

	for (int i = 0; i < BUDGET_SHARE_COUNT; i++) {
		uint64_t reserve = budget->most_bytes / put_by[i];

		if (i != (int)share)
			sum += budget->used_bytes[i] > reserve
				       ? budget->used_bytes[i]
				       : reserve;
	}
	if (budget->most_bytes != UINT64_MAX && sum > budget->most_bytes)
		return false;
	budget->used_bytes[share] += bytes;
	return true;
}

void budget_give(struct budget *budget, enum budget_share share, uint64_t bytes)
{
	assert(bytes <= budget->used_bytes[share]);
	budget->used_bytes[share] -= bytes;
}

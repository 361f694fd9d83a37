#include "analysis/verdict/group_tally.h"

#include <stdlib.h>
#include <string.h>

static int by_place(const void *left, const void *right)
{
	const struct group_tally *a = left, *b = right;
	int order = a->is_taken - b->is_taken;

	if (order == 0)
		order = a->family - b->family;
	if (order == 0)
		order = memcmp(&a->address, &b->address, sizeof(a->address));
	if (order == 0)
		order = memcmp(&a->client_network, &b->client_network,
			sizeof(a->client_network));
	if (order == 0)
		order = a->port - b->port;
	return order;
}

void group_tally_sort(struct group_tally *tallies, uint32_t count)
{
	qsort(tallies, count, sizeof(*tallies), by_place);
}

uint32_t group_tally_run(const struct group_tally *tallies, uint32_t first,
	uint32_t count, uint64_t *incidents)
{
	uint32_t end = first;

	*incidents = 0;
	while (end < count && by_place(&tallies[first], &tallies[end]) == 0)
		*incidents += tallies[end++].incidents;
	return end;
}

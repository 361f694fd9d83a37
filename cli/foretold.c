#include "cli/foretold.h"

#include <stdlib.h>

#include "capture/array.h"

static uint32_t *chain_of(struct foretold_list *list, uint64_t frame)
{
	return &list->first[frame % FORETOLD_MOST];
}

static bool is_same_flow(
	const struct flow_name *one, const struct flow_name *other)
{
	return endpoint_is_same(&one->client, &other->client) &&
	       endpoint_is_same(&one->server, &other->server) &&
	       one->family == other->family &&
	       one->is_guessed == other->is_guessed &&
	       one->tunnel == other->tunnel;
}

struct foretold *foretold_find(
	struct foretold_list *list, const struct incident *incident)
{
	for (uint32_t i = *chain_of(list, incident->frame); i;
		i = list->entries[i - 1].next) {
		struct foretold *entry = &list->entries[i - 1];

		if (entry->frame == incident->frame &&
			entry->mechanism == incident->mechanism &&
			is_same_flow(&entry->name, &incident->flow))
			return entry;
	}
	return NULL;
}

bool foretold_add(struct foretold_list *list, const struct incident *incident,
	const struct foreseen_flow *flow)
{
	uint32_t *chain = chain_of(list, incident->frame);
	struct foretold *grown;

	if (list->count == FORETOLD_MOST)
		return false;
	grown = array_grown(
		list->entries, list->count, &list->room, sizeof(*grown));
	if (!grown)
		return false;
	list->entries = grown;
	list->entries[list->count] = (struct foretold){
		.name = incident->flow,
		.flow = *flow,
		.frame = incident->frame,
		.time_ns = incident->time_ns,
		.mechanism = incident->mechanism,
		.culprit = incident->culprit,
		.next = *chain,
	};
	*chain = ++list->count;
	return true;
}

/* What leads to it: its chain's beginning, or the entry before it. */
static uint32_t *link_to(
	struct foretold_list *list, const struct foretold *entry)
{
	uint32_t place = (uint32_t)(entry - list->entries) + 1;
	uint32_t *link = chain_of(list, entry->frame);

	while (*link != place)
		link = &list->entries[*link - 1].next;
	return link;
}

void foretold_remove(struct foretold_list *list, struct foretold *entry)
{
	struct foretold *last = &list->entries[list->count - 1];

	*link_to(list, entry) = entry->next;
	if (entry != last) {
		*link_to(list, last) = (uint32_t)(entry - list->entries) + 1;
		*entry = *last;
	}
	list->count--;
}

void foretold_release(struct foretold_list *list)
{
	free(list->entries);
	list->entries = NULL;
}

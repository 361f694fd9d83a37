#include "cli/foretold.h"

#include <stdlib.h>

#include "capture/array.h"

static uint32_t *chain_of(struct foretold_list *list, uint64_t frame)
{
	return &list->first[frame % FORETOLD_CHAINS];
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

/* The place + 1 of an entry that is free; 0 without memory. */
static uint32_t free_place(struct foretold_list *list)
{
	struct foretold *grown;
	uint32_t place = list->first_free;

	if (place) {
		list->first_free = list->entries[place - 1].next;
		return place;
	}
	grown = array_grown(
		list->entries, list->count, &list->room, sizeof(*grown));
	if (!grown)
		return 0;
	list->entries = grown;
	return ++list->count;
}

bool foretold_add(struct foretold_list *list, const struct incident *incident,
	const struct foreseen_flow *flow)
{
	uint32_t *chain = chain_of(list, incident->frame);
	uint32_t place = free_place(list);

	if (!place)
		return false;
	list->entries[place - 1] = (struct foretold){
		.name = incident->flow,
		.flow = *flow,
		.frame = incident->frame,
		.time_ns = incident->time_ns,
		.mechanism = incident->mechanism,
		.culprit = incident->culprit,
		.next = *chain,
	};
	*chain = place;
	return true;
}

void foretold_remove(struct foretold_list *list, struct foretold *entry)
{
	uint32_t place = (uint32_t)(entry - list->entries) + 1;
	uint32_t *link = chain_of(list, entry->frame);

	while (*link != place)
		link = &list->entries[*link - 1].next;
	*link = entry->next;
	entry->next = list->first_free;
	entry->is_free = true;
	list->first_free = place;
}

void foretold_release(struct foretold_list *list)
{
	free(list->entries);
	list->entries = NULL;
}

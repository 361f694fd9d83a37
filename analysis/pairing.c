#include "analysis/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "capture/numbers.h"
#include "capture/sequence.h"

enum {
	BY_ENDPOINTS,
	BY_ISN,
	BY_FIRST_PACKET, /* what began without a SYN, from one side */
	/* what a connection without a SYN may have moved on from one point's
	 * first packet to the other's last: RFC 7323's largest window */
	FAR_APART_BYTES = 1 << 30,
	FEW = 64,	 /* entries looked at in a chain, or for one to go */
	SAME_TIME_S = 5, /* a SYN's delay and what clocks are apart */
};

bool pairing_init(struct pairing *pairing)
{
	*pairing = (struct pairing){.place_count = 1};
	for (unsigned i = 0; i < PAIRING_CHAINS; i++) {
		pairing->heads[i] =
			calloc(PAIRING_BUCKETS, sizeof(*pairing->heads[i]));
		if (pairing->heads[i])
			continue;
		pairing_release(pairing);
		return false;
	}
	return true;
}

void pairing_release(struct pairing *pairing)
{
	for (unsigned i = 0; i < PAIRING_CHAINS; i++)
		free(pairing->heads[i]);
	free(pairing->entries);
	*pairing = (struct pairing){.entries = NULL};
}

static unsigned client_of(const struct conn_view *view)
{
	return (view->flags & FLOW_CLIENT_IS_1) != 0;
}

static bool has_isn(const struct conn_view *view, unsigned side)
{
	return view->side[side].flags & SIDE_SYN;
}

static uint32_t numbers_bucket(uint32_t sequence, uint32_t acknowledged)
{
	uint32_t hash = (sequence * 0x9e3779b1u ^ acknowledged) * 0x85ebca6bu;

	return (hash >> 16) % PAIRING_BUCKETS;
}

/* The only side that sent anything, resets apart, and did not begin with a SYN;
 * false: there is no such side. */
static bool lone_side(const struct conn_view *view, unsigned *side)
{
	bool is_seen[2];

	for (unsigned i = 0; i < 2; i++)
		is_seen[i] = view->side[i].packets != 0;
	*side = is_seen[1];
	return is_seen[0] != is_seen[1] && !has_isn(view, *side);
}

/* The chain's bucket; false: this view is in none of that kind. */
static bool bucket_of(
	const struct conn_view *view, unsigned chain, uint32_t *bucket)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	unsigned client = client_of(view);

	if (chain == BY_ISN) {
		hash = view->side[client].first_sequence * 0x9e3779b1u;
		*bucket = (hash >> 16) % PAIRING_BUCKETS;
		return has_isn(view, client);
	}
	if (chain == BY_FIRST_PACKET) {
		unsigned side;
		bool is_one = lone_side(view, &side);

		*bucket = numbers_bucket(view->side[side].first_sequence,
			view->side[side].acked);
		return is_one;
	}
	for (unsigned i = 0; i < 2; i++) {
		const uint8_t *bytes = view->address[i].bytes;

		for (unsigned j = 0; j < sizeof(view->address[i].bytes); j++)
			hash = (hash ^ bytes[j]) * 16777619u;
		hash = (hash ^ view->port[i]) * 16777619u;
	}
	*bucket = (hash ^ hash >> 16) % PAIRING_BUCKETS;
	return true;
}

static void link_entry(struct pairing *pairing, uint32_t index)
{
	struct pairing_entry *entry = &pairing->entries[index];
	uint32_t bucket;

	for (unsigned i = 0; i < PAIRING_CHAINS; i++) {
		uint32_t *head;

		if (!bucket_of(&entry->view, i, &bucket))
			continue;
		head = &pairing->heads[i][bucket];
		if (*head)
			pairing->entries[*head - 1].before[i] = index + 1;
		entry->next[i] = *head;
		entry->before[i] = 0;
		*head = index + 1;
	}
}

static void remove_entry(struct pairing *pairing, uint32_t index)
{
	struct pairing_entry *entry = &pairing->entries[index];
	uint32_t bucket;

	for (unsigned i = 0; i < PAIRING_CHAINS; i++) {
		if (!bucket_of(&entry->view, i, &bucket))
			continue;
		if (entry->before[i])
			pairing->entries[entry->before[i] - 1].next[i] =
				entry->next[i];
		else
			pairing->heads[i][bucket] = entry->next[i];
		if (entry->next[i])
			pairing->entries[entry->next[i] - 1].before[i] =
				entry->before[i];
	}
	entry->next[0] = pairing->free;
	pairing->free = index + 1;
}

static bool is_same_endpoint(const struct conn_view *one, unsigned side,
	const struct conn_view *other, unsigned side_there)
{
	return one->port[side] == other->port[side_there] &&
	       memcmp(&one->address[side], &other->address[side_there],
		       sizeof(one->address[side])) == 0;
}

/* Do the numbers of this side agree, as far as both know them? `*is_isn`: both
 * saw the first of all. */
static bool agrees(const struct conn_view *one, unsigned side,
	const struct conn_view *other, unsigned side_there, bool *is_isn)
{
	const struct view_side *a = &one->side[side];
	const struct view_side *b = &other->side[side_there];
	int32_t apart = sequence_distance(a->next, b->next);

	*is_isn = a->flags & b->flags & SIDE_SYN;
	if (*is_isn)
		return a->first_sequence == b->first_sequence;
	if (!(a->flags & b->flags & SIDE_SEEN))
		return true;
	return apart < FAR_APART_BYTES && apart > -FAR_APART_BYTES;
}

static bool is_same_time(const struct pairing *pairing,
	const struct conn_view *one, const struct conn_view *other)
{
	int64_t apart_ns;

	/* times of frames may be absurd */
	if (__builtin_sub_overflow(
		    one->first_ns - pairing->offset_ns[one->place],
		    other->first_ns - pairing->offset_ns[other->place],
		    &apart_ns))
		return false;
	return apart_ns <= SAME_TIME_S * SECOND_NS &&
	       apart_ns >= -SAME_TIME_S * SECOND_NS;
}

static bool is_same_connection(const struct pairing *pairing,
	const struct conn_view *one, const struct conn_view *other,
	struct conn_link *link)
{
	bool is_isn[2], is_same[2];
	unsigned isns = 0, endpoints = 0;
	unsigned client = client_of(one);

	link->is_swapped = false;
	if (!is_same_endpoint(one, 0, other, 0) ||
		!is_same_endpoint(one, 1, other, 1))
		link->is_swapped = client != client_of(other);
	for (unsigned i = 0; i < 2; i++) {
		unsigned there = conn_link_side(link, i);

		if (!agrees(one, i, other, there, &is_isn[i]))
			return false;
		is_same[i] = is_same_endpoint(one, i, other, there);
		isns += is_isn[i];
		endpoints += is_same[i];
	}
	link->is_translated = endpoints < 2;
	return endpoints == 2 || isns == 2 ||
	       (is_isn[client] && is_same[!client] &&
		       is_same_time(pairing, one, other));
}

/* Which of two views tells more: one with the same initial numbers; of such the
 * one from further away, which is the one whose TTLs differ more. */
static unsigned rank_of(const struct conn_view *one,
	const struct conn_view *other, const struct conn_link *link)
{
	enum { AN_ISN = 1024 };
	unsigned sum = 0;

	for (unsigned i = 0; i < 2; i++) {
		const struct view_side *a = &one->side[i];
		const struct view_side *b =
			&other->side[conn_link_side(link, i)];

		if (a->flags & b->flags & SIDE_SYN)
			sum += AN_ISN;
		if (a->has_ttl && b->has_ttl)
			sum += (unsigned)abs((int)a->ttl - (int)b->ttl);
	}
	return sum;
}

/* Index + 1 of the entry that tells most; 0: nobody saw it. */
static uint32_t find(const struct pairing *pairing,
	const struct conn_view *view, struct conn_link *link)
{
	uint32_t found = 0, bucket;
	unsigned best = 0;

	for (unsigned chain = 0; chain <= BY_ISN; chain++) {
		if (!bucket_of(view, chain, &bucket))
			continue;
		unsigned looked = 0;

		for (uint32_t i = pairing->heads[chain][bucket];
			i && looked < FEW;
			i = pairing->entries[i - 1].next[chain], looked++) {
			const struct conn_view *other =
				&pairing->entries[i - 1].view;
			struct conn_link candidate = {.view = other};
			unsigned rank;

			if (other->place == view->place ||
				!is_same_connection(
					pairing, view, other, &candidate))
				continue;
			rank = rank_of(view, other, &candidate);
			if (found && rank <= best)
				continue;
			best = rank;
			found = i;
			*link = candidate;
		}
	}
	return found;
}

/* Makes room: of the next few the first that nothing has to be told of, or the
 * first at all. A flood must not make every packet look at every entry. */
static void evict(struct pairing *pairing)
{
	uint32_t victim = pairing->hand;

	for (uint32_t i = 0; i < FEW; i++) {
		uint32_t index = (pairing->hand + i) % pairing->count;

		if (pairing->entries[index].is_eventful)
			continue;
		victim = index;
		break;
	}
	pairing->hand = (victim + 1) % pairing->count;
	remove_entry(pairing, victim);
	pairing->evicted++;
}

/* Index + 1 of an entry that is not used; 0: there is no room. */
static uint32_t take_entry(struct pairing *pairing)
{
	struct pairing_entry *entries;
	uint32_t taken = pairing->free;

	if (!taken && pairing->count == PAIRING_VIEWS) {
		evict(pairing); /* all are in use */
		taken = pairing->free;
	}
	if (taken) {
		pairing->free = pairing->entries[taken - 1].next[0];
		return taken;
	}
	entries = array_grown(pairing->entries, pairing->count,
		&pairing->capacity, sizeof(*entries));
	if (!entries)
		return 0;
	pairing->entries = entries;
	return ++pairing->count;
}

void pairing_add(
	struct pairing *pairing, const struct conn_view *view, bool is_eventful)
{
	struct pairing_entry *entry;
	struct conn_link link;
	uint32_t other, taken;

	other = find(pairing, view, &link);
	if (other) {
		entry = &pairing->entries[other - 1];
		pairing->pairs++;
		pairing->orderly_pairs +=
			view->is_orderly && entry->view.is_orderly;
		if (pairing->place_count == 2 && !is_eventful &&
			!entry->is_eventful) {
			remove_entry(pairing, other - 1);
			return;
		}
	}
	taken = take_entry(pairing);
	if (!taken) {
		pairing->evicted++;
		return;
	}
	entry = &pairing->entries[taken - 1];
	*entry = (struct pairing_entry){
		.view = *view, .is_eventful = is_eventful};
	link_entry(pairing, taken - 1);
}

const struct conn_view *pairing_find_moved(const struct pairing *pairing,
	const struct conn_view *there, uint32_t sequence, uint32_t acknowledged)
{
	uint32_t bucket = numbers_bucket(sequence, acknowledged);
	unsigned client = client_of(there), side, looked = 0;

	for (uint32_t i = pairing->heads[BY_FIRST_PACKET][bucket];
		i && looked < FEW;
		i = pairing->entries[i - 1].next[BY_FIRST_PACKET], looked++) {
		const struct conn_view *view = &pairing->entries[i - 1].view;

		if (view->place == there->place && lone_side(view, &side) &&
			view->side[side].first_sequence == sequence &&
			view->side[side].acked == acknowledged &&
			is_same_endpoint(view, !side, there, !client) &&
			!is_same_endpoint(view, side, there, client))
			return view;
	}
	return NULL;
}

bool pairing_find(const struct pairing *pairing, const struct conn_view *view,
	struct conn_link *link)
{
	return find(pairing, view, link) != 0;
}

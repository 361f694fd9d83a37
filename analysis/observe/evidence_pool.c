#include "analysis/observe/evidence_store.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/flow/flow_table.h"
#include "analysis/observe/packed.h"
#include "capture/array.h"

/* Of a packed record that is all zeros, and takes no block. */
static const uint32_t BLOCK_OF_ZEROS = UINT32_MAX;

enum {
	/* As many as stay in a processor's own cache beside all else: where
	 * there were more, looking for the next place missed it each time. Few
	 * where tables are small, so that tests meet the packed ones. */
	UNPACKED = FLOW_TABLE_CHUNK_BITS < 16 ? 16 : 1 << 6,
	CHUNK_BYTES = HANDLES_PER_CHUNK * sizeof(struct handle),
	SHORT_OF_BYTES = CHUNK_BYTES + SLAB_BYTES,
	CANDIDATES = 8, /* of which the one used longest ago is packed */
	VICTIM_CANDIDATES = 8,
};

static_assert(sizeof(struct evidence) % 4 == 0 &&
		      sizeof(struct evidence) / 4 <= PACKED_WORDS_MOST,
	"an evidence record can be packed");
static_assert((int)PACKED_BYTES(sizeof(struct evidence)) <= (int)BLOCK_MOST,
	"a packed one is a block");
static_assert((int)UNPACKED <= (int)PLACE_MOST, "each place fits `place`");
static_assert(UNPACKED > CANDIDATES + 2, "the newest are never packed");

bool evidence_pool_init(struct evidence_pool *pool, struct budget *budget)
{
	struct evidence_store *store = calloc(1, sizeof(*store));

	pool->store = store;
	if (!store)
		return false;
	store->budget = budget;
	slabs_init(&store->slabs, budget, BUDGET_DOSSIERS);
	/* zeroed when it is first touched, which most of it seldom is */
	store->unpacked = calloc(UNPACKED, sizeof(*store->unpacked));
	store->view = calloc(1, sizeof(*store->view));
	return store->unpacked && store->view;
}

void evidence_pool_release(struct evidence_pool *pool)
{
	struct evidence_store *store = pool->store;

	if (!store)
		return;
	for (uint32_t i = 1; i <= store->used; i++)
		if (handle_at(store, i)->flow &&
			!handle_at(store, i)->is_ssh_packed)
			ssh_talk_free(handle_at(store, i)->ssh);
	for (uint32_t i = 0; i < store->chunk_count; i++)
		free(store->chunks[i]);
	free(store->chunks);
	free(store->unpacked);
	slabs_release(&store->slabs);
	free(store->view);
	free(store);
}

/* Without memory for a few hundred bytes the record loses all it has: a reset
 * of it counts as not judged. */
static void lose(struct evidence_store *store, struct handle *handle)
{
	evidence_free_ssh(store, handle);
	handle->flow->flags |= FLOW_WEAKENED;
}

/* A place without owner is all zeros. */
static void empty(struct unpacked *place)
{
	memset(&place->evidence, 0, evidence_used_bytes(&place->evidence));
	place->owner = 0;
	place->has_ssh = false;
}

/* Packs what lies in that place and empties it. False: there is no room, and
 * it does not have to be. */
static bool pack(
	struct evidence_store *store, struct unpacked *place, bool has_to_be)
{
	uint32_t packed[PACKED_BYTES(sizeof(struct evidence)) / 4];
	struct ssh_talk *ssh = place->evidence.ssh;
	uint32_t block = BLOCK_OF_ZEROS;
	struct handle *handle;
	size_t words;

	if (!place->owner)
		return true;
	handle = handle_at(store, place->owner);
	place->evidence.ssh = NULL; /* the handle has it */
	words = packed_write(&place->evidence,
		evidence_used_bytes(&place->evidence), packed);
	if (words > 1)
		block = slabs_take(&store->slabs, words * 4, has_to_be);
	place->evidence.ssh = ssh;
	if (!block && !has_to_be)
		return false;
	if (!block) {
		lose(store, handle);
		block = BLOCK_OF_ZEROS;
	} else if (block != BLOCK_OF_ZEROS) {
		memcpy(slabs_at(&store->slabs, block), packed, words * 4);
	}
	handle->block = block;
	handle->place = 0;
	empty(place);
	return true;
}

/* The next place to be emptied: never one of those used last. */
static struct unpacked *next_place(struct evidence_store *store)
{
	struct unpacked *best = NULL;

	for (unsigned i = 0; i < CANDIDATES; i++) {
		struct unpacked *place = &store->unpacked[store->hand];

		store->hand = (store->hand + 1) % UNPACKED;
		if (!place->owner)
			return place;
		if (!best ||
			store->uses - place->used > store->uses - best->used)
			best = place;
	}
	return best;
}

static struct evidence *settle(
	struct evidence_store *store, struct unpacked *place, uint32_t number)
{
	struct handle *handle = handle_at(store, number);

	if (store->viewed == number)
		store->viewed = 0;
	place->owner = number;
	place->used = ++store->uses;
	place->evidence.ssh = evidence_ssh_of(handle, place);
	handle->block = 0;
	handle->place = (uint32_t)(place - store->unpacked + 1) & PLACE_MOST;
	return &place->evidence;
}

struct evidence *evidence_at(const struct evidence_pool *pool, uint32_t number)
{
	struct evidence_store *store = pool->store;
	struct handle *handle = handle_at(store, number);
	struct unpacked *place;

	if (handle->place) {
		place = &store->unpacked[handle->place - 1];
		place->used = ++store->uses;
		return &place->evidence;
	}
	place = next_place(store);
	(void)pack(store, place, true);
	if (handle->block != BLOCK_OF_ZEROS) {
		(void)packed_read_over_zeros(
			slabs_at(&store->slabs, handle->block),
			&place->evidence);
		slabs_give_back(&store->slabs, handle->block);
	}
	return settle(store, place, number);
}

const struct evidence *evidence_view(
	const struct evidence_pool *pool, uint32_t number)
{
	struct evidence_store *store = pool->store;
	struct handle *handle = handle_at(store, number);
	struct unpacked *view = store->view;

	if (handle->place) {
		view = &store->unpacked[handle->place - 1];
		evidence_fill_ssh(store, handle, view);
		return evidence_at(pool, number);
	}
	if (store->viewed != number) {
		empty(view);
		if (handle->block != BLOCK_OF_ZEROS)
			(void)packed_read_over_zeros(
				slabs_at(&store->slabs, handle->block),
				&view->evidence);
		store->viewed = number;
	}
	view->evidence.ssh = evidence_ssh_of(handle, view);
	evidence_fill_ssh(store, handle, view);
	return &view->evidence;
}

/* The number of a free handle; 0 without memory. */
static uint32_t take_handle(struct evidence_store *store)
{
	uint32_t taken = store->free;
	struct handle **chunks;

	if (taken) {
		store->free = handle_at(store, taken)->place;
		return taken;
	}
	if (store->used == PLACE_MOST)
		return 0;
	if (store->used < store->chunk_count * HANDLES_PER_CHUNK)
		return ++store->used;
	chunks = array_grown(store->chunks, store->chunk_count,
		&store->chunk_capacity,
		/* NOLINTNEXTLINE(bugprone-sizeof-expression) */
		sizeof(*chunks)); /* pointers */
	if (!chunks)
		return 0;
	store->chunks = chunks;
	if (!budget_take(store->budget, BUDGET_DOSSIERS, CHUNK_BYTES))
		return 0;
	chunks[store->chunk_count] = calloc(1, CHUNK_BYTES);
	if (!chunks[store->chunk_count]) {
		budget_give(store->budget, BUDGET_DOSSIERS, CHUNK_BYTES);
		return 0;
	}
	store->chunk_count++;
	return ++store->used;
}

static void give_handle_back(struct evidence_store *store, uint32_t number)
{
	struct handle *handle = handle_at(store, number);

	*handle = (struct handle){.place = store->free & PLACE_MOST};
	store->free = number;
}

static uint32_t new_handle(struct evidence_store *store, struct flow *flow)
{
	uint32_t number = take_handle(store);

	store->is_short = !budget_has_room(
		store->budget, BUDGET_DOSSIERS, SHORT_OF_BYTES);
	if (number)
		*handle_at(store, number) = (struct handle){.flow = flow};
	return number;
}

uint32_t evidence_take(struct evidence_pool *pool, struct flow *flow)
{
	struct evidence_store *store = pool->store;
	uint32_t number = new_handle(store, flow);
	struct unpacked *place;

	if (!number)
		return 0;
	place = next_place(store);
	if (!pack(store, place, false)) {
		give_handle_back(store, number);
		return 0;
	}
	(void)settle(store, place, number);
	return number;
}

uint32_t evidence_take_packed(struct evidence_pool *pool, struct flow *flow)
{
	uint32_t number = new_handle(pool->store, flow);

	if (number)
		handle_at(pool->store, number)->block = BLOCK_OF_ZEROS;
	return number;
}

void evidence_give_back(struct evidence_pool *pool, uint32_t number)
{
	struct evidence_store *store = pool->store;
	struct handle *handle = handle_at(store, number);

	if (store->viewed == number)
		store->viewed = 0;
	evidence_free_ssh(store, handle);
	if (handle->place)
		empty(&store->unpacked[handle->place - 1]);
	else if (handle->block != BLOCK_OF_ZEROS)
		slabs_give_back(&store->slabs, handle->block);
	give_handle_back(store, number);
}

struct flow *evidence_victim(struct evidence_pool *pool)
{
	struct evidence_store *store = pool->store;

	for (unsigned i = 0; i < VICTIM_CANDIDATES && i < store->used; i++) {
		struct flow *flow;

		if (store->victim_hand >= store->used)
			store->victim_hand = 0;
		flow = handle_at(store, ++store->victim_hand)->flow;
		if (flow && !(flow->flags & (FLOW_ESTABLISHED | FLOW_RESET)))
			return flow;
	}
	return NULL;
}

struct flow *evidence_quiet(struct evidence_pool *pool)
{
	struct evidence_store *store = pool->store;
	struct flow *quiet = NULL;

	for (unsigned i = 0; i < VICTIM_CANDIDATES && i < store->used; i++) {
		struct flow *flow;

		if (store->victim_hand >= store->used)
			store->victim_hand = 0;
		flow = handle_at(store, ++store->victim_hand)->flow;
		if (flow &&
			(!quiet || flow_last_ns(flow) < flow_last_ns(quiet)))
			quiet = flow;
	}
	return quiet;
}

bool evidence_ran_short(struct evidence_pool *pool)
{
	bool is_short = pool->store->is_short;

	pool->store->is_short = false;
	return is_short;
}

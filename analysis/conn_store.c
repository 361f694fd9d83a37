#include "analysis/conn_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/observe/packed.h"
#include "capture/array.h"

/* The first word of a packed connection. */
enum { HAS_EVIDENCE = 1, HAS_SSH = 2 };

enum {
	PACKED_MOST = 4 + PACKED_BYTES(sizeof(struct closed_conn)) +
		      PACKED_BYTES(sizeof(struct evidence)) +
		      PACKED_BYTES(sizeof(struct ssh_talk)),
};

static_assert(
	(int)PACKED_MOST <= (int)BLOCK_MOST, "a packed connection is a block");
static_assert(
	sizeof(struct closed_conn) % 4 == 0 && sizeof(struct ssh_talk) % 4 == 0,
	"they can be packed");

struct stored_place {
	uint64_t offset; /* in the file, if `block` is 0 */
	const struct conn_link *link;
	uint32_t block;
	uint32_t summary;
	uint32_t flags; /* of its flow */
	uint16_t bytes;
	uint16_t slabs; /* 0: the block is in the store's own; else absorbed */
};
static_assert((int)PACKED_MOST <= UINT16_MAX, "a place holds its size");

void conn_store_init(struct conn_store *store, struct budget *budget,
	const struct spill *spill, uint32_t extra_bytes)
{
	*store = (struct conn_store){
		.budget = budget, .spill = spill, .extra_bytes = extra_bytes};
	slabs_init(&store->slabs, budget, BUDGET_RECORDS);
}

void conn_store_release(struct conn_store *store)
{
	free(store->places);
	slabs_release(&store->slabs);
	for (unsigned i = 0; i < store->absorbed_count; i++)
		slabs_release(&store->absorbed[i]);
	free(store->absorbed);
}

/* Returns how many bytes were written. */
static size_t pack(
	const struct closed_conn *conn, uint32_t words[PACKED_MOST / 4])
{
	const struct ssh_talk *talk =
		conn->evidence ? conn->evidence->ssh : NULL;
	struct closed_conn bare = *conn;
	size_t at = 1;

	words[0] = (conn->evidence ? HAS_EVIDENCE : 0) | (talk ? HAS_SSH : 0);
	bare.evidence = NULL;
	bare.link = NULL;
	bare.flow.evidence = 0;
	at += packed_write(&bare, sizeof(bare), words + at);
	if (conn->evidence) {
		struct evidence evidence = *conn->evidence;

		evidence.ssh = NULL;
		at += packed_write(&evidence, sizeof(evidence), words + at);
	}
	if (talk) {
		struct ssh_talk ended = *talk;

		ended.stream[SSH_CLIENT] = ended.stream[SSH_SERVER] = NULL;
		at += packed_write(&ended, sizeof(ended), words + at);
	}
	return at * 4;
}

/* Where there is a file, memory beyond the half of what is put by for them is
 * better used for connections that live. */
static bool is_for_memory(const struct conn_store *store)
{
	return !store->spill ||
	       store->budget->used_bytes[BUDGET_RECORDS] <
		       budget_reserve(store->budget, BUDGET_RECORDS) / 2;
}

/* In the budget's memory, or in the file; false: in neither. */
static bool put(struct conn_store *store, struct stored_place *place,
	const uint32_t *words)
{
	if (is_for_memory(store))
		place->block =
			slabs_take(&store->slabs, place->bytes, false);
	if (place->block) {
		memcpy(slabs_at(&store->slabs, place->block), words,
			place->bytes);
		return true;
	}
	if (!store->spill)
		return false;
	place->offset = store->spill->append(
		store->spill->context, words, place->bytes);
	return place->offset != UINT64_MAX;
}

bool conn_store_add(struct conn_store *store, const struct closed_conn *conn,
	uint32_t summary)
{
	uint32_t words[PACKED_MOST / 4];
	uint64_t bytes = sizeof(*store->places) + store->extra_bytes;
	struct stored_place *places, *place;

	if (!budget_take(store->budget, BUDGET_RECORDS, bytes))
		return false;
	places = array_grown(
		store->places, store->count, &store->capacity, sizeof(*places));
	if (places) {
		store->places = places;
		place = &places[store->count];
		*place = (struct stored_place){.summary = summary,
			.flags = conn->flow.flags,
			.bytes = (uint16_t)pack(conn, words)};
		if (put(store, place, words)) {
			store->count++;
			return true;
		}
	}
	budget_give(store->budget, BUDGET_RECORDS, bytes);
	return false;
}

static void unpack(const uint32_t *words, struct stored_conn *stored)
{
	uint32_t has = words[0];
	size_t at = 1;

	at += packed_read(words + at, &stored->conn, sizeof(stored->conn));
	if (!(has & HAS_EVIDENCE))
		return;
	at += packed_read(
		words + at, &stored->evidence, sizeof(stored->evidence));
	stored->conn.evidence = &stored->evidence;
	if (!(has & HAS_SSH))
		return;
	(void)packed_read(words + at, &stored->ssh, sizeof(stored->ssh));
	stored->evidence.ssh = &stored->ssh;
}

static const uint32_t *packed_at(
	const struct conn_store *store, const struct stored_place *place)
{
	const struct slabs *slabs = place->slabs
					    ? &store->absorbed[place->slabs - 1]
					    : &store->slabs;

	return slabs_at(slabs, place->block);
}

bool conn_store_load(const struct conn_store *store, uint32_t index,
	struct stored_conn *stored)
{
	const struct stored_place *place = &store->places[index];
	uint32_t words[PACKED_MOST / 4];

	if (place->block)
		unpack(packed_at(store, place), stored);
	else if (store->spill->read(store->spill->context, place->offset, words,
			 place->bytes))
		unpack(words, stored);
	else
		return false;
	stored->conn.link = place->link;
	return true;
}

uint32_t conn_store_summary(const struct conn_store *store, uint32_t index)
{
	return store->places[index].summary;
}

uint32_t conn_store_flags(const struct conn_store *store, uint32_t index)
{
	return store->places[index].flags;
}

const struct conn_link *conn_store_link(
	const struct conn_store *store, uint32_t index)
{
	return store->places[index].link;
}

void conn_store_set_link(
	struct conn_store *store, uint32_t index, const struct conn_link *link)
{
	store->places[index].link = link;
}

void conn_store_drop_summaries(struct conn_store *store)
{
	for (uint32_t i = 0; i < store->count; i++)
		store->places[i].summary = 0;
}

/* Takes the slabs of `from`, which has none then. False without memory. */
static bool take_slabs(struct conn_store *store, struct conn_store *from)
{
	unsigned count = store->absorbed_count + 1 + from->absorbed_count;
	struct slabs *absorbed = reallocarray(
		store->absorbed, count, sizeof(*absorbed));

	if (!absorbed)
		return false;
	assert(count < CONN_STORES_MOST);
	store->absorbed = absorbed;
	absorbed += store->absorbed_count;
	absorbed[0] = from->slabs;
	if (from->absorbed_count)
		memcpy(&absorbed[1], from->absorbed,
			from->absorbed_count * sizeof(*absorbed));
	store->absorbed_count = count;
	free(from->absorbed);
	from->absorbed = NULL;
	from->absorbed_count = 0;
	slabs_init(&from->slabs, from->budget, BUDGET_RECORDS);
	return true;
}

bool conn_store_absorb(struct conn_store *store, struct conn_store *from,
	uint32_t summaries_before)
{
	unsigned slabs_before = store->absorbed_count + 1;
	struct stored_place *places = reallocarray(store->places,
		(size_t)store->count + from->count + 1, sizeof(*places));

	if (!places)
		return false;
	store->places = places;
	store->capacity = store->count + from->count + 1;
	if (!take_slabs(store, from))
		return false;
	for (uint32_t i = 0; i < from->count; i++) {
		struct stored_place *place = &places[store->count + i];

		*place = from->places[i];
		place->slabs = (uint16_t)(place->slabs + slabs_before);
		if (place->summary)
			place->summary += summaries_before;
	}
	store->count += from->count;
	from->count = 0;
	return true;
}

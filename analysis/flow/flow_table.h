/* The table of open flows: open addressing over slabs that never move.
 * Bounded; when it is full the least important flow is evicted. */
#ifndef ANALYSIS_FLOW_FLOW_TABLE_H
#define ANALYSIS_FLOW_FLOW_TABLE_H

#include "analysis/flow/budget.h"
#include "analysis/flow/flow_key.h"

/* Fuzzing has them small, so that short inputs meet the growth of tables. */
#ifndef FLOW_TABLE_CHUNK_BITS
#define FLOW_TABLE_CHUNK_BITS 16
#endif

/* Three huge pages, where a flow is three lines. */
enum { FLOWS_PER_CHUNK = 1 << (FLOW_TABLE_CHUNK_BITS - 1) };

struct bucket {
	uint32_t tag;  /* top half of the hash; its top bits choose a bucket */
	uint32_t slot; /* + 1; 0: empty */
};

/* IPv6 names don't fit into a flow's identity. */
struct v6_name {
	struct address address[2]; /* of side 0 and 1 */
	uint16_t port[2];
};

struct flow_table {
	struct bucket *buckets;
	uint32_t bucket_bits;
	uint64_t seed;
	struct budget *budget;
	struct flow **chunks;
	uint32_t chunk_count, chunk_capacity;
	uint32_t slots_used; /* slots ever used */
	uint32_t free_slot;  /* head of the free list + 1 */
	uint64_t live, max_flows;
	uint32_t sweep; /* where the sweep stands */
	uint32_t hand;	/* where the search for victims stands */
	struct v6_name **name_chunks;
	uint32_t name_chunk_count, name_chunk_capacity;
	uint32_t names_used, free_name;
};

/* `budget` has to outlive the table. */
bool flow_table_init(struct flow_table *table, uint64_t max_flows,
	uint64_t seed, struct budget *budget);
void flow_table_release(struct flow_table *table);

static inline struct flow *flow_table_slot(
	const struct flow_table *table, uint32_t slot)
{
	return &table->chunks[slot / FLOWS_PER_CHUNK][slot % FLOWS_PER_CHUNK];
}

static inline uint32_t flow_table_tag(const struct flow_key *key)
{
	return (uint32_t)(key->hash >> 32);
}

/* The first of the buckets in which this tag may be. */
static inline uint32_t flow_table_bucket(
	const struct flow_table *table, uint32_t tag)
{
	return tag >> (32 - table->bucket_bits);
}

static inline uint32_t flow_table_next_bucket(
	const struct flow_table *table, uint32_t i)
{
	return (i + 1) & (((uint32_t)1 << table->bucket_bits) - 1);
}

/* Starts the cache on its way: first the bucket, then the flow that it points
 * to, which is likely but not surely the one. NULL: there is none yet. */
static inline void flow_table_prefetch_bucket(
	const struct flow_table *table, const struct flow_key *key)
{
	__builtin_prefetch(&table->buckets[flow_table_bucket(
		table, flow_table_tag(key))]);
}

static inline struct flow *flow_table_prefetch_flow(
	const struct flow_table *table, const struct flow_key *key)
{
	uint32_t tag = flow_table_tag(key);

	for (uint32_t i = flow_table_bucket(table, tag);;
		i = flow_table_next_bucket(table, i)) {
		const struct bucket *bucket = &table->buckets[i];
		const char *line;

		if (bucket->slot == 0)
			return NULL;
		if (bucket->tag != tag)
			continue;
		line = (const char *)flow_table_slot(table, bucket->slot - 1);
		__builtin_prefetch(line, 1);
		__builtin_prefetch(line + FLOW_LINE_BYTES, 1);
		__builtin_prefetch(line + FLOW_HOT_BYTES, 1);
		return flow_table_slot(table, bucket->slot - 1);
	}
}

/* Waits for the lines of a flow that were started on their way. Waits overlap
 * where nothing else is done between them, and not every prefetch is heeded:
 * measured, this saves a third of what the packets take afterwards. */
static inline void flow_table_await(const struct flow *flow)
{
	(void)*(const volatile uint64_t *)&flow->identity[0];
	(void)*(const volatile uint32_t *)&flow->flags;
	(void)*(const volatile uint32_t *)&flow->cold[0].first_sequence;
}

struct flow *flow_table_find(
	const struct flow_table *table, const struct flow_key *key);

/* Whether a slot holds the flow of that name. */
static inline bool flow_is(const struct flow *flow, const struct flow_key *key)
{
	return flow->identity[0] == key->identity[0] &&
	       flow->identity[1] == key->identity[1] &&
	       (flow->flags & (FLOW_USED | FLOW_V6)) ==
		       (key->is_v6 ? FLOW_USED | FLOW_V6 : FLOW_USED);
}

/* Whether the next insertion needs a victim first. */
static inline bool flow_table_is_full(const struct flow_table *table)
{
	return table->live >= table->max_flows;
}

/* The least important of the next few flows: half-open before established,
 * older before younger. Never NULL in a full table; NULL where the next slots
 * are free, of which it looks at 128 and no more. */
struct flow *flow_table_victim(struct flow_table *table);

/* A zeroed flow of that key; `packet` lends the addresses. NULL: no room,
 * until a flow is removed. */
struct flow *flow_table_insert(struct flow_table *table,
	const struct flow_key *key, const struct packet *packet);

void flow_table_remove(struct flow_table *table, struct flow *flow);

/* At the end of the recording, when memory is wanted for what is kept: from
 * then on no flow is looked for by its name; and a chunk's flows are closed
 * for good. */
void flow_table_let_index_go(struct flow_table *table);
void flow_table_let_go(struct flow_table *table, uint32_t chunk);

/* Addresses and ports of side 0 and 1. */
void flow_table_endpoints(const struct flow_table *table,
	const struct flow *flow, struct address addresses[2],
	uint16_t ports[2]);

#endif

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

/* Starts the cache on its way: first the bucket, then the flow that it points
 * to, which is likely but not surely the one. NULL: there is none yet. */
void flow_table_prefetch_bucket(
	const struct flow_table *table, const struct flow_key *key);
struct flow *flow_table_prefetch_flow(
	const struct flow_table *table, const struct flow_key *key);

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

/* Addresses and ports of side 0 and 1. */
void flow_table_endpoints(const struct flow_table *table,
	const struct flow *flow, struct address addresses[2],
	uint16_t ports[2]);

#endif

/* The connections that are judged again when all is known, each with its
 * evidence record and what was understood of SSH: packed in memory as far as
 * the budget goes, and in a file beyond that. */
#ifndef ANALYSIS_CONN_STORE_H
#define ANALYSIS_CONN_STORE_H

#include "analysis/flow/slabs.h"
#include "analysis/observe/closed_conn.h"
#include "analysis/spill.h"

/* One of them, unpacked. conn.evidence points into it. */
struct stored_conn {
	struct closed_conn conn;
	struct evidence evidence;
	struct ssh_talk ssh;
};

enum { CONN_STORES_MOST = 64 /* that are one in the end */ };

struct conn_store {
	struct budget *budget;
	struct slabs slabs;
	struct slabs *absorbed; /* those of what it has absorbed; owned */
	unsigned absorbed_count;
	struct stored_place *places;
	uint32_t count, capacity;
	const struct spill *spill; /* NULL: there is no file */
	uint32_t extra_bytes;	   /* that the owner keeps for each of them */
};

/* `budget` and `spill` have to outlive the store. `extra_bytes` are counted
 * with each connection. */
void conn_store_init(struct conn_store *store, struct budget *budget,
	const struct spill *spill, uint32_t extra_bytes);
void conn_store_release(struct conn_store *store);

/* Adds a copy with number store->count; streams of SSH are left out. `summary`
 * is the owner's. False: there is no room, neither here nor in the file. */
bool conn_store_add(struct conn_store *store, const struct closed_conn *conn,
	uint32_t summary);
/* Unpacks connection `index`. False when the file can't be read. */
bool conn_store_load(const struct conn_store *store, uint32_t index,
	struct stored_conn *stored);
uint32_t conn_store_summary(const struct conn_store *store, uint32_t index);
/* Of its flow (enum flow_flag), known without loading it. */
uint32_t conn_store_flags(const struct conn_store *store, uint32_t index);
/* How another capture point saw it; NULL until it is set. */
const struct conn_link *conn_store_link(
	const struct conn_store *store, uint32_t index);
void conn_store_set_link(
	struct conn_store *store, uint32_t index, const struct conn_link *link);

/* From now on no connection has a summary. */
void conn_store_drop_summaries(struct conn_store *store);
/* Moves all connections of `from` behind those of `store`; their summaries'
 * numbers grow by `summaries_before`, links included as they are. Both have the
 * same file. Nothing can be added to either afterwards, and `from` can only be
 * released. Both together have absorbed fewer than CONN_STORES_MOST. False
 * without memory: nothing is moved. */
bool conn_store_absorb(struct conn_store *store, struct conn_store *from,
	uint32_t summaries_before);

#endif

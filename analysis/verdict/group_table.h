/* Counts incidents by key and by where they happened, one verdict at a time,
 * in bounded memory, so that thousands of connections that were ended in the
 * same way are told as one (group_split.h).
 *
 * Per key there are cells: grade, host to blame, the other host, server port,
 * with the counts of what fell into it. When a key has more cells than its
 * share of the table, all its cells are told less exactly: hosts as networks,
 * then not at all (enum group_level). Its level depends only on which
 * verdicts there were, never on their order; so two tables that are merged are
 * the same as one that was fed with both. Counts, grades, times and ranges are
 * exact at any level.
 *
 * No hash: cells are collected and sorted, so no input makes it slow. */
#ifndef ANALYSIS_VERDICT_GROUP_TABLE_H
#define ANALYSIS_VERDICT_GROUP_TABLE_H

#include "analysis/verdict/group_key.h"

/* How exactly the cells of a key are told. */
enum group_level {
	GROUP_LEVEL_HOSTS,
	GROUP_LEVEL_OTHER_NETWORK, /* of the other end: /24, /48 */
	GROUP_LEVEL_NO_OTHER,
	GROUP_LEVEL_NETWORK, /* of the end to blame too */
	GROUP_LEVEL_PORT,    /* the server's port alone */
	GROUP_LEVEL_KEY,
	GROUP_LEVEL_COUNT,
};

/* What tells a cell from others of its key. No padding: compared whole. */
struct group_cell_name {
	struct address place; /* the end to blame: of a path the server's */
	struct address other;
	uint16_t server_port;
	uint8_t family;
	uint8_t grade;
};

struct group_range {
	uint32_t least, most; /* 0, 0: of none is it known */
};

struct group_counts {
	uint64_t incidents, connections;
	int64_t first_ns, last_ns; /* of fatal packets; INT64_MIN: no time */
	uint64_t frame;		   /* least of them */
	struct group_range ttl, hop, window, idle_ms;
};

struct group_cell {
	struct group_cell_name name;
	struct group_counts counts;
};

/* Everything of one key. */
struct group_kind {
	struct group_key key;
	struct group_cell *cells; /* in the order of names, up to `sorted` */
	uint32_t sorted, count, capacity;
	uint8_t level; /* enum group_level */
};

struct group_table {
	struct group_kind *kinds; /* in the order of keys */
	uint32_t count, capacity;
	uint32_t most_cells; /* of all keys together, about */
	bool has_no_memory;  /* some verdicts are not counted */
	uint64_t sorted;     /* cells that went through a sort, in all: the
				work that was done */
};

enum { GROUP_CELLS_USUAL = 65536 };

/* `most_cells`: 0 for the usual; twice as many are held for moments. */
void group_table_init(struct group_table *table, uint32_t most_cells);
void group_table_release(struct group_table *table);

void group_table_add(
	struct group_table *table, const struct group_verdict *verdict);

/* Adds all of `from`, which stays as it is. Both have the same bound. */
void group_table_merge(
	struct group_table *table, const struct group_table *from);

/* Sorts what came last; the table is then the same for the same verdicts in
 * whatever order. Verdicts may be added afterwards. */
void group_table_settle(struct group_table *table);

/* The kind of a key; NULL: no verdict had it. */
const struct group_kind *group_table_find(
	const struct group_table *table, const struct group_key *key);

/* The name of the cell in which a verdict of this kind is counted. */
struct group_cell_name group_cell_name_of(
	const struct group_kind *kind, const struct group_verdict *verdict);
int group_cell_name_compare(
	const struct group_cell_name *a, const struct group_cell_name *b);

/* Adds `more` to the counts. Zeroed counts are those of nothing. */
void group_counts_add(
	struct group_counts *counts, const struct group_counts *more);

/* The address without what is behind /24, or /48 of IPv6. */
struct address group_network_of(const struct address *address, uint8_t family);

#endif

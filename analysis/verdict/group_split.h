/* From the cells of a table to the groups that are told.
 *
 * What devices do is one group a key: a device is the same whomever it resets.
 * Of endpoints and paths each one with at least a twentieth of its key, and
 * more than one incident, is a group of its own; of what is left, networks with
 * as much and with much more than other networks; then the server's ports.
 * Inside a group a host or a network with much more than its share is named. */
#ifndef ANALYSIS_VERDICT_GROUP_SPLIT_H
#define ANALYSIS_VERDICT_GROUP_SPLIT_H

#include "analysis/verdict/group_role.h"
#include "analysis/verdict/group_table.h"

enum {
	GROUP_PART = 20,       /* a place of its own has 1/20 of its key */
	GROUP_PLACE_LEAST = 2, /* and so many incidents, unless it has all */
};

struct group {
	struct group_key key;
	enum group_place place;
	struct address address;	       /* of a host or network; of a path the
					  server's network */
	struct address client_network; /* of a path */
	uint16_t port;
	uint8_t family; /* of the addresses */
	struct group_counts counts;
	uint64_t by_grade[GRADE_COUNT]; /* incidents */
	struct group_spread spread[GROUP_ROLE_COUNT];
};

struct group_list {
	struct group *groups; /* by key, then place */
	uint32_t count;
};

/* Whether the most frequent one is to be named: it has much more than its
 * share, and of a network that is not its busiest host's alone. */
bool group_share_is_told(const struct group *group, enum group_role role);

/* The groups of a settled table. False without memory. */
bool group_list_make(struct group_list *list, const struct group_table *table);
void group_list_free(struct group_list *list);

/* The index of the group that a verdict of the table is counted in. */
uint32_t group_list_find(const struct group_list *list,
	const struct group_table *table, const struct group_verdict *verdict);

#endif

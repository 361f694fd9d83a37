/* Connections that turn out to be one are joined, in steps by their number and
 * not by that of their tracks: a device may change a connection's name in every
 * packet, and each join would else move all tracks of those before it.
 *
 * Which group a track is in, and whether its sides are swapped, is known by the
 * group that it began in, and by what that one was joined to. A list of tracks
 * has no direction, so that one is put before another, turned round, by a
 * single link. All of it is written into tracks and groups at the end. */
#ifndef ANALYSIS_COMPARE_JOINING_H
#define ANALYSIS_COMPARE_JOINING_H

#include "analysis/compare/conn_set.h"

/* A group as it was at first. */
struct joined_group {
	uint32_t into;	 /* the group that it was joined to, or itself */
	uint32_t last;	 /* the last track of its list */
	bool is_swapped; /* its client is the server of `into` */
};

struct joining {
	struct conn_set *set;
	struct track_table *table;
	struct joined_group *groups; /* owned */
	uint32_t (*beside)[2]; /* tracks next in the list, index + 1; owned */
	uint64_t looked;       /* at groups and tracks: work that was done */
};

/* False without memory. */
bool joining_begin(struct joining *joining, struct conn_set *set,
	struct track_table *table);

/* The group that a track is in by now. */
uint32_t joining_group_of(struct joining *joining, uint32_t track);

/* The client's side of a track by now. */
unsigned joining_client_of(struct joining *joining, uint32_t track);

/* All tracks of a group, in turned order, go before those of another;
 * `is_swapped`: who the client is was guessed from ports, and wrongly. */
void joining_add(
	struct joining *joining, uint32_t from, uint32_t to, bool is_swapped);

/* Groups that were joined to others are left without a track. */
void joining_end(struct joining *joining);

#endif

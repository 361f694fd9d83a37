#include "analysis/compare/conn_set.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/compare/lane_order.h"
#include "analysis/compare/kinship.h"
#include "analysis/compare/namesake.h"
#include "analysis/compare/pair_doubt.h"
#include "analysis/compare/usual_ttl.h"
#include "analysis/pairing.h"
#include "capture/array.h"

static void side_view(const struct track_side *side, struct view_side *view)
{
	*view = (struct view_side){
		.first_sequence = side->isn,
		.next = side->next,
		.acked = side->acked,
		.packets = side->packets,
		.flags = (uint16_t)((side->has_isn ? SIDE_SYN : 0) |
				    (side->has_sent ? SIDE_SEEN : 0)),
		.ttl = track_usual_ttl(side),
		.has_ttl = side->ttl_count[0] != 0,
	};
}

static void view_of(
	const struct track *track, uint32_t index, struct conn_view *view)
{
	memset(view, 0, sizeof(*view));
	for (unsigned i = 0; i < 2; i++) {
		view->address[i] = track->side[i].address;
		view->port[i] = track->side[i].port;
		side_view(&track->side[i], &view->side[i]);
	}
	view->place = track->lane;
	view->flags = (track->client ? FLOW_CLIENT_IS_1 : 0) |
		      (track->family == 6 ? FLOW_V6 : 0);
	view->record = index;
	view->first_ns = track->first_ns;
	view->last_ns = track->last_ns;
}

static bool has_lane(const struct conn_set *set, const struct path_conn *group,
	unsigned lane)
{
	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(set, i - 1)->group_next)
		if (conn_set_track(set, i - 1)->lane == lane)
			return true;
	return false;
}

static void join(struct conn_set *set, struct track_table *table,
	uint32_t index, uint32_t group)
{
	struct track *track = &table->tracks[index];

	const struct track *other = &table->tracks[set->groups[group].track];

	/* SYNs that cross are in another order at each end */
	if (track->identity[0] == other->identity[0] &&
		track->identity[1] == other->identity[1])
		track->client = other->client;
	track->group = group;
	track->group_next = set->groups[group].track + 1;
	set->groups[group].track = index;
	track->is_paired = true;
	for (uint32_t i = track->group_next; i;
		i = table->tracks[i - 1].group_next)
		table->tracks[i - 1].is_paired = true;
}

static bool found_group(
	struct conn_set *set, struct track_table *table, uint32_t index)
{
	struct path_conn *groups = array_grown(
		set->groups, set->count, &set->room, sizeof(*groups));

	if (!groups)
		return false;
	set->groups = groups;
	groups[set->count] = (struct path_conn){.track = index};
	table->tracks[index].group = set->count++;
	table->tracks[index].group_next = 0;
	return true;
}

/* Tracks by what is known of them, while they are paired. */
struct track_index {
	struct isn_counts isns;
	struct namesakes namesakes;
};

/* The group of a track in an earlier lane that is the same connection. */
static bool find_group(struct conn_set *set, const struct pairing *pairings,
	struct track_index *index, const struct track *track,
	const struct conn_view *view, uint32_t *group)
{
	for (unsigned lane = track->lane; lane-- > 0;) {
		struct conn_link link;
		const struct track *other;
		bool is_renumbered = false;

		if (pairing_find(&pairings[lane], view, &link)) {
			other = conn_set_track(set, link.view->record);
			if (link.is_translated &&
				pair_is_doubtful(
					set, &index->isns, track, other))
				continue;
		} else {
			other = namesakes_find(&index->namesakes, track, lane);
			is_renumbered = true;
		}
		if (!other || other->group == UINT32_MAX ||
			has_lane(set, &set->groups[other->group], track->lane))
			continue;
		*group = other->group;
		set->groups[*group].is_renumbered |= is_renumbered;
		return true;
	}
	return false;
}

static bool begin_pairings(const struct conn_set *set, struct pairing *pairings)
{
	const struct track_table *table = set->table;

	for (unsigned i = 0; i < table->lane_count; i++) {
		if (!pairing_init(&pairings[i]))
			return false;
		for (unsigned j = 0; j < table->lane_count; j++)
			pairings[i].offset_ns[j] =
				set->clocks[table->lanes[j].file].offset_ns;
	}
	return true;
}

/* Lane by lane, so that each finds those before it. */
static bool pair_tracks(struct conn_set *set, struct track_table *table,
	struct pairing *pairings, struct track_index *index)
{
	for (unsigned lane = 0; lane < table->lane_count; lane++) {
		for (uint32_t i = 0; i < table->track_count; i++) {
			struct conn_view view;
			uint32_t group;

			if (table->tracks[i].lane != lane)
				continue;
			view_of(&table->tracks[i], i, &view);
			if (find_group(set, pairings, index, &table->tracks[i],
				    &view, &group))
				join(set, table, i, group);
			else if (!found_group(set, table, i))
				return false;
			pairing_add(&pairings[lane], &view, true);
		}
		set->not_paired += pairings[lane].evicted;
	}
	return true;
}

bool conn_set_make(struct conn_set *set, struct track_table *table)
{
	struct pairing *pairings =
		calloc(table->lane_count + 1, sizeof(*pairings));
	struct track_index index = {.namesakes = {.table = NULL}};
	bool is_made;

	set->table = table;
	is_made = isn_counts_make(&index.isns, table) &&
		  namesakes_make(&index.namesakes, table) && pairings &&
		  begin_pairings(set, pairings) &&
		  pair_tracks(set, table, pairings, &index) &&
		  kinship_join(set, table) && usual_ttl_make(set) &&
		  lane_order_all(set);
	for (unsigned i = 0; pairings && i < table->lane_count; i++)
		pairing_release(&pairings[i]);
	free(pairings);
	set->looked += index.namesakes.looked;
	isn_counts_release(&index.isns);
	namesakes_release(&index.namesakes);
	return is_made;
}

void conn_set_release(struct conn_set *set)
{
	free(set->groups);
	free(set->ttls);
	set->ttls = NULL;
	set->groups = NULL;
}

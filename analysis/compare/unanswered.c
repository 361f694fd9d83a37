#include "analysis/compare/unanswered.h"

#include "analysis/compare/usual_ttl.h"

/* Nobody but the client says anything, resets apart. */
static bool is_unanswered(
	const struct conn_set *set, const struct path_conn *group)
{
	for (uint32_t i = group->track + 1; i;
		i = conn_set_track(set, i - 1)->group_next) {
		const struct track *track = conn_set_track(set, i - 1);

		if (!track->side[track->client].has_isn ||
			track->side[!track->client].has_sent)
			return false;
	}
	return true;
}

static bool has_file(const struct conn_set *set, const struct path_conn *group,
	unsigned file)
{
	for (unsigned i = 0; i < group->lane_count; i++)
		if (set->table->lanes[group->lanes[i]].file == file)
			return true;
	return false;
}

static unsigned file_count(const struct track_table *table)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FILES_MOST; i++)
		if (table->files[i].frames)
			count = i + 1;
	return count;
}

/* The file next to those that have it, which are at one end of the path as it
 * was given; FILES_MOST: there is none, or the way is not known. */
static unsigned next_file(
	const struct conn_set *set, const struct path_conn *group)
{
	unsigned files = file_count(set->table), own = 0, first = files;

	for (unsigned i = 0; i < files; i++)
		if (has_file(set, group, i)) {
			own++;
			first = first == files ? i : first;
		}
	if (own == 0 || own == files)
		return FILES_MOST;
	if (first == 0 && !has_file(set, group, own))
		return own;
	if (first + own == files && has_file(set, group, files - 1))
		return first - 1;
	return FILES_MOST;
}

/* The lane of the file that has most packets, of those where the server spoke;
 * NO_LANE: it never did. */
static unsigned lane_in(const struct conn_set *set, unsigned file,
	const struct seen_packet *answer, bool has_server)
{
	const struct track_table *table = set->table;
	unsigned found = NO_LANE;

	for (unsigned i = 0; i < table->lane_count; i++) {
		if (table->lanes[i].file != file ||
			(has_server &&
				usual_ttl_of(set, answer, i).packets == 0))
			continue;
		if (found == NO_LANE ||
			table->lanes[i].packets > table->lanes[found].packets)
			found = i;
	}
	return found;
}

void unanswered_expect(
	struct conn_set *set, struct path_conn *group, bool is_any_shared)
{
	const struct track *track = conn_set_track(set, group->track);
	/* the server's address stands in it */
	struct seen_packet answer = {
		.track = group->track, .side = track->client ? 0 : 1};
	unsigned file, lane;

	if (group->is_proxied || group->lane_count == 0 ||
		group->lane_count >= LANES_MOST || !is_unanswered(set, group))
		return;
	file = next_file(set, group);
	if (file == FILES_MOST)
		return;
	lane = lane_in(set, file, &answer, true);
	group->expected = EXPECTED_BY_SERVER;
	if (lane == NO_LANE && !is_any_shared) {
		lane = lane_in(set, file, &answer, false);
		group->expected = EXPECTED_BY_TIME;
	}
	if (lane == NO_LANE) {
		group->expected = EXPECTED_NOT;
		return;
	}
	group->lanes[group->lane_count++] = (uint8_t)lane;
}

#include "analysis/path/path_exclusion.h"

static bool is_unanswered(const struct path *path, uint32_t row)
{
	return !path->replies[row].arrived && !path_record_expired(path, row) &&
	       !path_record_refused(path, row);
}

static bool is_without_reply(const struct path *path, uint32_t row)
{
	return path_record_method(path, row) == METHOD_TCP &&
	       is_unanswered(path, row);
}

void path_exclusion_after_end(struct path *path)
{
	int64_t rtt_ns = path->totals.rtt_ns;
	int64_t trips_ns = (int64_t)path->thresholds[PATH_END_ROUND_TRIPS] *
			   (rtt_ns == INT64_MAX ? 0 : rtt_ns);

	if (path->ended_ns == INT64_MAX)
		return;
	for (uint32_t row = 0; row < path->table.count; row++)
		if (is_without_reply(path, row) &&
			(rtt_ns == INT64_MAX ||
				path->table.sent_probe[row].time_ns >=
					path->ended_ns - trips_ns))
			path->uses[row] = ROW_AFTER_END;
}

void path_exclusion_cut_off(struct path *path)
{
	int64_t rtt_ns = path->totals.rtt_ns;
	int64_t trips_ns = (int64_t)path->thresholds[PATH_END_ROUND_TRIPS] *
			   (rtt_ns == INT64_MAX ? 0 : rtt_ns);

	if (!path_record_is_interrupted(path))
		return;
	for (uint32_t row = 0; row < path->table.count; row++)
		if (path_record_method(path, row) != METHOD_COUNT &&
			is_unanswered(path, row) &&
			path_record_elapsed_ns(
				path->table.sent_probe[row].time_ns,
				path->totals.last_ns) <= trips_ns)
			path->uses[row] = ROW_AFTER_END;
}

/* Old data of a size that arrived otherwise, sent before a packet came that
 * shows that the server had the handshake's ACK: it may have overtaken that
 * ACK. */
static bool exclude_unconfirmed(struct path *path)
{
	const struct sent_probe *sent_probe = path->table.sent_probe;
	uint32_t most_bytes = 0;
	bool is_any = false;

	if (path->opened_frame == 0)
		return false;
	for (uint32_t row = 0; row < path->table.count; row++)
		if (path_record_method(path, row) == METHOD_TCP &&
			path->replies[row].arrived &&
			sent_probe[row].ip_bytes > most_bytes)
			most_bytes = sent_probe[row].ip_bytes;
	for (uint32_t row = 0; row < path->table.count; row++) {
		if (!is_without_reply(path, row) ||
			!path_record_is_whole_way(path, row) ||
			sent_probe[row].ip_bytes > most_bytes ||
			sent_probe[row].time_ns >= path->confirmed_ns)
			continue;
		path->uses[row] = ROW_BEFORE_OPEN;
		is_any = true;
	}
	return is_any;
}

static bool exclude_before_answer(struct path *path)
{
	const struct sent_probe *sent_probe = path->table.sent_probe;
	uint32_t first = 0;
	bool is_early = false;

	while (first < path->table.count &&
		(path_record_method(path, first) != METHOD_TCP ||
			!path->replies[first].arrived))
		first++;
	if (first == path->table.count)
		return false;
	for (uint32_t row = 0; row < first; row++)
		is_early = is_early ||
			   (is_without_reply(path, row) &&
				   path_record_is_whole_way(path, row) &&
				   sent_probe[row].ip_bytes <=
					   sent_probe[first].ip_bytes);
	for (uint32_t row = 0; is_early && row < first; row++)
		if (is_without_reply(path, row) &&
			path_record_is_whole_way(path, row))
			path->uses[row] = ROW_BEFORE_OPEN;
	return is_early;
}

bool path_exclusion_before_open(struct path *path)
{
	bool is_early = exclude_before_answer(path);

	return exclude_unconfirmed(path) || is_early;
}

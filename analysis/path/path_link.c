/* The link that large packets do not pass: between the last hop that responds
 * to one and the next that responds to small ones only. Rows with a hop limit
 * below the distance show it; each large packet is followed by a small one.
 *
 * A router that rate-limits its errors (RFC 1812, 4.3.2.8) may respond to
 * the small one only because its limit allowed an error between the two. So a
 * hop counts as behind the link when it has no rate limit, or else when it was
 * not probed for long enough to have an error available (Linux: one a second),
 * three times or more, and sent it for the small one each time. */
#include "analysis/path/path_link.h"

#include <math.h>

struct hop_record {
	unsigned large, small, unanswered, rested;
	uint64_t large_frame, small_frame;
	int64_t last_ns;   /* any packet with this hop limit */
	int64_t rested_ns; /* a large one after a rest, unanswered */
	bool is_large_answered;
};

/* The responses of all hops. */
struct hop_records {
	struct hop_record hops[HOP_LIMIT_WHOLE_WAY + 1];
	unsigned last; /* router */
	bool is_large_sent;
	uint64_t vanished_frame;
};

static bool is_rationing(const struct hop_record *hop)
{
	return error_ration_is_seen(hop->small, hop->unanswered);
}

static void take_large(struct hop_record *hop, int64_t time_ns,
	uint64_t expired, int64_t rest_ns)
{
	hop->large++;
	hop->rested_ns = INT64_MIN;
	if (expired) {
		hop->is_large_answered = true;
		hop->large_frame = expired;
	} else if (path_record_elapsed_ns(hop->last_ns, time_ns) >= rest_ns) {
		hop->rested_ns = time_ns;
	}
}

static void take_small(struct hop_record *hop, int64_t time_ns,
	uint64_t expired, int64_t most_ns)
{
	int64_t apart_ns;

	if (!expired)
		return;
	hop->small_frame = expired;
	apart_ns = path_record_elapsed_ns(hop->rested_ns, time_ns);
	if (apart_ns >= 0 && apart_ns <= most_ns)
		hop->rested++;
	hop->rested_ns = INT64_MIN;
}

/* Which packets show the link. */
struct link_of {
	enum probe_method method;
	uint32_t passed;
	const struct path_stream *flow; /* NULL: the run's */
};

static bool is_measuring(
	const struct path *path, uint32_t row, const struct link_of *of)
{
	return of->flow ? path_record_is_of_flow(path, row, of->flow)
			: path_record_method(path, row) == of->method;
}

static void take_row(struct hop_records *records, const struct path *path,
	uint32_t row, const struct link_of *of)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	struct hop_record *hop = &records->hops[sent_probe->ttl];
	bool is_large = sent_probe->ip_bytes > of->passed;
	uint64_t expired = path_record_expired(path, row);
	int64_t time_ns = sent_probe->time_ns;

	hop->small += !is_large;
	hop->unanswered += !is_large && !expired;
	if (is_measuring(path, row, of) && is_large) {
		take_large(hop, time_ns, expired, path->rules->router_rest_ns);
		records->is_large_sent = true;
		if (!expired)
			records->vanished_frame = sent_probe->frame;
	} else if (is_measuring(path, row, of)) {
		take_small(hop, time_ns, expired,
			(int64_t)path->thresholds[PATH_PAIR_APART_MS] *
				1000000);
	}
	hop->last_ns = time_ns;
}

static void gather(struct hop_records *records, const struct path *path,
	const struct link_of *of)
{
	records->last = path->distance ? path->distance - 1 : path->hop_count;
	for (unsigned ttl = 0; ttl <= HOP_LIMIT_WHOLE_WAY; ttl++)
		records->hops[ttl].last_ns = records->hops[ttl].rested_ns =
			INT64_MIN;
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];

		if (sent_probe->ttl <= records->last &&
			!sent_probe->is_fragment &&
			probe_echo_kind_of(sent_probe) != ECHO_CONTROL)
			take_row(records, path, row, of);
	}
}

/* Whether the hop's responses show that large packets do not reach it. */
static bool is_behind(const struct path *path, const struct hop_record *hop)
{
	return hop->small_frame &&
	       hop->large >= path->thresholds[PATH_LARGE_TRIES_OF_HOP] &&
	       (!is_rationing(hop) ||
		       hop->rested >= path->thresholds[PATH_RESTED_FOR_LINK]);
}

struct path_link path_link_find(const struct path *path,
	enum probe_method method, uint32_t passed,
	const struct path_stream *flow)
{
	struct link_of of = {method, passed, flow};
	struct path_link link = {.at = {HOP_NOT_KNOWN, HOP_NOT_KNOWN}};
	struct hop_records records = {0};

	gather(&records, path, &of);
	link.vanished_frame = records.vanished_frame;
	if (!records.is_large_sent && records.last > 0)
		return link;
	link.at.after = 0;
	for (unsigned ttl = 1; ttl <= records.last; ttl++)
		if (records.hops[ttl].is_large_answered)
			link.at.after = (int)ttl;
	link.large_frame = records.hops[link.at.after].large_frame;
	for (unsigned ttl = (unsigned)link.at.after + 1; ttl <= records.last;
		ttl++) {
		const struct hop_record *hop = &records.hops[ttl];

		if (!is_behind(path, hop))
			continue;
		link.at.before = (int)ttl;
		link.tries = hop->large;
		link.small_frame = hop->small_frame;
		/* For any share of unanswered packets: the probability that of
		 * two only the second is answered is a quarter at most. */
		if (is_rationing(hop))
			link.chance = pow(path->thresholds[PATH_RESTED_CHANCE],
				hop->rested);
		return link;
	}
	if (path->distance)
		link.at.before = (int)path->distance;
	return link;
}

/* The link that large packets do not pass: between the last hop that answers
 * for one and the next that answers for small ones only. Rows with a hop limit
 * below the distance tell; each large packet is followed by a small one.
 *
 * A router that rations its errors (RFC 1812, 4.3.2.8) may answer the small one
 * only because an error became due between the two. So a hop counts as behind
 * the link when it does not ration, or else when it had been left alone long
 * enough to have an error to spend (Linux: one a second), three times or more,
 * and spent it on the small one each time. */
#include "analysis/path/path_state.h"

#include <math.h>

enum {
	LEAST_RESTED = 3,
	APART_MS = 200, /* of a large packet and its small one, at most */
};

struct hop_record {
	unsigned large, small, unanswered, rested;
	uint64_t large_frame, small_frame;
	int64_t last_ns;   /* any packet with this hop limit */
	int64_t rested_ns; /* a large one after a rest, unanswered */
	bool is_large_answered;
};

static bool is_rationing(const struct hop_record *hop)
{
	return error_ration_is_seen(hop->small, hop->unanswered);
}

static void take_large(struct hop_record *hop,
	const struct sent_probe *sent_probe, const struct reply *reply,
	int64_t rest_ns)
{
	hop->large++;
	hop->rested_ns = INT64_MIN;
	if (reply->expired) {
		hop->is_large_answered = true;
		hop->large_frame = reply->expired;
	} else if (path_elapsed_ns(hop->last_ns, sent_probe->time_ns) >=
		   rest_ns) {
		hop->rested_ns = sent_probe->time_ns;
	}
}

static void take_small(struct hop_record *hop,
	const struct sent_probe *sent_probe, const struct reply *reply)
{
	static const int64_t most_ns = APART_MS * INT64_C(1000000);

	if (!reply->expired)
		return;
	hop->small_frame = reply->expired;
	int64_t apart_ns = path_elapsed_ns(hop->rested_ns, sent_probe->time_ns);

	if (apart_ns >= 0 && apart_ns <= most_ns)
		hop->rested++;
	hop->rested_ns = INT64_MIN;
}

struct path_link path_find_link(
	const struct path *path, enum probe_method method, uint32_t passed)
{
	struct path_link link = {
		.after = HOP_NOT_KNOWN, .before = HOP_NOT_KNOWN};
	struct hop_record hops[HOP_LIMIT_WHOLE_WAY + 1] = {0};
	unsigned last = path->distance ? path->distance - 1 : path->hop_count;
	bool is_asked = false;

	for (unsigned ttl = 0; ttl <= HOP_LIMIT_WHOLE_WAY; ttl++)
		hops[ttl].last_ns = hops[ttl].rested_ns = INT64_MIN;
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];

		if (sent_probe->ttl > last || sent_probe->is_fragment ||
			probe_echo_kind_of(sent_probe) == ECHO_CONTROL)
			continue;
		struct hop_record *hop = &hops[sent_probe->ttl];
		bool is_large = sent_probe->ip_bytes > passed;

		hop->small += !is_large;
		hop->unanswered += !is_large && !reply->expired;
		if (path_method_of(sent_probe) == method && is_large) {
			take_large(hop, sent_probe, reply,
				path->rules->router_rest_ns);
			is_asked = true;
			if (!reply->expired)
				link.vanished_frame = sent_probe->frame;
		} else if (path_method_of(sent_probe) == method) {
			take_small(hop, sent_probe, reply);
		}
		hop->last_ns = sent_probe->time_ns;
	}
	if (!is_asked && last > 0)
		return link;
	link.after = 0;
	for (unsigned ttl = 1; ttl <= last; ttl++)
		if (hops[ttl].is_large_answered)
			link.after = (int)ttl;
	link.large_frame = hops[link.after].large_frame;
	for (unsigned ttl = (unsigned)link.after + 1; ttl <= last; ttl++) {
		const struct hop_record *hop = &hops[ttl];

		if (!hop->small_frame || hop->large < 2 ||
			(is_rationing(hop) && hop->rested < LEAST_RESTED))
			continue;
		link.before = (int)ttl;
		link.tries = hop->large;
		link.small_frame = hop->small_frame;
		/* Whatever share of packets it leaves unanswered: of two, it is
		 * the first with a chance of a quarter at most. */
		link.chance = is_rationing(hop) ? pow(0.25, hop->rested) : 0;
		return link;
	}
	if (path->distance)
		link.before = (int)path->distance;
	return link;
}

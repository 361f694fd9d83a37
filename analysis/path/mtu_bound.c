#include "analysis/path/mtu_bound.h"

#include <math.h>

#include "probe/protocol/loss_chance.h"

void mtu_bound_count_sizes(struct path *path)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		enum probe_method method = path_record_method(path, row);
		uint64_t refused = path_record_refused(path, row);

		if (method == METHOD_COUNT ||
			!path_record_is_whole_way(path, row) ||
			sent_probe->ip_bytes > PROBE_MOST_BYTES)
			continue;
		struct size_tally *size =
			&path->sizes[method][sent_probe->ip_bytes];

		if (size->sent++ == 0)
			size->sent_frame = sent_probe->frame;
		if (reply->arrived && size->arrived++ == 0)
			size->arrived_frame = reply->arrived;
		if (reply->arrived && !reply->is_arrived_in_fragments)
			size->arrived_whole++;
		if (refused && size->refused++ == 0) {
			size->refused_frame = refused;
			size->refused_row = (int)row;
		}
	}
}

/* Whether a hop sends any response. */
static bool is_answering(const struct path *path, unsigned ttl)
{
	return ttl > 0 && ttl <= path->hop_count &&
	       path->hops[ttl - 1].rtt_ns != INT64_MAX;
}

/* Packets below every limit, to hops that respond at all: missing responses
 * are loss. Only TCP is answered by every target. */
static void count_loss(const struct path *path, struct mtu_bound *bound)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		enum probe_method method = path_record_method(path, row);
		bool is_whole_way = path_record_is_whole_way(path, row);

		if (method == METHOD_COUNT ||
			sent_probe->ip_bytes > bound->passed ||
			(is_whole_way && method != bound->method) ||
			(!is_whole_way && !is_answering(path, sent_probe->ttl)))
			continue;
		bound->sent_any++;
		bound->lost_any += !reply->arrived &&
				   !path_record_expired(path, row) &&
				   !reply->unreachable;
	}
}

static unsigned answered(const struct size_tally *size, bool is_whole)
{
	return is_whole ? size->arrived_whole : size->arrived;
}

bool mtu_bound_is_overruled(const struct size_tally *size)
{
	return size->refused > size->arrived;
}

/* No size above that has a tally. */
static uint32_t largest_sent(const struct path *path)
{
	uint32_t largest = 0;

	for (uint32_t row = 0; row < path->table.count; row++)
		if (path->table.sent_probe[row].ip_bytes > largest)
			largest = path->table.sent_probe[row].ip_bytes;
	return largest < PROBE_MOST_BYTES ? largest : PROBE_MOST_BYTES;
}

static struct mtu_bound find_bound(
	const struct path *path, enum probe_method method, bool is_whole)
{
	struct mtu_bound bound = {.method = method, .path = path};
	const struct size_tally *sizes = path->sizes[method];
	uint32_t largest = largest_sent(path);

	for (uint32_t size = 1; size <= largest; size++)
		if (answered(&sizes[size], is_whole) &&
			!mtu_bound_is_overruled(&sizes[size]))
			bound.passed = size;
	for (uint32_t size = 1; size <= bound.passed; size++) {
		bound.sent_below += sizes[size].sent;
		bound.lost_below +=
			sizes[size].sent - answered(&sizes[size], is_whole);
	}
	for (uint32_t size = bound.passed + 1; size <= largest; size++)
		if (sizes[size].sent) {
			bound.failed = size;
			bound.sent_above = sizes[size].sent;
			break;
		}
	count_loss(path, &bound);
	return bound;
}

struct mtu_bound mtu_bound_of(const struct path *path, enum probe_method method)
{
	return find_bound(path, method, false);
}

struct mtu_bound mtu_bound_back(const struct path *path)
{
	if (path->is_echo_elsewhere || path->short_frame)
		return (struct mtu_bound){.method = METHOD_ECHO, .path = path};
	return find_bound(path, METHOD_ECHO, true);
}

double mtu_bound_chance(const struct mtu_bound *bound, unsigned tries)
{
	return pow(loss_chance_share(bound->sent_any, bound->lost_any),
		path_record_missing(bound->path, tries));
}

void mtu_bound_set_chance(const struct path *path, struct path_facts *facts,
	enum path_fact unlikely, enum path_fact excluded, double chance)
{
	path_fact_set(
		facts, unlikely, chance < path->thresholds[PATH_LIKELY_CHANCE]);
	path_fact_set(facts, excluded,
		chance < path->thresholds[PATH_CERTAIN_CHANCE]);
}

/* Whether a method's packets of a size are known not to be answered: hosts
 * rate-limit port unreachable, so for UDP a smaller packet that was sent after
 * the last of that size has to be answered. */
static bool is_silence_known(const struct path *path,
	const struct mtu_bound *bound, uint32_t ip_bytes)
{
	bool is_sent = false, is_known = bound->method != METHOD_UDP;

	for (uint32_t row = 0; row < path->table.count; row++) {
		if (path_record_method(path, row) != bound->method ||
			!path_record_is_whole_way(path, row))
			continue;
		if (path->table.sent_probe[row].ip_bytes == ip_bytes) {
			is_sent = true;
			is_known = bound->method != METHOD_UDP;
		} else if (path->table.sent_probe[row].ip_bytes < ip_bytes &&
			   path->replies[row].arrived) {
			is_known = true;
		}
	}
	return is_sent && is_known;
}

void mtu_bound_set_methods(const struct path *path, struct path_facts *facts,
	const struct mtu_bound *bound)
{
	static const enum path_fact agrees[METHOD_COUNT] = {
		[METHOD_TCP] = PATH_FACT_TCP_AGREES,
		[METHOD_ECHO] = PATH_FACT_ICMP_ECHO_AGREES,
		[METHOD_UDP] = PATH_FACT_UDP_AGREES,
	};

	for (int i = 0; i < METHOD_COUNT; i++) {
		struct mtu_bound other =
			mtu_bound_of(path, (enum probe_method)i);
		const struct size_tally *sizes = path->sizes[i];

		if (other.passed == 0 ||
			(other.passed < bound->passed &&
				!is_silence_known(
					path, &other, bound->passed)) ||
			(i == METHOD_ECHO && path->is_echo_elsewhere))
			continue;
		path_fact_set(facts, agrees[i], other.passed == bound->passed);
		path_fact_frames(facts, agrees[i],
			sizes[other.passed].arrived_frame,
			other.failed ? sizes[other.failed].sent_frame : 0);
		path_fact_found(facts, agrees[i], "%u", other.passed);
		path_fact_expected(facts, agrees[i], "%u", bound->passed);
	}
}

void mtu_bound_set_exactness(const struct path *path, struct path_facts *facts,
	enum path_fact fact, const struct mtu_bound *bound)
{
	const struct size_tally *sizes = path->sizes[bound->method];

	path_fact_set(facts, fact, bound->failed == bound->passed + 1);
	path_fact_frames(facts, fact, sizes[bound->failed].sent_frame,
		sizes[bound->passed].arrived_frame);
	path_fact_found(facts, fact, "%u", bound->failed);
	path_fact_expected(facts, fact, "%u", bound->passed + 1);
}

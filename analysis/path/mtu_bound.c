#include "analysis/path/mtu_bound.h"

#include <math.h>
#include <stdio.h>

static const char *const ruler_facts[] = {
	[METHOD_TCP] = "tcp-agrees",
	[METHOD_ECHO] = "icmp-echo-agrees",
	[METHOD_UDP] = "udp-agrees",
};

/* Packets that no limit stopped, to hops that answer at all: what is missing
 * of them is loss. */
static void count_loss(const struct path *path, struct mtu_bound *limit)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		bool is_whole_way = path_is_whole_way(path, sent_probe);

		/* Only TCP is answered by every target. */
		if (path_method_of(sent_probe) == METHOD_COUNT ||
			sent_probe->ip_bytes > limit->passed ||
			(is_whole_way &&
				path_method_of(sent_probe) != limit->method))
			continue;
		if (!is_whole_way &&
			(sent_probe->ttl == 0 ||
				sent_probe->ttl > path->hop_count ||
				path->hops[sent_probe->ttl - 1].rtt_ns ==
					INT64_MAX))
			continue;
		limit->asked_any++;
		limit->lost_any += !reply->arrived && !reply->expired &&
				   !reply->unreachable;
	}
}

static unsigned answered(const struct tally *size, bool is_whole)
{
	return is_whole ? size->arrived_whole : size->arrived;
}

bool mtu_bound_is_overruled(const struct tally *size)
{
	return size->refused > size->arrived;
}

static struct mtu_bound find_limit(
	const struct path *path, enum probe_method method, bool is_whole)
{
	struct mtu_bound limit = {.method = method};
	const struct tally *sizes = path->tallies[method];

	for (uint32_t size = 1; size <= PROBE_MOST_BYTES; size++)
		if (answered(&sizes[size], is_whole) &&
			!mtu_bound_is_overruled(&sizes[size]))
			limit.passed = size;
	for (uint32_t size = 1; size <= limit.passed; size++) {
		limit.asked_below += sizes[size].sent_probe;
		limit.lost_below += sizes[size].sent_probe -
				    answered(&sizes[size], is_whole);
	}
	for (uint32_t size = limit.passed + 1; size <= PROBE_MOST_BYTES; size++)
		if (sizes[size].sent_probe) {
			limit.failed = size;
			limit.asked_above = sizes[size].sent_probe;
			break;
		}
	count_loss(path, &limit);
	return limit;
}

struct mtu_bound mtu_bound_of(const struct path *path, enum probe_method method)
{
	return find_limit(path, method, false);
}

struct mtu_bound mtu_bound_back(const struct path *path)
{
	if (path->is_echo_elsewhere)
		return (struct mtu_bound){.method = METHOD_ECHO};
	return find_limit(path, METHOD_ECHO, true);
}

double mtu_bound_chance(const struct mtu_bound *limit, unsigned tries)
{
	return pow(loss_chance_share(limit->asked_any, limit->lost_any), tries);
}

enum grade mtu_bound_grade(double chance)
{
	if (chance < loss_chance_certain)
		return GRADE_CERTAIN;
	return chance < loss_chance_likely ? GRADE_LIKELY : GRADE_POSSIBLE;
}

enum grade mtu_bound_lesser(enum grade a, enum grade b)
{
	return a < b ? a : b;
}

void mtu_bound_number(char text[FOUND_BYTES], uint32_t number)
{
	(void)snprintf(text, FOUND_BYTES, "%u", number);
}

void mtu_bound_add_methods(const struct path *path, struct finding *finding,
	const struct mtu_bound *limit)
{
	for (int i = 0; i < METHOD_COUNT; i++) {
		struct mtu_bound other =
			mtu_bound_of(path, (enum probe_method)i);
		char found[FOUND_BYTES], expected[FOUND_BYTES];
		const struct tally *sizes = path->tallies[i];
		enum truth holds = TRUTH_NO;

		mtu_bound_number(expected, limit->passed);
		mtu_bound_number(found, other.passed);
		if (other.passed == 0 ||
			(other.passed < limit->passed &&
				!sizes[limit->passed].sent_probe) ||
			(i == METHOD_ECHO && path->is_echo_elsewhere))
			continue;
		if (other.passed == limit->passed)
			holds = TRUTH_YES;
		path_evidence(finding, ruler_facts[i], holds,
			sizes[other.passed].arrived_frame,
			other.failed ? sizes[other.failed].asked_frame : 0,
			found, expected);
	}
}

void mtu_bound_add_exactness(struct finding *finding, const struct path *path,
	const struct mtu_bound *limit)
{
	char found[FOUND_BYTES], expected[FOUND_BYTES];
	const struct tally *failed =
		&path->tallies[limit->method][limit->failed];

	mtu_bound_number(expected, limit->passed + 1);
	mtu_bound_number(found, limit->failed);
	path_evidence(finding, "next-size-fails",
		limit->failed == limit->passed + 1 ? TRUTH_YES : TRUTH_NO,
		failed->asked_frame,
		path->tallies[limit->method][limit->passed].arrived_frame,
		found, expected);
}

void mtu_bound_advise(struct finding *finding, const struct path *path)
{
	uint32_t header = segment_header_bytes(path->comment.family);

	if (finding->direction == PATH_REVERSE) {
		(void)snprintf(finding->advice, sizeof(finding->advice),
			"Clamp the MSS on the way: nft add rule inet filter "
			"forward tcp flags syn tcp option maxseg size set %u; "
			"or let \"too big\" messages through to the target; or "
			"set MTU %u on its interface.",
			finding->mtu - header, finding->mtu);
		return;
	}
	char place[64] = "before the link";

	if (finding->after_hop > 0)
		(void)snprintf(
			place, sizeof(place), "at hop %d", finding->after_hop);
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Clamp the MSS %s: nft add rule inet filter forward tcp flags "
		"syn tcp option maxseg size set %u; or let %s from there "
		"through to the senders; or set MTU %u on this host's "
		"interface.",
		place, finding->mtu - header,
		path->comment.family == 4 ? "ICMP type 3 code 4"
					  : "ICMPv6 type 2",
		finding->mtu);
}

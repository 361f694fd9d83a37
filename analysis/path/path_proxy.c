#include "analysis/path/path_proxy.h"

#include <string.h>

#include "analysis/verdict/ttl_spread.h"

/* Whether segments with one hop less expired: one that did not may be lost. */
static bool is_exact(const struct path *path, unsigned hop)
{
	for (uint32_t row = 0; row < path->table.count; row++)
		if (path->table.sent_probe[row].ttl == hop - 1 &&
			path_record_method(path, row) == METHOD_TCP &&
			path_record_expired(path, row))
			return true;
	return hop == 1;
}

/* The response of who reported that hop limit to the method; NULL: nobody. */
static const struct reply *reporter_of(
	const struct path *path, enum probe_method method, unsigned ttl)
{
	for (uint32_t row = 0; row < path->table.count; row++)
		if (path->table.sent_probe[row].ttl == ttl &&
			path_record_method(path, row) == method &&
			path_record_expired(path, row))
			return &path->replies[row];
	return NULL;
}

/* Both take one route to a proxy. */
static void set_routers(
	const struct path *path, struct path_facts *facts, unsigned nearer)
{
	const enum path_fact fact = PATH_FACT_ECHO_BY_SAME_ROUTERS;

	for (unsigned ttl = 1; ttl < nearer; ttl++) {
		const struct reply *tcp = reporter_of(path, METHOD_TCP, ttl);
		const struct reply *echo = reporter_of(path, METHOD_ECHO, ttl);
		bool is_same;

		if (!tcp || !echo)
			continue;
		is_same = memcmp(&tcp->expired_from, &echo->expired_from,
				  sizeof(tcp->expired_from)) == 0;
		path_fact_set(facts, fact, is_same);
		path_fact_frames(facts, fact, echo->expired, tcp->expired);
		path_fact_found(facts, fact, "%s hop %u",
			is_same ? "up to" : "another at", ttl);
		path_fact_expected(
			facts, fact, "the same, up to hop %u", nearer - 1);
		if (!is_same)
			return;
	}
}

/* A TTL of either sort with as many routers as one of the other has passed. */
static void set_replies(const struct path *path, struct path_facts *facts)
{
	const enum path_fact fact = PATH_FACT_REPLIES_FROM_AS_FAR;
	bool is_tcp = false, is_other = false;

	for (unsigned i = 1; i <= UINT8_MAX; i++) {
		is_tcp = is_tcp || path->tcp_ttls[i];
		is_other = is_other || path->other_ttls[i];
		for (unsigned j = 1; path->tcp_ttls[i] && j <= UINT8_MAX; j++) {
			if (!path->other_ttls[j] ||
				ttl_hops((uint8_t)i) != ttl_hops((uint8_t)j))
				continue;
			path_fact_set(facts, fact, true);
			path_fact_frames(facts, fact, path->tcp_ttls[i],
				path->other_ttls[j]);
			path_fact_found(facts, fact, "ttl %u", i);
			path_fact_expected(facts, fact, "ttl %u", j);
			return;
		}
	}
	if (is_tcp && is_other)
		path_fact_set(facts, fact, false);
}

void path_proxy_set(const struct path *path, struct path_facts *facts)
{
	unsigned tcp = path->tcp_distance, echo = path->echo_distance;
	unsigned apart = tcp < echo ? echo - tcp : tcp - echo;

	if (!path->is_echo_elsewhere || path->opened_frame == 0)
		return;
	path_fact_set(facts, PATH_FACT_ECHO_FARTHER, tcp < echo);
	path_fact_set(facts, PATH_FACT_HOPS_APART,
		apart >= path->thresholds[PATH_PROXY_HOPS_APART]);
}

void path_proxy_cases(
	const struct path *path, const struct path_case_sink *sink)
{
	unsigned tcp = path->tcp_distance, echo = path->echo_distance;
	struct path_case one;

	if (!path->is_echo_elsewhere || path->opened_frame == 0)
		return;
	path_case_begin(&one, PATH_SUBJECT_PROXY, path->comment.family);
	path_fact_set(&one.facts, PATH_FACT_ECHO_AT_SAME_HOP, false);
	path_fact_found(
		&one.facts, PATH_FACT_ECHO_AT_SAME_HOP, "echo at hop %u", echo);
	path_fact_expected(
		&one.facts, PATH_FACT_ECHO_AT_SAME_HOP, "hop %u, as TCP", tcp);
	path_proxy_set(path, &one.facts);
	set_routers(path, &one.facts, tcp < echo ? tcp : echo);
	set_replies(path, &one.facts);
	path_case_word(
		&one.words, PATH_WORD_PLACE, "the device that answers it");
	if (tcp > echo || is_exact(path, tcp)) {
		one.figures.hop = (int)(tcp < echo ? tcp : echo);
		path_case_word(&one.words, PATH_WORD_PLACE, "hop %d",
			one.figures.hop);
	}
	sink->take(sink->context, &one);
}

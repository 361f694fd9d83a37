#include "analysis/path/path_proxy.h"

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
	path_case_word(
		&one.words, PATH_WORD_PLACE, "the device that answers it");
	if (tcp > echo || is_exact(path, tcp)) {
		one.figures.hop = (int)(tcp < echo ? tcp : echo);
		path_case_word(&one.words, PATH_WORD_PLACE, "hop %d",
			one.figures.hop);
	}
	sink->take(sink->context, &one);
}

/* The records of the JSON report as they are, and a line for each packet that
 * measured something:
 *
 *   ["q", time, hop limit, whole way, method, bytes, outcome, ns until the
 *    answer, frame, frame of the answer, MTU that a router claimed]
 *   ["t", ns idle, outcome, hop limit of refreshes, frame, frame of the answer]
 *
 * the second for each test of an idle connection. */
#include "report/page/page_path.h"

#include "analysis/path/path_idle_result.h"
#include "report/address_text.h"
#include "report/page/page.h"
#include "report/page/page_glossary.h"
#include "report/report_path.h"

enum row_outcome {
	OUTCOME_SILENCE,
	OUTCOME_ARRIVED, /* the target answered */
	OUTCOME_EXPIRED, /* a router answered, where the hop limit ended */
	OUTCOME_REFUSED, /* "too big" */
	OUTCOME_UNREACHABLE,
};

static void summary(struct report_page *page, const struct path *path)
{
	const struct section_comment *comment = path_comment(path);
	struct path_totals totals;
	char target[ADDRESS_TEXT];
	struct json *json = page_json(page);

	path_totals(path, &totals);
	page_set_first_time(page, totals.first_ns);
	address_text(target, &comment->target, comment->family);
	json_record(json, "summary");
	json_string(json, "kind", "path");
	json_string(json, "version", CULPRIT_VERSION);
	json_string(json, "target", target);
	json_number(json, "port", comment->port);
	json_number(json, "interface_mtu", comment->interface_mtu);
	json_number(json, "sent", totals.sent);
	json_number(json, "heard", totals.heard);
	json_number(json, "distance", totals.distance);
	json_number(json, "own_mss", totals.own_mss);
	json_number(json, "peer_mss", totals.peer_mss);
	json_boolean(json, "complete", !path_is_interrupted(path));
	json_time(json, "first_time", totals.first_ns);
	json_time(json, "last_time", totals.last_ns);
	json_record_end(json);
}

struct answer {
	enum row_outcome outcome;
	uint64_t frame;
	int64_t time_ns;
};

static struct answer answer_of(const struct path *path, uint32_t row)
{
	const struct reply *reply = &path->replies[row];

	if (reply->arrived)
		return (struct answer){
			OUTCOME_ARRIVED, reply->arrived, reply->arrived_ns};
	if (path_record_expired(path, row))
		return (struct answer){
			OUTCOME_EXPIRED, reply->expired, reply->expired_ns};
	if (path_record_refused(path, row))
		return (struct answer){
			OUTCOME_REFUSED, reply->refused, INT64_MIN};
	if (reply->unreachable)
		return (struct answer){
			OUTCOME_UNREACHABLE, reply->unreachable, INT64_MIN};
	return (struct answer){OUTCOME_SILENCE, 0, INT64_MIN};
}

static void probe_line(
	struct report_page *page, const struct path *path, uint32_t row)
{
	static const char *const words[] = {[METHOD_TCP] = "TCP",
		[METHOD_ECHO] = "ICMP",
		[METHOD_UDP] = "UDP"};
	const struct sent_probe *probe = &path->table.sent_probe[row];
	enum probe_method method = path_record_method(path, row);
	struct answer answer = answer_of(path, row);
	struct json *json = page_json(page);

	if (method == METHOD_COUNT)
		return;
	json_row(json);
	json_string(json, NULL, "q");
	page_time(page, probe->time_ns);
	json_number(json, NULL, probe->ttl);
	json_number(json, NULL, path_record_is_whole_way(path, row));
	page_text(page, words[method]);
	json_number(json, NULL, probe->ip_bytes);
	json_number(json, NULL, answer.outcome);
	json_signed(json, NULL,
		path_record_elapsed_ns(probe->time_ns, answer.time_ns));
	json_number(json, NULL, probe->frame);
	json_number(json, NULL, answer.frame);
	json_number(json, NULL,
		answer.outcome == OUTCOME_REFUSED
			? path->replies[row].claimed_mtu
			: 0);
	json_row_end(json);
}

static void idle_line(struct report_page *page, const struct idle_test *test)
{
	struct json *json = page_json(page);

	json_row(json);
	json_string(json, NULL, "t");
	json_signed(json, NULL, test->idle_ns);
	json_number(json, NULL, test->outcome);
	json_number(json, NULL, test->hop_limit);
	json_number(json, NULL, test->asked_frame);
	json_number(json, NULL, test->answer_frame);
	json_row_end(json);
}

bool page_path(const struct path *path, FILE *out)
{
	struct report_page *page = page_begin(out);

	if (!page)
		return false;
	summary(page, path);
	page_glossary_path(page);
	report_path_json_lines(page_json(page), path);
	for (uint32_t row = 0; row < path->table.count; row++)
		probe_line(page, path, row);
	for (unsigned i = 0; i < path->idle.test_count; i++)
		if (path_idle_counts(path, &path->idle.tests[i]))
			idle_line(page, &path->idle.tests[i]);
	page_end(page);
	return true;
}

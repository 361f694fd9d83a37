#include "probe/protocol/probe_command.h"
#include "report/address_text.h"
#include "report/json.h"
#include "report/path_evidence_json.h"
#include "report/report_cause.h"
#include "report/report_path.h"
#include "report/report_path_idle.h"
#include "report/report_path_injector.h"
#include "report/report_path_ssh.h"
#include "report/report_path_tls.h"

static void target(struct json *json, const struct path *path)
{
	char text[PROBE_TARGET_TEXT];

	probe_target_text(path_comment(path), text);
	json_string(json, "target", text);
}

static void number_if(struct json *json, const char *key, uint32_t number)
{
	if (number)
		json_number(json, key, number);
}

static void hop_if(struct json *json, const char *key, int hop)
{
	if (hop != HOP_NOT_KNOWN)
		json_signed(json, key, hop);
}

static void percents(struct json *json, const struct finding *finding)
{
	if (!finding->has_percent)
		return;
	json_real(json, "percent", finding->percent, 1);
	json_real(json, "percent_large", finding->percent_large, 1);
	json_real(json, "percent_low", finding->percent_low, 1);
	json_real(json, "percent_high", finding->percent_high, 1);
}

static void finding_line(struct json *json, const struct path *path,
	const struct finding *finding)
{
	char reporter[ADDRESS_TEXT];

	json_record(json, "finding");
	target(json, path);
	json_number(json, "port", path_comment(path)->port);
	json_string(json, "finding", finding_kind_word(finding->kind));
	json_string(json, "grade", grade_word(finding->grade));
	json_string(json, "signature", finding->row);
	json_text(
		json, "direction", finding_direction_word(finding->direction));
	number_if(json, "mtu", finding->mtu);
	hop_if(json, "after_hop", finding->after_hop);
	hop_if(json, "before_hop", finding->before_hop);
	hop_if(json, "limited_after_hop", finding->limited_after_hop);
	hop_if(json, "hop", finding->hop);
	if (finding->has_reporter) {
		address_text(reporter, &finding->reporter,
			path_comment(path)->family);
		json_string(json, "reported_by", reporter);
	}
	number_if(json, "sent", finding->sent);
	number_if(json, "arrived", finding->arrived);
	json_text(json, "state", finding_state_word(finding->state));
	json_text(json, "by", finding_rejecter_word(finding->by));
	if (finding->sender != PARTY_UNKNOWN)
		json_string(json, "sender", party_word(finding->sender));
	json_text(json, "kind", finding_fragments_word(finding->fragments));
	json_text(json, "field", finding_field_word(finding->field));
	report_path_idle_json(json, finding);
	report_path_injector_json(json, finding);
	report_path_ssh_json(json, finding);
	report_path_tls_json(json, finding);
	percents(json, finding);
	path_evidence_json(json, finding->evidence, finding->evidence_count);
	json_text(json, "could_also_be", finding->other);
	json_text(json, "advice", finding->advice);
	json_record_end(json);
}

/* A question that is excluded, or not determined. */
static void statement_line(struct json *json, const struct path *path,
	const struct path_statement *statement, bool is_open)
{
	const struct path_question_text *question =
		path_question_text((enum path_question)statement->question);

	json_record(json, is_open ? "undetermined" : "excluded");
	target(json, path);
	json_number(json, "port", path_comment(path)->port);
	json_string(json, "question", finding_kind_word(question->kind));
	json_text(
		json, "direction", finding_direction_word(question->direction));
	if (question->causes)
		report_path_ssh_causes_json(json, question->causes);
	json_string(json, "signature", statement->row);
	json_string(json, "reason", statement->reason);
	if (statement->evidence_count)
		path_evidence_json(
			json, statement->evidence, statement->evidence_count);
	if (is_open)
		json_text(json, "settled_by", statement->settled_by);
	json_record_end(json);
}

static void hop_line(
	struct json *json, const struct path *path, const struct path_hop *hop)
{
	char address[ADDRESS_TEXT];

	json_record(json, "hop");
	target(json, path);
	json_number(json, "ttl", hop->ttl);
	if (hop->has_address) {
		address_text(
			address, &hop->address, path_comment(path)->family);
		json_string(json, "address", address);
	}
	if (hop->rtt_ns != INT64_MAX)
		json_real(json, "rtt_ms", (double)hop->rtt_ns / 1e6, 3);
	if (hop->timed) {
		json_real(json, "rtt_average_ms", hop->average_ns / 1e6, 3);
		json_real(json, "rtt_worst_ms", (double)hop->worst_ns / 1e6, 3);
		json_real(json, "rtt_deviation_ms", hop->deviation_ns / 1e6, 3);
	}
	json_number(json, "sent", hop->sent);
	json_number(json, "lost", hop->lost);
	if (hop->sent)
		json_real(
			json, "loss_percent", 100.0 * hop->lost / hop->sent, 1);
	json_text(json, "name", hop->name);
	json_record_end(json);
}

/* What it took, from the first packet to the last. */
static void summary_line(struct json *json, const struct path *path)
{
	struct path_totals totals;
	char experiments[EXPERIMENTS_BYTES];

	probe_experiments_write(
		path_comment(path)->experiments, ",", experiments);
	path_totals(path, &totals);
	json_record(json, "summary");
	target(json, path);
	json_string(json, "experiments", experiments);
	json_number(json, "sent", totals.sent);
	json_number(json, "heard", totals.heard);
	if (totals.out_of_window_icmp)
		json_number(
			json, "out_of_window_icmp", totals.out_of_window_icmp);
	if (totals.distance)
		json_number(json, "distance", totals.distance);
	if (totals.first_ns != INT64_MIN)
		json_seconds(json, "seconds", totals.last_ns - totals.first_ns);
	if (totals.delays.count) {
		const struct path_delays *delays = &totals.delays;

		json_real(json, "rtt_least_ms", (double)delays->least_ns / 1e6,
			3);
		json_real(json, "rtt_median_ms",
			(double)delays->median_ns / 1e6, 3);
		json_real(
			json, "rtt_most_ms", (double)delays->most_ns / 1e6, 3);
		json_real(
			json, "jitter_ms", (double)delays->jitter_ns / 1e6, 3);
	}
	if (totals.backends.count > 1)
		json_number(json, "backends", totals.backends.count);
	if (totals.idle_survived_ns)
		json_real(json, "idle_survived_s",
			(double)totals.idle_survived_ns / 1e9, 3);
	report_path_ssh_times_json(json, &totals);
	report_path_tls_times_json(json, &totals);
	if (totals.is_cut)
		json_boolean(json, "cut", true);
	if (totals.capture_lost)
		json_number(json, "capture_lost", totals.capture_lost);
	if (path_is_interrupted(path))
		json_boolean(json, "interrupted", true);
	json_record_end(json);
}

void report_path_json_lines(struct json *json, const struct path *path)
{
	for (unsigned i = 0; i < path_hop_count(path); i++)
		hop_line(json, path, path_hop(path, i));
	for (unsigned i = 0; i < path_finding_count(path); i++)
		finding_line(json, path, path_finding(path, i));
	for (unsigned i = 0; i < path_excluded_count(path); i++)
		statement_line(json, path, path_excluded(path, i), false);
	for (unsigned i = 0; i < path_open_count(path); i++)
		statement_line(json, path, path_open(path, i), true);
	report_cause_json(json, path);
	summary_line(json, path);
}

void report_path_json(const struct path *path, FILE *out)
{
	struct json json;

	json_begin(&json, out);
	report_path_json_lines(&json, path);
}

#include "analysis/cause/cause_words.h"
#include "probe/protocol/probe_command.h"
#include "report/path_evidence_json.h"
#include "report/report_cause.h"

static void target(struct json *json, const struct path *path)
{
	char text[PROBE_TARGET_TEXT];

	probe_target_text(path_comment(path), text);
	json_string(json, "target", text);
	json_number(json, "port", path_comment(path)->port);
}

static void client_line(struct json *json, const struct path *path)
{
	const struct client_settings *client = path_client(path);
	unsigned keepalive_s = client_settings_keepalive_s(client);

	if (!client->is_ssh_known && !client->kernel_idle_s)
		return;
	json_record(json, "client");
	target(json, path);
	if (client->is_ssh_known) {
		json_number(json, "server_alive_interval_s", client->alive_s);
		json_number(
			json, "server_alive_count_max", client->alive_count);
		json_boolean(json, "tcp_keepalive", client->has_tcp_keepalive);
		json_boolean(json, "proxy", client->has_proxy);
		json_number(json, "ssh_port", client->port);
	}
	if (client->kernel_idle_s) {
		json_number(json, "kernel_idle_s", client->kernel_idle_s);
		json_number(
			json, "kernel_interval_s", client->kernel_interval_s);
		json_number(json, "kernel_probes", client->kernel_probes);
	}
	if (keepalive_s)
		json_number(json, "keepalive_s", keepalive_s);
	json_record_end(json);
}

static void check(struct json *json, const struct path *path, const char *key,
	const char *text)
{
	char filled[CAUSE_BECAUSE];

	if (!text)
		return;
	cause_words_fill(path, NULL, text, filled, sizeof(filled));
	json_string(json, key, filled);
}

/* What the verdict was derived from. */
static void source(struct json *json, const struct cause_verdict *verdict)
{
	const struct finding *finding = verdict->finding;
	const struct path_statement *statement = verdict->statement;

	if (finding) {
		json_string(json, "signature", finding->row);
		path_evidence_json(
			json, finding->evidence, finding->evidence_count);
	} else if (statement) {
		json_string(json, "signature", statement->row);
		if (statement->evidence_count)
			path_evidence_json(json, statement->evidence,
				statement->evidence_count);
	}
	if (verdict->frame)
		json_number(json, "frame", verdict->frame);
}

static void cause_line(struct json *json, const struct path *path,
	const struct cause_verdict *verdict, unsigned rank)
{
	const struct cause_text *known = cause_text(verdict->cause);

	json_record(json, "cause");
	target(json, path);
	json_string(json, "cause", known->word);
	json_string(json, "state", cause_state_word(verdict->state));
	if (verdict->state == CAUSE_FOUND) {
		json_number(json, "rank", rank);
		json_string(json, "grade", grade_word(verdict->grade));
	}
	json_string(json, "reason", verdict->because);
	source(json, verdict);
	json_text(json, "could_also_be", verdict->other);
	json_text(json, "advice", verdict->advice);
	json_text(json, "settled_by", verdict->test);
	if (verdict->state != CAUSE_EXCLUDED) {
		check(json, path, "at_client", known->client);
		check(json, path, "at_server", known->server);
		check(json, path, "in_log", known->log);
		check(json, path, "in_network", known->network);
	}
	json_record_end(json);
}

void report_cause_json(struct json *json, const struct path *path)
{
	struct diagnosis diagnosis;

	client_line(json, path);
	diagnosis_make(path, &diagnosis);
	for (unsigned i = 0; i < diagnosis.count; i++)
		cause_line(json, path, &diagnosis.verdicts[i], i + 1);
}

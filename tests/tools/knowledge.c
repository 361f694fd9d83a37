/* Prints what the analysis knows (facts, signatures with their ranks, idle
 * timers, thresholds), and the formats of reports, as lines of JSON.
 * docs/evidence.md, docs/thresholds.md and a part of docs/man/culprit.1.scd are
 * written from them, see tests/docs/sync.py. */
#include "analysis/learned/idle_stats.h"
#include "analysis/thresholds/thresholds.h"
#include "analysis/verdict/knowledge.h"
#include "report/format.h"
#include "report/json.h"
#include "report/json_fields.h"

static const char *const roles[] = {
	[ROLE_UNKNOWN] = "unknown",
	[ROLE_SENDER] = "the named side",
	[ROLE_PEER] = "the other side",
	[ROLE_SERVER] = "server",
	[ROLE_CLIENT] = "client",
	[ROLE_MIDDLEBOX] = "middlebox",
	[ROLE_NONE] = "none",
	[ROLE_NAT] = "nat-timeout",
	[ROLE_MTU] = "path-mtu",
	[ROLE_LOSS] = "path-loss",
	[ROLE_FIRST_TO_CLOSE] = "who closed first",
};

static void print_facts(struct json *json)
{
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		json_record(json, "fact");
		json_string(json, "word", fact_word((enum fact)i));
		json_string(json, "settled_by", fact_settled_by((enum fact)i));
		json_record_end(json);
	}
}

static void fact_list(
	struct json *json, const char *key, const struct bit_set *facts)
{
	json_array(json, key);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (bit_set_has(facts, i))
			json_string(json, NULL, fact_word((enum fact)i));
	json_array_end(json);
}

static void print_readings(struct json *json, const struct signature *row)
{
	json_array(json, "also");
	for (unsigned i = 0; i < SIGNATURE_ALSO && row->also[i].mechanism;
		i++) {
		json_object(json, NULL);
		json_string(json, "mechanism",
			mechanism_word(row->also[i].mechanism));
		json_string(json, "culprit", roles[row->also[i].culprit]);
		json_string(json, "why", row->also[i].why);
		json_object_end(json);
	}
	json_array_end(json);
}

static void print_ranks(struct json *json, const struct signature *row)
{
	json_array(json, "outranks");
	for (unsigned i = 0; i < SIGNATURE_RANKS && row->outranks[i].over;
		i++) {
		json_object(json, NULL);
		json_string(json, "over", row->outranks[i].over);
		json_string(json, "why", row->outranks[i].why);
		json_object_end(json);
	}
	json_array_end(json);
	if (row->outranks_others)
		json_string(json, "outranks_others", row->outranks_others);
}

static void print_signatures(struct json *json)
{
	struct knowledge_table tables[KNOWLEDGE_TABLES];

	knowledge_tables(tables);
	for (unsigned i = 0; i < KNOWLEDGE_TABLES; i++)
		for (unsigned j = 0; j < tables[i].count; j++) {
			const struct signature *row = &tables[i].rows[j];

			json_record(json, "signature");
			json_string(json, "table", tables[i].title);
			json_string(json, "name", row->name);
			fact_list(json, "needs", &row->needs);
			fact_list(json, "denies", &row->denies);
			fact_list(json, "forbids", &row->forbids);
			fact_list(json, "keeps", &row->keeps);
			json_string(json, "mechanism",
				mechanism_word(row->mechanism));
			json_string(json, "sender", roles[row->sender]);
			json_string(json, "culprit", roles[row->culprit]);
			json_string(json, "grade", grade_word(row->grade));
			json_string(json, "summary", row->summary);
			print_readings(json, row);
			print_ranks(json, row);
			json_string(json, "why", row->why ? row->why : "");
			json_record_end(json);
		}
}

static void print_timers(struct json *json)
{
	unsigned count;
	const struct idle_timer *timers = idle_stats_known_timers(&count);

	for (unsigned i = 0; i < count; i++) {
		json_record(json, "timer");
		json_number(json, "seconds", timers[i].seconds);
		json_string(json, "boxes", timers[i].boxes);
		json_string(json, "source", timers[i].source);
		json_record_end(json);
	}
}

static void print_thresholds(struct json *json)
{
	unsigned count;
	const struct threshold *rows = thresholds_rows(&count);

	for (unsigned i = 0; i < count; i++) {
		json_record(json, "threshold");
		json_string(json, "name", rows[i].name);
		json_signed(json, "value", rows[i].value);
		json_string(json, "decides", rows[i].decides);
		json_string(json, "source", rows[i].source);
		json_string(json, "moved_by", rows[i].moved_by);
		json_record_end(json);
	}
}

static void print_formats(struct json *json)
{
	const struct report_format *format;

	for (unsigned i = 0; (format = report_format_at(i)) != NULL; i++) {
		json_record(json, "format");
		json_string(json, "name", format->name);
		json_string(
			json, "suffix", format->suffix ? format->suffix : "");
		json_string(json, "help", format->help);
		json_boolean(json, "incidents",
			report_format_has(format, REPORT_INCIDENTS));
		json_boolean(
			json, "path", report_format_has(format, REPORT_PATH));
		json_boolean(json, "packets",
			report_format_has(format, REPORT_PACKETS));
		json_boolean(json, "comparison",
			report_format_has(format, REPORT_COMPARISON));
		json_boolean(
			json, "words", report_format_has(format, REPORT_WORDS));
		json_record_end(json);
	}
}

static void print_fields(struct json *json)
{
	const struct json_field *field;

	for (unsigned i = 0; (field = json_field_at(i)) != NULL; i++) {
		json_record(json, "field");
		json_string(json, "records", field->records);
		json_string(json, "path", field->path);
		json_string(json, "json_type", json_type_word(field->type));
		json_boolean(json, "is_time", field->type == JSON_TIME);
		json_string(json, "meaning", field->meaning);
		json_record_end(json);
	}
}

int main(void)
{
	struct json json;

	json_begin(&json, stdout);
	print_facts(&json);
	print_signatures(&json);
	print_timers(&json);
	print_thresholds(&json);
	print_formats(&json);
	print_fields(&json);
	return ferror(stdout) || fclose(stdout);
}

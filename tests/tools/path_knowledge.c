/* Prints what the judge of paths knows (facts, rows, doubts, remedies,
 * thresholds, the rules of the prober) as lines of JSON. docs/paths.md is
 * written from them, see tests/docs/paths.py. */
#include "analysis/path/path_fact_text.h"
#include "analysis/path/path_rows.h"
#include "analysis/path/path_threshold.h"
#include "report/json.h"

static void text(struct json *json, const char *key, const char *value)
{
	json_string(json, key, value ? value : "");
}

static void print_facts(struct json *json)
{
	for (int i = 1; i < PATH_FACT_COUNT; i++) {
		const struct path_fact_text *fact =
			path_fact_text((enum path_fact)i);

		json_record(json, "fact");
		text(json, "word", fact->word);
		text(json, "holds", fact->holds);
		text(json, "source", fact->source);
		text(json, "fooled", fact->fooled);
		json_record_end(json);
	}
}

static void print_list(struct json *json, const char *key,
	const enum path_fact *facts, int most)
{
	json_array(json, key);
	for (int i = 0; i < most && facts[i]; i++)
		json_string(json, NULL, path_fact_text(facts[i])->word);
	json_array_end(json);
}

static void print_when(struct json *json, const struct path_when *when)
{
	print_list(json, "needs", when->needs, PATH_FACTS_MOST);
	print_list(json, "denies", when->denies, PATH_FACTS_MOST);
	print_list(json, "forbids", when->forbids, PATH_FACTS_MOST);
	print_list(json, "keeps", when->keeps, PATH_FACTS_MOST);
}

static void print_of(struct json *json, const char *const *of)
{
	json_array(json, "of");
	for (int i = 0; i < PATH_OF_MOST && of[i]; i++)
		json_string(json, NULL, of[i]);
	json_array_end(json);
}

static void print_ranks(struct json *json, const struct path_outranks *ranks)
{
	json_array(json, "outranks");
	for (int i = 0; i < PATH_OUTRANKS_MOST && ranks[i].name; i++) {
		json_object(json, NULL);
		json_string(json, "over", ranks[i].name);
		json_string(json, "why", ranks[i].why);
		json_object_end(json);
	}
	json_array_end(json);
}

static void print_questions(struct json *json, unsigned questions)
{
	for (int i = 0; i < QUESTION_COUNT; i++)
		if (questions >> i & 1)
			json_string(json, NULL,
				path_question_text((enum path_question)i)
					->name);
}

static void print_row(
	struct json *json, const char *title, const struct path_row *row)
{
	json_record(json, "row");
	text(json, "table", title);
	text(json, "name", row->name);
	print_when(json, &row->when);
	print_ranks(json, row->outranks);
	text(json, "finding",
		row->kind == FINDING_COUNT ? NULL
					   : finding_kind_word(row->kind));
	text(json, "grade", grade_word(row->grade));
	text(json, "direction", finding_direction_word(row->direction));
	text(json, "state", finding_state_word(row->state));
	text(json, "by", finding_rejecter_word(row->by));
	text(json, "kind", finding_fragments_word(row->fragments));
	print_list(json, "shows", row->shows, PATH_SHOWN_MOST);
	json_array(json, "excludes");
	print_questions(json, row->excludes);
	json_array_end(json);
	json_array(json, "opens");
	print_questions(json, row->opens);
	json_array_end(json);
	text(json, "settled_by", row->settled_by);
	text(json, "says", row->says);
	json_record_end(json);
}

static void print_table(struct json *json, const struct path_table *table)
{
	for (unsigned i = 0; i < table->row_count; i++)
		print_row(json, table->title, &table->rows[i]);
	for (unsigned i = 0; i < table->doubt_count; i++) {
		const struct path_doubt *doubt = &table->doubts[i];

		json_record(json, "doubt");
		text(json, "table", table->title);
		text(json, "name", doubt->name);
		print_of(json, doubt->of);
		print_when(json, &doubt->when);
		print_ranks(json, doubt->outranks);
		text(json, "most", grade_word(doubt->most));
		text(json, "other", doubt->other);
		json_record_end(json);
	}
	for (unsigned i = 0; i < table->remedy_count; i++) {
		const struct path_remedy *remedy = &table->remedies[i];

		json_record(json, "remedy");
		text(json, "table", table->title);
		text(json, "name", remedy->name);
		print_of(json, remedy->of);
		print_when(json, &remedy->when);
		text(json, "advice", remedy->advice);
		json_record_end(json);
	}
}

static void print_thresholds(struct json *json)
{
	for (int i = 0; i < PATH_THRESHOLD_COUNT; i++) {
		const struct path_threshold_text *threshold =
			path_threshold_text((enum path_threshold)i);

		json_record(json, "threshold");
		text(json, "name", threshold->name);
		json_real(json, "value", threshold->value, 6);
		text(json, "unit", threshold->unit);
		text(json, "means", threshold->means);
		text(json, "source", threshold->source);
		text(json, "moved_by", threshold->moved_by);
		json_record_end(json);
	}
}

int main(void)
{
	struct json json;

	json_begin(&json, stdout);
	print_facts(&json);
	for (int i = 0; i < PATH_SUBJECT_COUNT; i++)
		print_table(&json, path_rows[i]);
	print_thresholds(&json);
	return ferror(stdout) || fclose(stdout);
}

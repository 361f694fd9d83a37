#include "tests/support/path_mutants.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "analysis/path/path_fact_text.h"
#include "analysis/path/path_rows.h"

enum { ROWS_MOST = 32 };

/* A table that can be changed. */
struct draft {
	enum path_subject subject;
	const struct path_mutant_sink *sink;
	struct path_row rows[ROWS_MOST];
	struct path_doubt doubts[ROWS_MOST];
	struct path_remedy remedies[ROWS_MOST];
	struct path_table table;
};

static void copy(struct draft *draft)
{
	const struct path_table *table = path_rows[draft->subject];

	assert(table->row_count <= ROWS_MOST &&
		table->doubt_count <= ROWS_MOST &&
		table->remedy_count <= ROWS_MOST);
	memcpy(draft->rows, table->rows,
		table->row_count * sizeof(draft->rows[0]));
	if (table->doubt_count)
		memcpy(draft->doubts, table->doubts,
			table->doubt_count * sizeof(draft->doubts[0]));
	if (table->remedy_count)
		memcpy(draft->remedies, table->remedies,
			table->remedy_count * sizeof(draft->remedies[0]));
	draft->table = *table;
	draft->table.rows = draft->rows;
	draft->table.doubts = draft->doubts;
	draft->table.remedies = draft->remedies;
}

static void hand_in(struct draft *draft, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Hands it in as changed, and makes it what it was. */
static void hand_in(struct draft *draft, const char *format, ...)
{
	char name[PATH_MUTANT_NAME];
	int used = snprintf(
		name, sizeof(name), "%s: ", path_rows[draft->subject]->title);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(
		name + used, sizeof(name) - (size_t)used, format, arguments);
	va_end(arguments);
	draft->sink->take(
		draft->sink->context, name, draft->subject, &draft->table);
	copy(draft);
}

static void leave_out_facts(struct draft *draft, const char *of,
	const char *word, enum path_fact *list)
{
	for (int i = 0; i < PATH_FACTS_MOST && list[i]; i++) {
		enum path_fact fact = list[i];

		for (int j = i; j < PATH_FACTS_MOST; j++)
			list[j] = j + 1 < PATH_FACTS_MOST ? list[j + 1]
							  : PATH_FACT_NONE;
		hand_in(draft, "%s without %s %s", of, word,
			path_fact_text(fact)->word);
	}
}

static void leave_out_conditions(
	struct draft *draft, const char *of, struct path_when *when)
{
	leave_out_facts(draft, of, "needs", when->needs);
	leave_out_facts(draft, of, "denies", when->denies);
	leave_out_facts(draft, of, "forbids", when->forbids);
	leave_out_facts(draft, of, "keeps", when->keeps);
}

static void leave_out_ranks(
	struct draft *draft, const char *of, struct path_outranks *ranks)
{
	for (int i = 0; i < PATH_OUTRANKS_MOST && ranks[i].name; i++) {
		const char *name = ranks[i].name;

		ranks[i].name = ""; /* no row's */
		hand_in(draft, "%s without outranks %s", of, name);
	}
}

/* Who is of no row is of any; who is of one alone and loses it, of none, as if
 * it were not there. */
static void leave_out_names(
	struct draft *draft, const char *of, const char **names)
{
	for (int i = 0; i < PATH_OF_MOST && names[i] && names[1]; i++) {
		const char *name = names[i];

		names[i] = ""; /* no row's */
		hand_in(draft, "%s without of %s", of, name);
	}
	if (names[0]) {
		names[0] = NULL;
		hand_in(draft, "%s of any row", of);
	}
}

static void change_row(struct draft *draft, unsigned index)
{
	struct path_row *row = &draft->rows[index];
	const char *name = row->name;

	draft->table.row_count--;
	memmove(row, row + 1, (draft->table.row_count - index) * sizeof(*row));
	hand_in(draft, "no %s", name);
	leave_out_conditions(draft, name, &row->when);
	leave_out_ranks(draft, name, row->outranks);
	for (int i = 0; i < QUESTION_COUNT; i++) {
		const char *question =
			path_question_text((enum path_question)i)->name;

		if (row->excludes >> i & 1) {
			row->excludes &= ~(1u << i);
			hand_in(draft, "%s without excludes %s", name,
				question);
		}
		if (row->opens >> i & 1) {
			row->opens &= ~(1u << i);
			hand_in(draft, "%s without opens %s", name, question);
		}
	}
	if (row->kind == FINDING_COUNT)
		return;
	row->grade = row->grade ? row->grade - 1 : GRADE_POSSIBLE;
	hand_in(draft, "%s of another grade", name);
}

static void change_doubt(struct draft *draft, unsigned index)
{
	struct path_doubt *doubt = &draft->doubts[index];
	const char *name = doubt->name;

	draft->table.doubt_count--;
	memmove(doubt, doubt + 1,
		(draft->table.doubt_count - index) * sizeof(*doubt));
	hand_in(draft, "no doubt %s", name);
	leave_out_conditions(draft, name, &doubt->when);
	leave_out_ranks(draft, name, doubt->outranks);
	leave_out_names(draft, name, doubt->of);
	if (doubt->most == GRADE_CERTAIN)
		return;
	doubt->most = GRADE_CERTAIN;
	hand_in(draft, "%s lowers nothing", name);
}

static void change_remedy(struct draft *draft, unsigned index)
{
	struct path_remedy *remedy = &draft->remedies[index];
	const char *name = remedy->name;

	draft->table.remedy_count--;
	memmove(remedy, remedy + 1,
		(draft->table.remedy_count - index) * sizeof(*remedy));
	hand_in(draft, "no remedy %s", name);
	leave_out_conditions(draft, name, &remedy->when);
	leave_out_names(draft, name, remedy->of);
}

void path_mutants_of(
	enum path_subject subject, const struct path_mutant_sink *sink)
{
	const struct path_table *table = path_rows[subject];
	struct draft draft = {.subject = subject, .sink = sink};

	copy(&draft);
	for (unsigned i = 0; i < table->row_count; i++)
		change_row(&draft, i);
	for (unsigned i = 0; i < table->doubt_count; i++)
		change_doubt(&draft, i);
	for (unsigned i = 0; i < table->remedy_count; i++)
		change_remedy(&draft, i);
}

static bool is_counted(const struct path_threshold_text *text)
{
	return strcmp(text->unit, "packets") == 0 ||
	       strcmp(text->unit, "pairs") == 0 ||
	       strcmp(text->unit, "hops") == 0 ||
	       strcmp(text->unit, "connections") == 0 ||
	       strcmp(text->unit, "round trips") == 0;
}

static double changed(double value, bool is_counted, bool is_more)
{
	if (is_counted)
		return value + (is_more ? 1 : -1);
	return value * (is_more ? 1.25 : 0.8);
}

static void change_threshold(
	struct path_number_mutant *mutant, unsigned index, bool is_more)
{
	const struct path_threshold_text *text =
		path_threshold_text((enum path_threshold)index);
	double value = changed(text->value, is_counted(text), is_more);

	mutant->thresholds[index] = value;
	(void)snprintf(mutant->name, sizeof(mutant->name),
		"threshold %s %g instead of %g", text->name, value,
		text->value);
}

#define RULE(member, is_counted)                                               \
	{                                                                      \
#member, offsetof(struct probe_rules, member),                 \
			sizeof(((struct probe_rules *)NULL)->member),          \
			is_counted                                             \
	}

static const struct mutated_rule {
	const char *name;
	size_t offset, bytes;
	bool is_counted;
} rules[] = {
	RULE(floor_bytes, false),
	RULE(loss_medium_bytes, false),
	RULE(loss_delay_bytes, false),
	RULE(loss_least_sent, true),
	RULE(loss_hop_least_sent, true),
	RULE(fragment_tries, true),
	RULE(fragment_least_tries, true),
	RULE(router_rest_ns, false),
	RULE(retransmission_least_ns, false),
	RULE(missing_after_ns, false),
	RULE(reassembly_least_ns, false),
	RULE(ptb_sure_repeats, true),
	RULE(idle_silent_tries, true),
	RULE(ssh_at_once, true),
};
static_assert(sizeof(rules) / sizeof(rules[0]) == PATH_RULES, "all rules");

static void change_rule(struct path_number_mutant *mutant,
	const struct mutated_rule *rule, bool is_more)
{
	char *at = (char *)&mutant->rules + rule->offset;
	int64_t wide, value;
	uint32_t narrow;

	if (rule->bytes == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
	} else {
		memcpy(&narrow, at, sizeof(narrow));
		wide = narrow;
	}
	value = (int64_t)changed((double)wide, rule->is_counted, is_more);
	(void)snprintf(mutant->name, sizeof(mutant->name),
		"rule %s %lld instead of %lld", rule->name, (long long)value,
		(long long)wide);
	narrow = (uint32_t)value;
	if (rule->bytes == sizeof(value))
		memcpy(at, &value, sizeof(value));
	else
		memcpy(at, &narrow, sizeof(narrow));
	mutant->is_read = rule->offset ==
			  offsetof(struct probe_rules, retransmission_least_ns);
}

struct path_number_mutant path_mutants_number(
	unsigned index, const struct probe_rules *unchanged)
{
	struct path_number_mutant mutant = {.rules = *unchanged};
	unsigned number = index / 2;

	for (int i = 0; i < PATH_THRESHOLD_COUNT; i++)
		mutant.thresholds[i] =
			path_threshold_text((enum path_threshold)i)->value;
	if (number < PATH_THRESHOLD_COUNT)
		change_threshold(&mutant, number, index % 2);
	else
		change_rule(&mutant, &rules[number - PATH_THRESHOLD_COUNT],
			index % 2);
	return mutant;
}

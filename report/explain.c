#include "report/explain.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "analysis/path/path_fact_text.h"
#include "analysis/verdict/signature.h"
#include "report/explain_table.h"
#include "report/layout.h"
#include "report/titles.h"

static struct explanation mechanism_at(int index)
{
	return explain_mechanisms[index];
}

static struct explanation finding_at(int index)
{
	return explain_findings[index];
}

static struct explanation grade_at(int index)
{
	return explain_grades[index];
}

static struct explanation party_at(int index)
{
	return explain_parties[index];
}

/* Words of one kind. */
struct word_kind {
	const char *kind;
	struct explanation (*at)(int index);
	int (*how_many)(void); /* where that is no constant; else NULL */
	int count;
	bool is_fact;
};

static const struct word_kind kinds[] = {
	{"Mechanism of an incident", mechanism_at, NULL, MECHANISM_COUNT,
		false},
	{"Finding of a probe", finding_at, NULL, EXPLAIN_FINDINGS,
		false},
	{"Cause of connections that fail", explain_cause, NULL, EXPLAIN_CAUSES,
		false},
	{"Grade", grade_at, NULL, GRADE_COUNT,
		false},
	{"Sender or culprit", party_at, NULL, PARTY_COUNT,
		false},
	{"Trigger of resets", explain_trigger, NULL, EXPLAIN_TRIGGERS,
		false},
	{"State of a port", explain_port_state, NULL, EXPLAIN_PORT_STATES,
		false},
	{"Fragments that are dropped", explain_fragments, NULL, EXPLAIN_FRAGMENTS,
		false},
	{"Field that is rewritten", explain_field, NULL, EXPLAIN_FIELDS,
		false},
	{"Outcome of a comparison", explain_outcome, NULL, EXPLAIN_OUTCOMES,
		false},
	{"Reason of an outcome", explain_reason, NULL, EXPLAIN_REASONS,
		false},
	{"Signature of a finding", explain_path_row, explain_path_row_count, 0,
		false},
	{"Fact about a path", explain_path_fact, NULL, EXPLAIN_PATH_FACTS,
		true},
	{"Signature of an incident", explain_signature, explain_signature_count, 0,
		false},
	{"Fact about a connection", explain_fact, explain_fact_count, 0,
		true},
	{"Pattern of an injector", explain_pattern, NULL, EXPLAIN_PATTERNS,
		false},
	{"Value in a report", explain_value, NULL, EXPLAIN_VALUES,
		false},
	{"Word beside a packet", explain_mark, NULL, EXPLAIN_MARKS,
		false},
	{"State of a connection, as in Zeek's conn_state", explain_conn_state,
		NULL, CONN_STATE_COUNT, false},
	{"Field of --json", explain_json_field, explain_json_field_count, 0,
		false},
};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static int count_of(const struct word_kind *kind)
{
	return kind->how_many ? kind->how_many() : kind->count;
}

static void section(
	const struct layout *layout, const char *title, const char *text)
{
	if (!text)
		return;
	(void)fputc('\n', layout->out);
	layout_text(layout, INK_STRONG, title);
	(void)fputc('\n', layout->out);
	layout_wrap(layout, 0, 2, INK_PLAIN, text);
}

static void facts(const struct layout *layout, const char *say,
	const enum path_fact *list)
{
	if (!list[0])
		return;
	(void)fprintf(layout->out, "  %s:", say);
	for (int i = 0; i < PATH_FACTS_MOST && list[i]; i++)
		(void)fprintf(layout->out, "%s\n    %s", i > 0 ? "," : "",
			path_fact_text(list[i])->word);
	(void)fputc('\n', layout->out);
}

static void signature(const struct layout *layout, const struct path_when *when)
{
	(void)fputc('\n', layout->out);
	layout_text(layout, INK_STRONG, "How it is recognised");
	(void)fputc('\n', layout->out);
	facts(layout, "holds", when->needs);
	facts(layout, "does not hold", when->denies);
	facts(layout, "not known to hold", when->forbids);
	facts(layout, "not known to fail", when->keeps);
}

static void fact_list(
	const struct layout *layout, const char *say, const struct bit_set *set)
{
	bool is_first = true;

	for (unsigned i = 0; i < FACT_COUNT; i++) {
		if (!bit_set_has(set, i))
			continue;
		if (is_first)
			(void)fprintf(layout->out, "  %s:\n    %s", say,
				fact_word((enum fact)i));
		else
			(void)fprintf(layout->out, ",\n    %s",
				fact_word((enum fact)i));
		is_first = false;
	}
	if (!is_first)
		(void)fputc('\n', layout->out);
}

/* A signature of a connection: what it says, by which facts, and whence. */
static void connection_row(
	const struct layout *layout, const struct signature *row)
{
	(void)fprintf(layout->out, "  says: %s, %s\n",
		mechanism_word(row->mechanism), grade_word(row->grade));
	(void)fputc('\n', layout->out);
	layout_text(layout, INK_STRONG, "How it is recognised");
	(void)fputc('\n', layout->out);
	fact_list(layout, "holds", &row->needs);
	fact_list(layout, "does not hold", &row->denies);
	fact_list(layout, "not known to hold", &row->forbids);
	fact_list(layout, "not known to fail", &row->keeps);
	section(layout, "Where it is known from, what could fool it", row->why);
}

static void explain(const struct layout *layout, const struct word_kind *kind,
	const struct explanation *explanation)
{
	layout_text(layout, INK_STRONG, explanation->word);
	(void)fprintf(layout->out, "  (%s)\n", kind->kind);
	if (kind->is_fact) {
		section(layout, "It holds when", explanation->meaning);
		section(layout, "Known from", explanation->recognised);
		section(layout, "What could fool it", explanation->also);
		return;
	}
	if (explanation->place)
		(void)fprintf(layout->out, "  %s of: %s\n", explanation->place,
			explanation->records);
	layout_wrap(layout, 0, 2, INK_PLAIN, explanation->meaning);
	if (explanation->row) {
		connection_row(layout, explanation->row);
		return;
	}
	if (explanation->when)
		signature(layout, explanation->when);
	section(layout, "How it is recognised", explanation->recognised);
	section(layout, "What else it could be", explanation->also);
	section(layout, "What to do", explanation->remedy);
}

/* The word of what is told by its title: "idle timeout", "NAT or firewall",
 * "LOST". */
static const char *word_of_title(const char *title)
{
	const struct reset_look reset = {.window = LOOK_ZERO}, none = {0};

	for (enum mechanism i = 0; i < MECHANISM_COUNT; i++)
		if (strcasecmp(title,
			    failure_title(i, PARTY_UNKNOWN, &reset)) == 0 ||
			strcasecmp(title,
				failure_title(i, PARTY_UNKNOWN, &none)) == 0)
			return mechanism_word(i);
	for (enum party i = 0; i < PARTY_COUNT; i++)
		if (strcasecmp(title, culprit_title(i)) == 0)
			return party_word(i);
	for (int i = 0; i < EXPLAIN_OUTCOMES; i++)
		if (strcasecmp(title, explain_outcome(i).word) == 0)
			return explain_outcome(i).word;
	return strcasecmp(title, "forged") == 0 ? "never-sent" : title;
}

static bool explain_exactly(
	const char *word, const struct style *style, FILE *out)
{
	struct layout layout = {out, style, INT64_MIN};
	bool is_known = false;

	for (int k = 0; k < KIND_COUNT; k++)
		for (int i = 0; i < count_of(&kinds[k]); i++) {
			struct explanation explanation = kinds[k].at(i);

			if (strcmp(word, explanation.word) != 0)
				continue;
			if (is_known && out)
				(void)fputc('\n', out);
			if (out)
				explain(&layout, &kinds[k], &explanation);
			is_known = true;
		}
	return is_known;
}

bool explain_word(const char *word, const struct style *style, FILE *out)
{
	const char *mechanism = word_of_title(word);

	return explain_exactly(word, style, out) ||
	       (mechanism != word && explain_exactly(mechanism, style, out));
}

void explain_list(const struct style *style, FILE *out)
{
	enum { MEANING_COLUMN = 28 };
	struct layout layout = {out, style, INT64_MIN};

	for (int k = 0; k < KIND_COUNT; k++) {
		if (k > 0)
			(void)fputc('\n', out);
		layout_text(&layout, INK_STRONG, kinds[k].kind);
		(void)fputc('\n', out);
		for (int i = 0; i < count_of(&kinds[k]); i++) {
			struct explanation explanation = kinds[k].at(i);
			unsigned at = 2 + (unsigned)strlen(explanation.word);

			(void)fprintf(out, "  %s%s", explanation.word,
				at < MEANING_COLUMN ? "" : "\n");
			layout_wrap(&layout, at < MEANING_COLUMN ? at : 0,
				MEANING_COLUMN, INK_PLAIN, explanation.meaning);
		}
	}
}

void explain_each_word(
	void (*each)(void *context, const char *word), void *context)
{
	for (int k = 0; k < KIND_COUNT; k++)
		for (int i = 0; i < count_of(&kinds[k]); i++)
			each(context, kinds[k].at(i).word);
}

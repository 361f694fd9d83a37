#include "analysis/path/path_judge.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "analysis/path/path_fact_text.h"
#include "capture/numbers.h"

enum { ROWS_MOST = 32 }; /* of a table, of one sort */

static bool are_all(const enum path_fact *list, const struct path_facts *facts,
	enum truth truth)
{
	for (int i = 0; i < PATH_FACTS_MOST && list[i]; i++)
		if (facts->value[list[i]].truth != truth)
			return false;
	return true;
}

static bool is_any(const enum path_fact *list, const struct path_facts *facts,
	enum truth truth)
{
	for (int i = 0; i < PATH_FACTS_MOST && list[i]; i++)
		if (facts->value[list[i]].truth == truth)
			return true;
	return false;
}

bool path_judge_applies(
	const struct path_when *when, const struct path_facts *facts)
{
	return are_all(when->needs, facts, TRUTH_YES) &&
	       are_all(when->denies, facts, TRUTH_NO) &&
	       !is_any(when->forbids, facts, TRUTH_YES) &&
	       !is_any(when->keeps, facts, TRUTH_NO);
}

static bool names(const struct path_outranks *outranks, const char *name)
{
	for (int i = 0; i < PATH_OUTRANKS_MOST && outranks[i].name; i++)
		if (strcmp(outranks[i].name, name) == 0)
			return true;
	return false;
}

/* The facts that a row shows, as far as they are known; returns how many. */
static unsigned take_evidence(struct evidence_row evidence[FINDING_EVIDENCE],
	const struct path_row *row, const struct path_facts *facts)
{
	unsigned count = 0;

	for (int i = 0; i < PATH_SHOWN_MOST && row->shows[i]; i++) {
		enum path_fact fact = row->shows[i];
		const struct path_fact_value *value = &facts->value[fact];

		if (value->truth == TRUTH_UNKNOWN)
			continue;
		evidence[count] = (struct evidence_row){
			.fact = path_fact_text(fact)->word,
			.holds = value->truth,
			.frame = value->frame,
			.against = value->against};
		memcpy(evidence[count].found, value->found, FOUND_BYTES);
		memcpy(evidence[count].expected, value->expected, FOUND_BYTES);
		count++;
	}
	return count;
}

static void place(struct finding *finding, int after, int before)
{
	finding->after_hop = after;
	finding->before_hop = before;
}

static void take_figures(struct finding *finding, const struct path_row *row,
	const struct path_figures *figures)
{
	if (row->figures & FIGURE_MTU)
		finding->mtu = figures->mtu;
	if (row->figures & FIGURE_MTU_ECHO)
		finding->mtu = figures->mtu_echo;
	if (row->figures & FIGURE_MTU_FRAGMENTS)
		finding->mtu = figures->mtu_fragments;
	if (row->figures & FIGURE_LINK)
		place(finding, figures->link.after, figures->link.before);
	if (row->figures & FIGURE_LINK_LATER)
		place(finding, figures->later_link.after,
			figures->later_link.before);
	if (row->figures & FIGURE_LINK_BOTH)
		place(finding, figures->later_link.after, figures->link.before);
	if (row->figures & FIGURE_HOP)
		finding->hop = figures->hop;
	if (row->figures & FIGURE_LIMITED_AFTER)
		finding->limited_after_hop = figures->limited_after;
	if (row->figures & FIGURE_REPORTER) {
		finding->has_reporter = true;
		finding->reporter = figures->reporter;
	}
	if (row->figures & FIGURE_MSS) {
		finding->sent = figures->mss_sent;
		finding->arrived = figures->mss_arrived;
	}
	if (row->figures & FIGURE_PERCENT) {
		finding->has_percent = true;
		finding->percent = figures->percent;
		finding->percent_large = figures->percent_large;
		finding->percent_low = figures->percent_low;
		finding->percent_high = figures->percent_high;
	}
	if (row->figures & FIGURE_FRAGMENTS)
		finding->fragments =
			row->fragments && figures->fragments == FRAGMENTS_ANY
				? row->fragments
				: figures->fragments;
	if (row->figures & FIGURE_FIELD)
		finding->field = figures->field;
	if (row->figures & FIGURE_SSH_WAIT)
		finding->ssh.wait_ns = figures->ssh.wait_ns;
	if (row->figures & FIGURE_SSH_OPEN)
		finding->ssh.open = figures->ssh.open;
	if (row->figures & FIGURE_SSH_DSCP)
		finding->ssh.dscp = figures->ssh.dscp;
	if (row->figures & FIGURE_TLS)
		finding->tls = figures->tls;
	if (row->figures & FIGURE_IDLE) {
		finding->has_idle = true;
		finding->idle = figures->idle;
	}
	if (row->figures & FIGURE_INJECTOR && figures->injector.trigger[0]) {
		finding->has_injector = true;
		finding->injector = figures->injector;
	}
}

/* Adds a sentence, unless it does not fit. */
static void append(char *text, size_t bytes, const char *between,
	const struct path_words *words, const char *sentence)
{
	char filled[FINDING_ADVICE];
	size_t used = strlen(text);

	path_case_text(words, sentence, filled, sizeof(filled));
	if (used + strlen(between) + strlen(filled) + 1 <= bytes)
		(void)snprintf(text + used, bytes - used, "%s%s",
			used ? between : "", filled);
}

static bool is_of(const char *const *of, const struct path_row *row)
{
	for (int i = 0; i < PATH_OF_MOST && of[i]; i++)
		if (strcmp(of[i], row->name) == 0)
			return true;
	return !of[0];
}

static void weigh(const struct path_table *table, const struct path_row *row,
	const struct path_case *one, struct finding *finding)
{
	const struct path_doubt *applied[ROWS_MOST];
	unsigned count = 0;

	assert(table->doubt_count <= ROWS_MOST);
	for (unsigned i = 0; i < table->doubt_count; i++)
		if (is_of(table->doubts[i].of, row) &&
			path_judge_applies(&table->doubts[i].when, &one->facts))
			applied[count++] = &table->doubts[i];
	for (unsigned i = 0; i < count; i++) {
		bool is_outranked = false;

		if (applied[i]->most < finding->grade)
			finding->grade = applied[i]->most;
		for (unsigned j = 0; j < count; j++)
			is_outranked =
				is_outranked ||
				names(applied[j]->outranks, applied[i]->name);
		if (applied[i]->other && !is_outranked)
			append(finding->other, sizeof(finding->other), "; or ",
				&one->words, applied[i]->other);
	}
}

static void advise(const struct path_table *table, const struct path_row *row,
	const struct path_case *one, struct finding *finding)
{
	struct path_words words = one->words;

	path_case_word(&words, PATH_WORD_MTU, "%u", finding->mtu);
	path_case_word(&words, PATH_WORD_MSS, "%u",
		finding->mtu - tcp_headers_bytes(one->family));
	for (unsigned i = 0; i < table->remedy_count; i++) {
		const struct path_remedy *remedy = &table->remedies[i];

		if (is_of(remedy->of, row) &&
			path_judge_applies(&remedy->when, &one->facts))
			append(finding->advice, sizeof(finding->advice), " ",
				&words, remedy->advice);
	}
}

static void add_finding(const struct path_table *table,
	const struct path_row *row, const struct path_case *one,
	struct path_verdict *verdict)
{
	if (verdict->finding_count == PATH_FINDINGS)
		return;
	struct finding *finding = &verdict->findings[verdict->finding_count++];

	*finding = (struct finding){
		.kind = row->kind,
		.grade = row->grade,
		.row = row->name,
		.direction = row->direction,
		.after_hop = HOP_NOT_KNOWN,
		.before_hop = HOP_NOT_KNOWN,
		.hop = HOP_NOT_KNOWN,
		.limited_after_hop = HOP_NOT_KNOWN,
		.state = row->state,
		.by = row->by,
		.sender = row->sender,
		.on_expiry = row->on_expiry,
		.cause = row->cause,
		.ssh = {.dscp = -1},
	};
	take_figures(finding, row, &one->figures);
	finding->evidence_count =
		take_evidence(finding->evidence, row, &one->facts);
	weigh(table, row, one, finding);
	advise(table, row, one, finding);
}

/* What the row says of a question. */
static struct path_statement state(enum path_question question,
	const struct path_row *row, const struct path_case *one)
{
	struct path_statement statement = {
		.question = question, .row = row->name};

	path_case_text(&one->words, row->says, statement.reason,
		sizeof(statement.reason));
	if (row->settled_by)
		path_case_text(&one->words, row->settled_by,
			statement.settled_by, sizeof(statement.settled_by));
	statement.evidence_count =
		take_evidence(statement.evidence, row, &one->facts);
	return statement;
}

static void add_statements(const struct path_row *row,
	const struct path_case *one, struct path_verdict *verdict)
{
	for (int i = 0; i < QUESTION_COUNT; i++) {
		enum path_question question = (enum path_question)i;

		if (row->excludes & ~verdict->excluded & 1u << i)
			verdict->excluding[i] = state(question, row, one);
		if (row->opens & ~verdict->opened & 1u << i)
			verdict->opening[i] = state(question, row, one);
	}
	verdict->excluded |= row->excludes;
	verdict->opened |= row->opens;
}

void path_judge_case(const struct path_table *table,
	const struct path_case *one, struct path_verdict *verdict)
{
	bool applies[ROWS_MOST] = {false};

	assert(table->row_count <= ROWS_MOST);
	for (unsigned i = 0; i < table->row_count; i++)
		applies[i] =
			path_judge_applies(&table->rows[i].when, &one->facts);
	for (unsigned i = 0; i < table->row_count; i++) {
		const struct path_row *row = &table->rows[i];
		bool stands = applies[i];

		for (unsigned j = 0; j < table->row_count; j++)
			stands = stands &&
				 !(applies[j] && names(table->rows[j].outranks,
							 row->name));
		if (!stands)
			continue;
		add_statements(row, one, verdict);
		if (row->kind != FINDING_COUNT)
			add_finding(table, row, one, verdict);
	}
}

/* Each cause is judged by its own rows; a finding may be the sign of several,
 * where packets can't separate them. What no row speaks about stays open. */
#include <stdio.h>
#include <string.h>

#include "analysis/cause/cause_bound.h"
#include "analysis/cause/cause_keepalive.h"
#include "analysis/cause/cause_row.h"
#include "analysis/cause/cause_words.h"
#include "probe/protocol/probe_command.h"

static bool is_shown_by(
	const struct cause_sign *sign, const struct finding *finding)
{
	if (finding->grade == GRADE_UNDETERMINED)
		return false;
	if (sign->row)
		return strcmp(sign->row, finding->row) == 0;
	return sign->kind == finding->kind &&
	       !(sign->but && strcmp(sign->but, finding->row) == 0);
}

static void take_finding(const struct path *path, const struct cause_sign *sign,
	const struct finding *finding, struct cause_verdict *verdict)
{
	enum grade grade =
		sign->most < finding->grade ? sign->most : finding->grade;

	if (verdict->state == CAUSE_FOUND &&
		(sign->state == CAUSE_EXCLUDED || verdict->grade >= grade))
		return;
	if (sign->state == CAUSE_EXCLUDED && finding->grade < sign->most)
		return;
	verdict->state = sign->state;
	verdict->grade = grade;
	verdict->finding = finding;
	cause_words_fill(path, finding, sign->says, verdict->because,
		sizeof(verdict->because));
	if (sign->state != CAUSE_FOUND)
		return;
	if (sign->advice)
		cause_words_fill(path, finding, sign->advice, verdict->advice,
			sizeof(verdict->advice));
	else
		(void)snprintf(verdict->advice, sizeof(verdict->advice), "%s",
			finding->advice);
	(void)snprintf(verdict->other, sizeof(verdict->other), "%s",
		sign->other ? sign->other : finding->other);
}

/* It says that a question is excluded, or why it is open. */
static void take_statement(enum cause_state state,
	const struct path_statement *statement, struct cause_verdict *verdict)
{
	if (verdict->state == CAUSE_FOUND)
		return;
	verdict->state = state;
	verdict->statement = statement;
	(void)snprintf(verdict->because, sizeof(verdict->because), "%s",
		statement->reason);
	(void)snprintf(verdict->test, sizeof(verdict->test), "%s",
		state == CAUSE_OPEN ? statement->settled_by : "");
}

static void look_for_statement(const struct cause_sign *sign,
	const struct path *path, unsigned count,
	const struct path_statement *(*at)(const struct path *, unsigned),
	struct cause_verdict *verdict)
{
	for (unsigned i = 0; i < count; i++) {
		const struct path_statement *statement = at(path, i);

		if (!sign->row || strcmp(sign->row, statement->row) != 0)
			continue;
		take_statement(sign->state, statement, verdict);
		if (!sign->says)
			continue;
		verdict->frame = statement->evidence[0].frame;
		(void)snprintf(verdict->because, sizeof(verdict->because), "%s",
			sign->says);
	}
}

static void look_for(const struct path *path, const struct cause_sign *sign,
	struct cause_verdict *verdict)
{
	if (sign->cause != verdict->cause)
		return;
	if (sign->state == CAUSE_OPEN && !sign->says)
		look_for_statement(
			sign, path, path_open_count(path), path_open, verdict);
	if (sign->state == (sign->says ? CAUSE_OPEN : CAUSE_EXCLUDED))
		look_for_statement(sign, path, path_excluded_count(path),
			path_excluded, verdict);
	for (unsigned i = 0; sign->says && i < path_finding_count(path); i++)
		if (is_shown_by(sign, path_finding(path, i)))
			take_finding(
				path, sign, path_finding(path, i), verdict);
}

static void look_for_signs(
	const struct path *path, struct cause_verdict *verdict)
{
	for (int i = 0; i < CAUSE_SIGN_TABLES; i++)
		for (unsigned j = 0; j < cause_sign_tables[i]->count; j++)
			look_for(
				path, &cause_sign_tables[i]->signs[j], verdict);
}

static const struct path_statement *statement_of(const struct path *path,
	unsigned questions, unsigned count,
	const struct path_statement *(*at)(const struct path *, unsigned),
	unsigned *named)
{
	const struct path_statement *first = NULL;

	*named = 0;
	for (unsigned i = 0; i < count; i++) {
		const struct path_statement *statement = at(path, i);

		if (!(questions >> statement->question & 1))
			continue;
		*named |= 1u << statement->question;
		first = first ? first : statement;
	}
	return first;
}

/* All of its questions are excluded, or one of them is open. */
static void look_at_questions(
	const struct path *path, struct cause_verdict *verdict)
{
	unsigned questions = cause_rules[verdict->cause].questions;
	unsigned excluded, open;
	const struct path_statement *excluding = statement_of(path, questions,
		path_excluded_count(path), path_excluded, &excluded);
	const struct path_statement *opening = statement_of(
		path, questions, path_open_count(path), path_open, &open);

	if (questions && excluded == questions)
		take_statement(CAUSE_EXCLUDED, excluding, verdict);
	else if (opening)
		take_statement(CAUSE_OPEN, opening, verdict);
}

static bool has_run(const struct path *path, uint32_t set)
{
	for (int i = 0; i < EXPERIMENT_COUNT; i++)
		if (set >> i & 1 &&
			path_has_run(path, (enum probe_experiment)i))
			return true;
	return false;
}

/* An experiment that was not among those that ran, if there is such a one. */
static void offer_test(const struct path *path, struct cause_verdict *verdict)
{
	const char *word = cause_rules[verdict->cause].experiment, *unknown;
	char command[PROBE_COMMAND_TEXT];
	size_t unknown_bytes;
	uint32_t set = 0;
	bool is_known = word && probe_experiments_read(
					word, &set, &unknown, &unknown_bytes);

	if (is_known && !has_run(path, set)) {
		probe_command_text(path_comment(path), command);
		(void)snprintf(verdict->test, sizeof(verdict->test),
			"%s --only %s", command, word);
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"Not tested.");
	} else if (!verdict->because[0]) {
		(void)snprintf(verdict->because, sizeof(verdict->because), "%s",
			is_known ? "No packet that came tells."
				 : "No packet from here tells.");
	}
}

static void judge(const struct path *path, enum cause cause,
	struct cause_verdict *verdict)
{
	*verdict = (struct cause_verdict){
		.cause = cause, .state = CAUSE_OPEN, .advice = ""};
	look_for_signs(path, verdict);
	if (verdict->state != CAUSE_OPEN)
		return;
	look_at_questions(path, verdict);
	cause_bound_port(path, verdict);
	if (verdict->state == CAUSE_OPEN && !verdict->test[0] &&
		!verdict->frame)
		offer_test(path, verdict);
}

/* Whether one stands before another: found ones by grade, open ones that a
 * probe can test before those that none can. */
static bool is_before(
	const struct cause_verdict *one, const struct cause_verdict *other)
{
	if (one->state != other->state)
		return one->state < other->state;
	if (one->state == CAUSE_FOUND)
		return one->grade > other->grade;
	return one->test[0] && !other->test[0];
}

/* Stable: what is level stays in the order of the table. */
static void rank(struct diagnosis *diagnosis)
{
	for (unsigned i = 1; i < diagnosis->count; i++)
		for (unsigned j = i;
			j > 0 && is_before(&diagnosis->verdicts[j],
					 &diagnosis->verdicts[j - 1]);
			j--) {
			struct cause_verdict moved = diagnosis->verdicts[j];

			diagnosis->verdicts[j] = diagnosis->verdicts[j - 1];
			diagnosis->verdicts[j - 1] = moved;
		}
}

void diagnosis_make(const struct path *path, struct diagnosis *diagnosis)
{
	struct cause_verdict *timeout = NULL;
	bool is_ssh = path_is_ssh(path);

	diagnosis->count = 0;
	for (int i = 0; i < CAUSE_COUNT; i++) {
		struct cause_verdict *verdict =
			&diagnosis->verdicts[diagnosis->count];

		if (cause_rules[i].is_of_ssh && !is_ssh)
			continue;
		judge(path, (enum cause)i, verdict);
		cause_bound_wait(verdict);
		if (i == CAUSE_NO_HOST)
			cause_bound_host(path, verdict);
		if (i == CAUSE_LOSS)
			cause_bound_jitter(path, verdict);
		if (i == CAUSE_IDLE_TIMEOUT) {
			cause_bound_idle(path, verdict);
			timeout = verdict;
		}
		if (i == CAUSE_KEEPALIVE && timeout)
			cause_keepalive_judge(path, timeout, verdict);
		diagnosis->count++;
	}
	rank(diagnosis);
}

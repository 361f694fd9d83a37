#include "probe/runner_state.h"

#include <string.h>

static bool send_question(struct runner *runner, const struct question *asks,
	unsigned tag, int64_t now, struct failure *failure)
{
	struct question question = *asks;
	int line = asks->kind == QUESTION_TCP
		? line_of_port(runner, asks->source_port)
		: -1;

	if (line >= 0)
		runner->lines[line].since_ns = now;
	if (question.kind != QUESTION_FRAGMENT) {
		runner->ip_id = runner->ip_id == UINT16_MAX
			? 1
			: (uint16_t)(runner->ip_id + 1);
		question.ip_id = runner->ip_id;
	}
	struct asked asked = ours_asked(runner->options.family, &question);
	asked.time_ns = runner_now_ns(CLOCK_REALTIME);
	asked.tag = tag;
	int row = answer_add(&runner->table, &asked);
	if (row < 0)
		return true; /* more than can be told apart: not asked */
	(void)memcpy(runner->comments[row], question.comment,
		QUESTION_COMMENT);
	runner->sent++;
	if (craft_send(runner->craft, &question, failure))
		return true;
	/* The kernel refused this one; if it refuses all, that is said. */
	return runner->sent > 1 && failure->exit_code != EXIT_NO_PERMISSION;
}

static bool has_experiment_question(const struct runner *runner)
{
	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (runner->running[i].outbox.count)
			return true;
	return false;
}

bool runner_has_question(const struct runner *runner)
{
	return runner->outbox.count || has_experiment_question(runner);
}

/* The run's own connection goes first, but never twice in a row while an
 * experiment waits: a flood of segments to be acknowledged must not starve
 * them. */
bool runner_send(struct runner *runner, int64_t now, struct failure *failure)
{
	bool is_turn = !runner->was_connection ||
		!has_experiment_question(runner);
	const struct question *question =
		is_turn ? outbox_take(&runner->outbox) : NULL;

	runner->was_connection = question != NULL;
	if (question && runner->connection_sent++ >= RUN_PACKETS)
		return true;
	if (question)
		return send_question(
			runner, question, RUN_OWNER, now, failure);
	for (unsigned i = 0; i < runner->options.experiment_count; i++) {
		unsigned at = runner->turn++ % runner->options.experiment_count;
		struct running *running = &runner->running[at];

		question = outbox_take(&running->outbox);
		if (!question)
			continue;
		running->since_ns = now;
		if (running->sent++ >= running->experiment->most_packets) {
			running->is_over = true;
			return true;
		}
		return send_question(runner, question, at, now, failure);
	}
	return true;
}

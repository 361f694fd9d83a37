#include "analysis/path/path_lists.h"

#include <stdio.h>

#include "analysis/path/path_ssh.h"
#include "probe/protocol/probe_command.h"

/* Copies what determines a question, with the commands that do so whole. */
static void settle(const struct path *path, struct path_statement *statement,
	const char *text)
{
	struct path_words words = {0};

	path_case_commands(&words, &path->comment);
	path_case_log(&words, path->comment.port, path_record_is_ssh(path));
	path_case_text(&words, text, statement->settled_by,
		sizeof(statement->settled_by));
}

static void settle_by_experiment(const struct path *path,
	struct path_statement *statement, const char *experiment)
{
	char command[PROBE_COMMAND_TEXT];

	probe_command_text(&path->comment, command);
	(void)snprintf(statement->settled_by, sizeof(statement->settled_by),
		"%s --only %s", command, experiment);
}

static const struct finding *found(
	const struct path *path, enum path_question question)
{
	for (unsigned i = 0; i < path->verdict.finding_count; i++)
		if (path_question_is_of(question, &path->verdict.findings[i]))
			return &path->verdict.findings[i];
	return NULL;
}

/* No row said anything: it was not tested, the run ended before, or nothing
 * came back that shows it. */
static void open_by_default(
	const struct path *path, struct path_statement *statement)
{
	const struct path_question_text *text =
		path_question_text(statement->question);
	const char *word = probe_experiment_word(text->experiment);
	uint32_t bit = probe_experiment_bit(text->experiment);

	if (!(path->comment.experiments & bit)) {
		statement->row = PATH_ROW_NOT_TESTED;
		(void)snprintf(statement->reason, sizeof(statement->reason),
			"Not tested.");
		settle_by_experiment(path, statement, word);
		return;
	}
	if (!(path->ended & bit)) {
		statement->row = "not-finished";
		(void)snprintf(statement->reason, sizeof(statement->reason),
			"The run was interrupted before \"%s\" was over.",
			word);
		settle_by_experiment(path, statement, word);
		return;
	}
	if (text->experiment == EXPERIMENT_SSH &&
		path_ssh_is_passed_over(path)) {
		statement->row = "no-connection-left";
		(void)snprintf(statement->reason, sizeof(statement->reason),
			"Not tested beside the other experiments: the server "
			"counts connections without a login.");
		settle_by_experiment(path, statement, word);
		return;
	}
	statement->row = "nothing-came-back";
	(void)snprintf(statement->reason, sizeof(statement->reason),
		"No response came that would show it.");
	settle(path, statement, text->settled_by);
}

static bool is_ended(const struct path *path, enum path_question question)
{
	return path->ended >> path_question_text(question)->experiment & 1;
}

/* About a protocol that nobody asked about, or that was asked about as one of
 * many things, where the server speaks another, or does not answer. */
static bool is_beside(const struct path *path, enum path_question question)
{
	const struct path_question_text *text = path_question_text(question);

	return text->causes &&
	       (!section_comment_has(&path->comment, text->experiment) ||
		       (text->experiment == EXPERIMENT_SSH &&
			       section_comment_has(
				       &path->comment, EXPERIMENT_MTU) &&
			       (!path_record_is_ssh(path) ||
				       !path->dialogs.run.is_open)));
}

static void leave_open(struct path *path, enum path_question question)
{
	struct path_verdict *verdict = &path->verdict;
	struct path_statement *statement = &path->open[path->open_count++];

	if (verdict->opened >> question & 1 && is_ended(path, question)) {
		*statement = verdict->opening[question];
		if (!statement->settled_by[0])
			settle(path, statement,
				path_question_text(question)->settled_by);
		return;
	}
	*statement = (struct path_statement){.question = question};
	open_by_default(path, statement);
}

void path_lists_make(struct path *path)
{
	struct path_verdict *verdict = &path->verdict;

	path->excluded_count = path->open_count = 0;
	for (int i = 0; i < QUESTION_COUNT; i++) {
		enum path_question question = (enum path_question)i;
		const struct finding *finding = found(path, question);
		bool is_open = verdict->opened >> i & 1;

		if ((finding && finding->grade != GRADE_UNDETERMINED) ||
			is_beside(path, question) ||
			(path_question_text(question)->is_further && !is_open))
			continue;
		if (!finding && !is_open && verdict->excluded >> i & 1 &&
			is_ended(path, question))
			path->excluded[path->excluded_count++] =
				verdict->excluding[i];
		else
			leave_open(path, question);
	}
}

/* culprit explain WORD: explains a term of a report. */
#include "cli/command.h"
#include "report/explain.h"

static const struct option_row rows[] = {{0}};

struct suggestion {
	const char *word, *near;
};

static void suggest(void *context, const char *known)
{
	struct suggestion *suggestion = context;

	if (!suggestion->near && option_is_near_miss(suggestion->word, known))
		suggestion->near = known;
}

static bool is_known(const char *word, struct failure *failure)
{
	struct suggestion suggestion = {.word = word};

	if (explain_word(word, NULL, NULL))
		return true;
	explain_each_word(suggest, &suggestion);
	if (suggestion.near)
		return failure_set(failure, EXIT_USAGE,
			"no term %.100s; did you mean %s?", word,
			suggestion.near);
	return failure_set(failure, EXIT_USAGE,
		"no term %.100s; `culprit explain` lists them", word);
}

/* Before an older file of -o is emptied. */
static bool are_known(struct command_run *run, struct failure *failure)
{
	for (unsigned i = 0; i < run->operand_count; i++)
		if (!is_known(run->operands[i], failure))
			return false;
	return true;
}

static enum exit_code explain_all(
	struct command_run *run, struct failure *failure)
{
	const struct style *style = &run->output.style;
	FILE *out = run->output.stream;

	(void)failure;
	if (run->operand_count == 0)
		explain_list(style, out);
	for (unsigned i = 0; i < run->operand_count; i++) {
		if (i > 0)
			(void)fputc('\n', out);
		(void)explain_word(run->operands[i], style, out);
	}
	return EXIT_RAN;
}

const struct command command_explain = {
	.name = "explain",
	.operands = "[WORD...]",
	.summary = "explain a term of a report",
	.options = rows,
	.reports = REPORT_WORDS,
	.steps = {.begin = are_known, .work = explain_all},
};

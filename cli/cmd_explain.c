/* culprit explain WORD: explains a term of a report. */
#include "cli/command.h"
#include "cli/output.h"
#include "report/explain.h"

static const struct option_row rows[] = {{0}};

struct suggestion {
	const char *word, *near;
};

static void suggest(void *context, const char *known)
{
	struct suggestion *suggestion = context;

	if (!suggestion->near && is_near_miss(suggestion->word, known))
		suggestion->near = known;
}

static bool explain_one(const char *word, const struct style *style, FILE *out,
	struct failure *failure)
{
	struct suggestion suggestion = {.word = word};

	if (explain_word(word, style, out))
		return true;
	explain_each_word(suggest, &suggestion);
	if (suggestion.near)
		return failure_set(failure, EXIT_USAGE,
			"no term %.100s; did you mean %s?", word,
			suggestion.near);
	return failure_set(failure, EXIT_USAGE,
		"no term %.100s; `culprit explain` lists them", word);
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct option_walk walk;
	struct common common;
	struct output output;
	const char *argument;
	int operand;

	option_walk_begin(&walk, rows, OPERANDS_ANYWHERE, &common, argc, argv);
	if (option_walk_next(&walk, &argument, &operand, failure) != OPTION_END)
		return EXIT_USAGE;
	if (command_answered(command, &walk))
		return EXIT_RAN;
	if (common.is_json) {
		(void)failure_set(failure, EXIT_USAGE,
			"explain has no JSON form: it is text for people");
		return EXIT_USAGE;
	}
	if (!output_open_alone(&output, &common, failure))
		return failure->exit_code;
	bool is_known = true;

	if (operand == argc)
		explain_list(&output.style, output.stream);
	for (int i = operand; i < argc && is_known; i++) {
		if (i > operand)
			(void)fputc('\n', output.stream);
		is_known = explain_one(
			argv[i], &output.style, output.stream, failure);
	}
	struct failure lost = {0};

	if (!output_close(&output, &lost) && is_known) {
		*failure = lost;
		return EXIT_INPUT_CUT;
	}
	return is_known ? EXIT_RAN : EXIT_USAGE;
}

const struct command command_explain = {
	.name = "explain",
	.operands = "[WORD...]",
	.summary = "explain a term of a report",
	.options = rows,
	.run = run,
};

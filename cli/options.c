#include "cli/options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "report/tally_text.h"

const struct option_row common_options[] = {
	{'o', "output", "FILE", "write the report to FILE"},
	{'q', "quiet", NULL,
		"less output: no progress line, one line per "
		"verdict"},
	{'v', "verbose", NULL, "more output: all groups, packets and facts"},
	{'n', NULL, NULL, "accepted; names are never looked up"},
	{OPTION_COLOR, "color", "WHEN",
		"auto, always or never (also NO_COLOR)"},
	{OPTION_TIME, "time", "HOW",
		"rel, local or utc; without it days are local and packets "
		"relative"},
	{'h', "help", NULL, "this text"},
	{OPTION_VERSION, "version", NULL, "versions of culprit and libraries"},
	{0},
};

bool option_is_near_miss(const char *word, const char *known)
{
	enum { LONGEST = 40 };
	unsigned row[LONGEST + 1];
	size_t word_bytes = strlen(word), known_bytes = strlen(known);

	if (word_bytes == 0 || word_bytes > LONGEST || known_bytes > LONGEST)
		return false;
	if (word_bytes >= 3 && strncmp(word, known, word_bytes) == 0)
		return true;
	/* Levenshtein's distance, one row at a time. */
	for (size_t j = 0; j <= known_bytes; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= word_bytes; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= known_bytes; j++) {
			unsigned above = row[j];
			unsigned best =
				diagonal + (word[i - 1] != known[j - 1]);

			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (above + 1 < best)
				best = above + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[known_bytes] <= (known_bytes < 4 ? 1u : 2u);
}

static size_t count_rows(const struct option_row *rows)
{
	size_t count = 0;

	while (rows[count].id != 0)
		count++;
	return count;
}

static bool is_letter(int id)
{
	return id < OPTION_FIRST_WORD;
}

static void add_letters(char *letters, const struct option_row *rows)
{
	char *at = letters + strlen(letters);

	for (; rows->id != 0; rows++)
		if (is_letter(rows->id)) {
			*at++ = (char)rows->id;
			if (rows->argument)
				*at++ = ':';
		}
	*at = '\0';
}

struct option_row option_of_format(
	const struct report_format *format, unsigned place)
{
	return (struct option_row){OPTION_FIRST_FORMAT + (int)place,
		format->name, NULL, format->help};
}

static void add_formats(struct option_row *rows)
{
	const struct report_format *format;

	for (unsigned i = 0; (format = report_format_at(i)) != NULL; i++) {
		assert(i < OPTION_FORMATS);
		rows[i] = option_of_format(format, i);
	}
}

void option_walk_begin(struct option_walk *walk, const struct option_row *own,
	enum operand_order order, struct common *common, int argc, char **argv)
{
	*walk = (struct option_walk){
		.own = own, .argc = argc, .argv = argv, .common = common};
	add_formats(walk->formats);
	assert(count_rows(own) + count_rows(walk->formats) +
			count_rows(common_options) <
		OPTION_WALK_MAX);
	*common = (struct common){.color = COLOR_AUTO};
	/* '+': a filter's words are never taken for options, whatever they
	 * begin with; ':': we say what is wrong. */
	(void)strcpy(walk->letters, order == OPERANDS_LAST ? "+:" : ":");
	add_letters(walk->letters, own);
	add_letters(walk->letters, common_options);
	optind = 0; /* glibc: forget the last walk */
	opterr = 0;
}

static size_t long_options(const struct option_row *rows, struct option *to)
{
	size_t count = 0;

	for (; rows->id != 0; rows++)
		if (rows->name)
			to[count++] = (struct option){rows->name,
				rows->argument ? required_argument
					       : no_argument,
				NULL, rows->id};
	return count;
}

static const char *near_option(
	const struct option_row *rows, const char *word, size_t length)
{
	char name[48];

	if (length == 0 || length >= sizeof(name))
		return NULL;
	memcpy(name, word, length);
	name[length] = '\0';
	for (; rows->id != 0; rows++)
		if (rows->name && option_is_near_miss(name, rows->name))
			return rows->name;
	return NULL;
}

/* `argument` is the word of argv that getopt stumbled over, for long ones. */
static int wrong_option(struct option_walk *walk, int letter,
	const char *argument, struct failure *failure)
{
	if (is_letter(letter) && letter != 0) {
		(void)failure_set(failure, EXIT_USAGE,
			"no option -%c; `culprit %s --help` lists them", letter,
			walk->argv[0]);
		return OPTION_WRONG;
	}
	const char *word =
		strncmp(argument, "--", 2) == 0 ? argument + 2 : argument;
	size_t length = strcspn(word, "=");
	const char *near = near_option(walk->own, word, length);
	if (!near)
		near = near_option(walk->formats, word, length);
	if (!near)
		near = near_option(common_options, word, length);
	if (letter != 0)
		(void)failure_set(failure, EXIT_USAGE,
			"--%.*s takes no argument", (int)length, word);
	else if (near)
		(void)failure_set(failure, EXIT_USAGE,
			"no option --%.*s; did you mean --%s?", (int)length,
			word, near);
	else
		(void)failure_set(failure, EXIT_USAGE,
			"no option --%.*s; `culprit %s --help` lists them",
			(int)length, word, walk->argv[0]);
	return OPTION_WRONG;
}

static bool option_time(
	const char *argument, struct common *common, struct failure *failure)
{
	if (strcmp(argument, "rel") == 0)
		common->times = TIMES_RELATIVE;
	else if (strcmp(argument, "local") == 0)
		common->times = TIMES_LOCAL;
	else if (strcmp(argument, "utc") == 0)
		common->times = TIMES_UTC;
	else
		return failure_set(failure, EXIT_USAGE,
			"--time takes rel, local or utc, not %s", argument);
	return true;
}

bool option_by(
	const char *argument, struct common *common, struct failure *failure)
{
	for (enum tally_by by = TALLY_MECHANISM; by < TALLY_COUNT; by++)
		if (strcmp(argument, tally_word(by)) == 0) {
			common->by = by;
			return true;
		}
	return failure_set(failure, EXIT_USAGE,
		"--by takes mechanism, server, client, port, hop, sni or "
		"minute, not %s",
		argument);
}

bool option_top(
	const char *argument, struct common *common, struct failure *failure)
{
	uint64_t most = 0;

	if (!option_number("top", argument, 1, UINT32_MAX, &most, failure))
		return false;
	common->most = (uint32_t)most;
	return true;
}

static bool common_option(struct option_walk *walk, int id,
	const char *argument, struct failure *failure)
{
	struct common *common = walk->common;

	switch (id) {
	case 'o':
		common->output_path = argument;
		return true;
	case 'q':
		common->is_quiet = true;
		return true;
	case 'v':
		common->verbosity++;
		return true;
	case 'n':
		return true;
	case OPTION_COLOR:
		if (strcmp(argument, "auto") == 0)
			common->color = COLOR_AUTO;
		else if (strcmp(argument, "always") == 0)
			common->color = COLOR_ALWAYS;
		else if (strcmp(argument, "never") == 0)
			common->color = COLOR_NEVER;
		else
			return failure_set(failure, EXIT_USAGE,
				"--color takes auto, always or never, not %s",
				argument);
		return true;
	case OPTION_TIME:
		return option_time(argument, common, failure);
	case OPTION_HELP:
		walk->has_help = true;
		return true;
	default:
		assert(id == OPTION_VERSION);
		walk->has_version = true;
		return true;
	}
}

static bool take_format(
	struct common *common, unsigned place, struct failure *failure)
{
	const struct report_format *format = report_format_at(place);

	if (common->format && common->format != format)
		return failure_set(failure, EXIT_USAGE,
			"--%s and --%s choose twice: give one",
			common->format->name, format->name);
	common->format = format;
	return true;
}

static bool is_common(int id)
{
	for (const struct option_row *row = common_options; row->id != 0; row++)
		if (row->id == id)
			return true;
	return false;
}

int option_walk_next(struct option_walk *walk, const char **argument,
	int *operand_index, struct failure *failure)
{
	struct option longs[OPTION_WALK_MAX];
	size_t count = long_options(walk->own, longs);

	count += long_options(walk->formats, longs + count);
	count += long_options(common_options, longs + count);
	longs[count] = (struct option){0};
	for (;;) {
		int id = getopt_long(
			walk->argc, walk->argv, walk->letters, longs, NULL);

		*argument = optarg;
		*operand_index = optind;
		if (id == -1)
			return OPTION_END;
		if (id == '?')
			return wrong_option(
				walk, optopt, walk->argv[optind - 1], failure);
		if (id == ':') {
			(void)failure_set(failure, EXIT_USAGE,
				"%s needs an argument", walk->argv[optind - 1]);
			return OPTION_WRONG;
		}
		/* A command's own row wins over a common one. */
		for (const struct option_row *row = walk->own; row->id; row++)
			if (row->id == id)
				return id;
		bool is_format =
			id >= OPTION_FIRST_FORMAT && id < OPTION_FIRST_LONG;

		assert(is_format || is_common(id));
		if (is_format ? !take_format(walk->common,
					(unsigned)id - OPTION_FIRST_FORMAT,
					failure)
			      : !common_option(walk, id, optarg, failure))
			return OPTION_WRONG;
		if (walk->has_help || walk->has_version)
			return OPTION_END;
	}
}

/* On a terminal within its columns; else in one line, for programs. */
static void print_help(const char *help, unsigned columns, FILE *out)
{
	enum { INDENT = 29 };
	unsigned at = INDENT;

	while (*help) {
		size_t length = strcspn(help, " ");

		if (columns > INDENT && at > INDENT &&
			at + 1 + length > columns) {
			(void)fprintf(out, "\n%*s", INDENT, "");
			at = INDENT;
		} else if (at > INDENT) {
			(void)fputc(' ', out);
			at++;
		}
		(void)fwrite(help, 1, length, out);
		at += (unsigned)length;
		help += length;
		help += *help == ' ';
	}
	(void)fputc('\n', out);
}

void option_rows_print(const struct option_row *rows, FILE *out)
{
	unsigned columns =
		isatty(fileno(out)) ? output_columns(fileno(out)) : 0;

	for (; rows->id != 0; rows++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "%c%c%s%s%s%s%s",
			is_letter(rows->id) ? '-' : ' ',
			is_letter(rows->id) ? rows->id : ' ',
			!rows->name	      ? ""
			: is_letter(rows->id) ? ", "
					      : "  ",
			rows->name ? "--" : "", rows->name ? rows->name : "",
			!rows->argument ? ""
			: rows->name	? "="
					: " ",
			rows->argument ? rows->argument : "");
		(void)fprintf(out, "  %-26s ", left);
		print_help(rows->help, columns, out);
	}
}

bool option_number(const char *name, const char *argument, uint64_t least,
	uint64_t most, uint64_t *number, struct failure *failure)
{
	char *end;

	errno = 0;
	unsigned long long value = strtoull(argument, &end, 10);
	if (argument[0] < '0' || argument[0] > '9' || *end != '\0' ||
		errno != 0 || value < least || value > most) {
		if (most == UINT64_MAX)
			return failure_set(failure, EXIT_USAGE,
				"%s takes a whole number from %llu up, not %s",
				name, (unsigned long long)least, argument);
		return failure_set(failure, EXIT_USAGE,
			"%s takes a whole number from %llu to %llu, not %s",
			name, (unsigned long long)least,
			(unsigned long long)most, argument);
	}
	*number = value;
	return true;
}

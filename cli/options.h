/* Options, declared as rows: what getopt_long parses, what --help prints and
 * what a mistyped option is compared with all come from the same table. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "capture/failure.h"
#include "report/format.h"

/* One option. An array of them ends with a row of zeros. */
struct option_row {
	int id; /* its letter, or a number from OPTION_FIRST_LONG up */
	const char *name;     /* without the dashes; NULL: a letter only */
	const char *argument; /* how help names it; NULL: takes none */
	const char *help;
};

enum option_id {
	OPTION_END = -1,   /* no more options: operands follow */
	OPTION_WRONG = -2, /* the failure says what */
	OPTION_HELP = 'h',
	OPTION_FIRST_WORD = 256, /* no letters from here on */
	OPTION_COLOR,
	OPTION_TIME,
	OPTION_BY, /* of the commands that have them */
	OPTION_TOP,
	OPTION_VERSION,
	OPTION_FIRST_FORMAT = 384, /* by place in report/format.h */
	OPTION_FIRST_LONG = 512,   /* a command's own begin here */
};

/* -o, -q, -v, -n, -h, --color, --version: every command takes them. */
extern const struct option_row common_options[];

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct common {
	const char *output_path; /* NULL: standard output */
	unsigned verbosity;
	enum color_choice color;
	const struct report_format *format; /* NULL: not said */
	bool is_quiet;
	enum times times;
	enum tally_by by; /* --by and --top, of commands that have them */
	uint32_t most;
};

enum { OPTION_WALK_MAX = 64, OPTION_FORMATS = 16 };

/* The arguments of --by and --top. */
bool option_by(
	const char *argument, struct common *common, struct failure *failure);
bool option_top(
	const char *argument, struct common *common, struct failure *failure);

/* The option of a format. */
struct option_row option_of_format(
	const struct report_format *format, unsigned place);

struct option_walk {
	const struct option_row *own;
	struct option_row formats[OPTION_FORMATS + 1];
	int argc;
	char **argv;
	char letters[2 * OPTION_WALK_MAX + 4];
	struct common *common;
	bool has_help, has_version; /* asked for; the walk has ended there */
};

enum operand_order {
	OPERANDS_ANYWHERE, /* argv is sorted: options first */
	OPERANDS_LAST, /* the first one ends the options: it begins a filter */
};

/* Starts over on argv, whose first member is the command's name. Common
 * options and formats, whether the command has them or not, are stored in
 * `common` and not handed out. */
void option_walk_begin(struct option_walk *walk, const struct option_row *own,
	enum operand_order order, struct common *common, int argc, char **argv);
/* The id of the next of the command's own options and its argument;
 * OPTION_END when operands follow (first at `*operand_index`), or help or the
 * version was asked for; OPTION_WRONG with a sentence in `failure`. */
int option_walk_next(struct option_walk *walk, const char **argument,
	int *operand_index, struct failure *failure);

/* Lists the rows, aligned, as part of --help. */
void option_rows_print(const struct option_row *rows, FILE *out);

/* A whole decimal number from `least` to `most`; the failure names the option
 * and what it takes. */
bool option_number(const char *name, const char *argument, uint64_t least,
	uint64_t most, uint64_t *number, struct failure *failure);

/* True when `word` looks like a slip of the finger for `known`. */
bool option_is_near_miss(const char *word, const char *known);

#endif

/* The table of what makes a cause found or excluded. */
#ifndef ANALYSIS_CAUSE_CAUSE_ROW_H
#define ANALYSIS_CAUSE_CAUSE_ROW_H

#include "analysis/cause/cause.h"

/* How a cause is judged. */
struct cause_rule {
	/* it keeps SYNs from being answered: excluded where all were; else it
	 * is open, since it may have kept some; NULL: it does not */
	const char *of_some;
	const char *experiment; /* that tests it from here; NULL: none */
	/* It is excluded where all of these are, a set of QUESTION_BIT, and
	 * open where one is open; 0: neither. */
	unsigned questions;
	/* of users of SSH alone: nothing is said of it for other servers */
	bool is_of_ssh;
};
extern const struct cause_rule cause_rules[CAUSE_COUNT];

/* What shows a cause or excludes it: a finding; or a statement of the judge
 * that excludes a question, or leaves one open. Texts have placeholders: {mtu}
 * {way} {place} {died} {percent} {port} {own} {probe}. */
struct cause_sign {
	enum cause cause;
	enum cause_state state;
	enum finding_kind kind; /* looked at where `row` is NULL */
	/* found: at most, else the finding's; excluded: a finding has it */
	enum grade most;
	const char *row; /* of the judge; NULL: any finding of the kind */
	const char *but; /* of the kind: this row is none; NULL: each is one */
	/* NULL: what the statement says. Open: of one that excludes less than
	 * the cause */
	const char *says;
	const char *other; /* NULL: what the finding says */
	/* found: what to change, with placeholders; NULL: the finding's */
	const char *advice;
};

struct cause_signs {
	const struct cause_sign *signs;
	unsigned count;
	const char *experiment; /* whose rows they name; NULL: of several */
};

enum { CAUSE_SIGN_TABLES = 3 };
extern const struct cause_signs *const cause_sign_tables[CAUSE_SIGN_TABLES];
extern const struct cause_signs cause_signs_path;
extern const struct cause_signs cause_signs_reset;
extern const struct cause_signs cause_signs_ssh;

/* The members of a table. */
#define CAUSE_SIGNS(array)                                                     \
	.signs = (array), .count = sizeof(array) / sizeof((array)[0])
/* Lines of one. */
#define FOUND(cause_, row_, most_, ...)                                        \
	{                                                                      \
		.cause = CAUSE_##cause_, .state = CAUSE_FOUND, .row = (row_),  \
		.most = GRADE_##most_, __VA_ARGS__                             \
	}
#define FOUND_KIND(cause_, kind_, most_, ...)                                  \
	{                                                                      \
		.cause = CAUSE_##cause_, .state = CAUSE_FOUND,                 \
		.kind = FINDING_##kind_, .most = GRADE_##most_, __VA_ARGS__    \
	}
#define EXCLUDED(cause_, row_, ...)                                            \
	{                                                                      \
		.cause = CAUSE_##cause_, .state = CAUSE_EXCLUDED,              \
		.row = (row_), .most = GRADE_CERTAIN, __VA_ARGS__              \
	}
/* What is excluded is less than the cause. */
#define BOUNDED(cause_, row_, text_)                                           \
	{                                                                      \
		.cause = CAUSE_##cause_, .state = CAUSE_OPEN, .row = (row_),   \
		.says = (text_)                                                \
	}
#define LEFT_OPEN(cause_, row_)                                                \
	{                                                                      \
		.cause = CAUSE_##cause_, .state = CAUSE_OPEN, .row = (row_)    \
	}

#endif

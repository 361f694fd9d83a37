/* The table of what makes a cause found or excluded. */
#ifndef ANALYSIS_CAUSE_CAUSE_ROW_H
#define ANALYSIS_CAUSE_CAUSE_ROW_H

#include "analysis/cause/cause.h"

/* How a cause is judged. */
struct cause_rule {
	/* of users of SSH alone: nothing is said of it for other servers */
	bool is_of_ssh;
	/* it keeps SYNs from being answered: excluded where one was */
	bool is_of_port;
	/* It is excluded where all of these are, a set of QUESTION_BIT, and
	 * open where one is open; 0: neither. */
	unsigned questions;
	const char *experiment; /* that tests it from here; NULL: none */
};
extern const struct cause_rule cause_rules[CAUSE_COUNT];

/* A finding that shows a cause, or excludes it. Texts have placeholders: {mtu}
 * {way} {place} {died} {percent} {port} {own} {probe}. */
struct cause_sign {
	enum cause cause;
	enum finding_kind kind;
	const char *row; /* of the path's judge; NULL: any of the kind */
	enum cause_state state;
	/* found: at most, else the finding's; excluded: the finding has it */
	enum grade most;
	const char *says;
	const char *other; /* NULL: what the finding says */
};
extern const struct cause_sign cause_signs[];
extern const unsigned cause_sign_count;

#endif

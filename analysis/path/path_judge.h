/* Cases against tables: what is found, what is excluded, what is left open. */
#ifndef ANALYSIS_PATH_PATH_JUDGE_H
#define ANALYSIS_PATH_PATH_JUDGE_H

#include "analysis/path/path_case.h"

enum { PATH_FINDINGS = 48 };

struct path_verdict {
	unsigned finding_count; /* what does not fit is not kept */
	struct finding findings[PATH_FINDINGS];
	/* sets of questions, and for each the first row that says so */
	unsigned excluded, opened;
	struct path_statement excluding[QUESTION_COUNT];
	struct path_statement opening[QUESTION_COUNT];
};

/* Whether the facts are as a row wants them. */
bool path_judge_applies(
	const struct path_when *when, const struct path_facts *facts);
/* Judges one by the table of its subject, and adds to the verdict. */
void path_judge_case(const struct path_table *table,
	const struct path_case *one, struct path_verdict *verdict);

#endif

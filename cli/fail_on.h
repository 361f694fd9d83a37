/* --fail-on WORD,...: which verdicts make a script stop. */
#ifndef CLI_FAIL_ON_H
#define CLI_FAIL_ON_H

#include "analysis/analysis.h"
#include "capture/failure.h"

struct fail_on {
	bool is_any;
	bool mechanisms[MECHANISM_COUNT];
	bool culprits[PARTY_COUNT];
};

/* Calls `add` for each word of a comma separated list; false with a failure
 * where one is empty or too long, or `add` refuses one. */
bool fail_on_words(const char *words,
	bool (*add)(void *context, const char *word, struct failure *failure),
	void *context, struct failure *failure);
/* Adds the words of a comma separated list: mechanisms, culprits, "any". The
 * failure names the unknown word and what is known. */
bool fail_on_parse(
	struct fail_on *fail_on, const char *words, struct failure *failure);
bool fail_on_matches(
	const struct fail_on *fail_on, const struct analysis_totals *totals);

#endif

/* `culprit explain WORD`: what a word of a verdict means. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "report/style.h"

/* Prints what is known of a mechanism, a grade, a party, a finding and what it
 * consists of; a word that is two of them is told twice. False when it is
 * none. */
bool explain_word(const char *word, const struct style *style, FILE *out);

/* Lists all words by kind. */
void explain_list(const struct style *style, FILE *out);

/* Calls `each` for every word, for suggestions. */
void explain_each_word(
	void (*each)(void *context, const char *word), void *context);

#endif

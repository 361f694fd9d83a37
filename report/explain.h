/* `culprit explain WORD`: explains a term of a report. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "report/style.h"

/* Prints the explanation of a mechanism, grade, party, finding or part of a
 * finding, of a field, or of a mechanism by its title; a term that is two of
 * them is printed twice. False for an unknown term. Where `out` is NULL it is
 * only looked up. */
bool explain_word(const char *word, const struct style *style, FILE *out);

/* Lists all words by kind. */
void explain_list(const struct style *style, FILE *out);

/* Calls `each` for every word, for suggestions. */
void explain_each_word(
	void (*each)(void *context, const char *word), void *context);

#endif

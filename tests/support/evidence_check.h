/* Evidence that contradicts itself. */
#ifndef TESTS_SUPPORT_EVIDENCE_CHECK_H
#define TESTS_SUPPORT_EVIDENCE_CHECK_H

#include <string.h>

#include "analysis/verdict/incident.h"

/* The fact of the first row that says "no" and shows what was expected, or says
 * that a number is exact and shows another; NULL: none. */
static inline const char *evidence_contradiction(
	const struct incident *incident)
{
	for (unsigned i = 0; i < incident->evidence_count; i++) {
		const struct evidence_row *row = &incident->evidence[i];
		bool is_same = strcmp(row->found, row->expected) == 0;

		if (row->found[0] && row->holds == TRUTH_NO && is_same)
			return row->fact;
		if (row->holds == TRUTH_YES && !is_same &&
			strcmp(row->fact, "reset-sequence-exact") == 0)
			return row->fact;
		if (row->holds == TRUTH_NO && !strstr(row->found, " to ") &&
			strcmp(row->fact, "sender-ttl-steady") == 0)
			return row->fact;
		if (row->holds == TRUTH_NO && strstr(row->found, "no answer") &&
			strcmp(row->fact, "syn-unanswered") == 0)
			return row->fact;
	}
	return NULL;
}

#endif

/* The texts behind `culprit explain`. Facts in them were measured on Linux or
 * stand in the RFC or source that is named; what nobody checked is not here. */
#ifndef REPORT_EXPLAIN_TABLE_H
#define REPORT_EXPLAIN_TABLE_H

#include "analysis/verdict/vocabulary.h"

struct explanation {
	const char *word;
	const char *meaning;
	const char *recognised; /* how, from packets */
	const char *also;	/* what else it could be; NULL: nothing */
	const char *remedy;	/* what to do; NULL: nothing */
};

enum {
	EXPLAIN_FINDINGS = 14,
};

extern const struct explanation explain_mechanisms[MECHANISM_COUNT];
extern const struct explanation explain_findings[EXPLAIN_FINDINGS];
extern const struct explanation explain_grades[GRADE_COUNT];
extern const struct explanation explain_parties[PARTY_COUNT];

#endif

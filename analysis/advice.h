/* What to do, with the numbers of the evidence. */
#ifndef ANALYSIS_ADVICE_H
#define ANALYSIS_ADVICE_H

#include "analysis/state.h"

/* Writes the incident's detail (this flow's numbers in a sentence) and
 * advice. `subject` is the side that the incident is about. */
void advise(const struct record *record, unsigned subject,
	struct incident *incident);

#endif

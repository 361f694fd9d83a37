/* What the user may have got wrong: captures of other times, their order, their
 * clocks, memory. */
#ifndef REPORT_COMPARISON_NOTES_H
#define REPORT_COMPARISON_NOTES_H

#include "report/comparison.h"
#include "report/layout.h"

/* Where the captures have no connection in common: which times they are of. */
void comparison_notes_none_shared(
	const struct layout *layout, const struct comparison *comparison);

/* Where they have some; nothing is written if nothing is odd. */
void comparison_notes(
	const struct layout *layout, const struct comparison *comparison);

#endif

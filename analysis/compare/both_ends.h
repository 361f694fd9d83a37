/* Resets in the names of both ends that neither end sent. */
#ifndef ANALYSIS_COMPARE_BOTH_ENDS_H
#define ANALYSIS_COMPARE_BOTH_ENDS_H

#include "analysis/compare/compare.h"

/* Of the outcomes from `from` on, which are of one connection: its rows to the
 * client and to the server. Raises those that a device sent to both ends. */
void both_ends_weigh(
	struct compare *compare, const struct row_set rows[2], uint32_t from);

#endif

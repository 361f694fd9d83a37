/* Bytes that two lanes have in different segments: one captured before they
 * were cut (segmentation offload), or after they were joined. */
#ifndef ANALYSIS_COMPARE_ROW_COVER_H
#define ANALYSIS_COMPARE_ROW_COVER_H

#include "analysis/compare/row.h"

/* Of rows that are complete. False without memory. */
bool row_cover_make(struct row_set *rows);

/* Does the lane have all bytes of this row in segments that no row has whole?
 */
bool row_is_covered(const struct row_set *rows, const struct packet_row *row,
	unsigned lane);

#endif

/* Bytes that two lanes have in different segments: one captured before they
 * were cut (segmentation offload), or after they were joined. */
#ifndef ANALYSIS_COMPARE_ROW_COVER_H
#define ANALYSIS_COMPARE_ROW_COVER_H

#include "analysis/compare/row.h"

/* Of rows that are complete. False without memory. */
bool row_cover_make(struct row_set *rows);
void row_cover_release(struct row_set *rows);

/* The payload of this row's packet at lane `from`, or the first part of it,
 * that lane `lane` does not have in segments which `from` has not as such; by
 * the first lane's numbers. False: `lane` has all of it. */
bool row_cover_lacks(const struct row_set *rows, const struct packet_row *row,
	unsigned from, unsigned lane, uint32_t *sequence, uint32_t *end);

#endif

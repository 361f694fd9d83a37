/* SYNs that one capture has, that nobody answered, and that another capture
 * would have had if they had come so far. */
#ifndef ANALYSIS_COMPARE_UNANSWERED_H
#define ANALYSIS_COMPARE_UNANSWERED_H

#include "analysis/compare/conn_set.h"

/* Adds to a group of unanswered SYNs the lane that they should have reached
 * next: the next file's, where its packets of the same server pass; if the
 * files share no connection at all (`is_any_shared`), the next file's largest.
 */
void unanswered_expect(
	struct conn_set *set, struct path_conn *group, bool is_any_shared);

#endif

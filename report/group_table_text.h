/* The table of all failures, for people: what failed how often, by whom, when
 * and where. */
#ifndef REPORT_GROUP_TABLE_TEXT_H
#define REPORT_GROUP_TABLE_TEXT_H

#include "report/groups.h"
#include "report/layout.h"

/* A row for each failure, culprit and grade, the first `most` of them. */
void group_table_text(const struct layout *layout, const struct groups *groups,
	uint32_t most);

#endif

/* The packets around one of a connection, a lane for each capture point. */
#ifndef REPORT_COMPARISON_LADDER_H
#define REPORT_COMPARISON_LADDER_H

#include "report/comparison.h"
#include "report/layout.h"

void comparison_ladder_text(const struct layout *layout,
	const struct comparison *comparison, const struct outcome *outcome);

#endif

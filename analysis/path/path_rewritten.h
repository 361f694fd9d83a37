/* What devices changed, from what routers quote of a handshake packet, and the
 * target of a UDP packet. */
#ifndef ANALYSIS_PATH_PATH_REWRITTEN_H
#define ANALYSIS_PATH_PATH_REWRITTEN_H

#include "analysis/path/path_record.h"

/* A case for each field that was changed, and those of what was looked at. */
void path_rewritten_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif

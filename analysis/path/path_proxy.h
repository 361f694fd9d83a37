/* Whether the connection ends at another host than ICMP echo does. */
#ifndef ANALYSIS_PATH_PATH_PROXY_H
#define ANALYSIS_PATH_PATH_PROXY_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

/* Sets which of the two is farther, where they differ. */
void path_proxy_set(const struct path *path, struct path_facts *facts);

void path_proxy_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif

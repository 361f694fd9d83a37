/* Whether the port is open, and which host rejects. */
#ifndef ANALYSIS_PATH_PATH_PORT_H
#define ANALYSIS_PATH_PATH_PORT_H

#include "analysis/path/path_record.h"

void path_port_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif

/* Whether the port is open, and which host rejects. */
#ifndef ANALYSIS_PATH_PATH_PORT_H
#define ANALYSIS_PATH_PATH_PORT_H

#include "analysis/path/path_record.h"

/* Whether an ICMP error for the SYN says that there is no way to the target, or
 * that it is down. */
bool path_port_is_missed(const struct path *path);

void path_port_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif

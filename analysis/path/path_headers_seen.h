/* How far headers are seen unchanged: routers quote the SYN as it reached
 * them, the server's segments show the MSS that it received, and the SYN-ACK
 * the MSS that came back. */
#ifndef ANALYSIS_PATH_PATH_HEADERS_SEEN_H
#define ANALYSIS_PATH_PATH_HEADERS_SEEN_H

#include "analysis/path/path_record.h"

void path_headers_seen_case(
	const struct path *path, const struct path_case_sink *sink);

#endif

/* A TLS server: whether it takes a client's first message, and why not. */
#ifndef ANALYSIS_PATH_PATH_TLS_H
#define ANALYSIS_PATH_PATH_TLS_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

void path_tls_cases(const struct path *path, const struct path_case_sink *sink);
/* What the phases took, and what the server chose. */
void path_tls_measure(const struct path *path, struct path_tls_times *times);

#endif

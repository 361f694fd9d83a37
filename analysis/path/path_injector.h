/* Devices that reset connections when they see certain bytes. */
#ifndef ANALYSIS_PATH_PATH_INJECTOR_H
#define ANALYSIS_PATH_PATH_INJECTOR_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

void path_injector_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif

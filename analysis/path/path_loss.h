/* Loss end to end: of the packets that fit the path, how many the target never
 * answered. Routers' errors are not used: they are rate-limited, and their
 * absence alone is not loss. The forward and the return path are not
 * distinguished. */
#ifndef ANALYSIS_PATH_PATH_LOSS_H
#define ANALYSIS_PATH_PATH_LOSS_H

#include "analysis/path/path_record.h"

/* By which loss is measured: TCP, or echo where no TCP packet arrived, or only
 * echo was sent often enough. */
enum probe_method path_loss_method(const struct path *path);

void path_loss_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif

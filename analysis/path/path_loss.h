/* Loss end to end: of packets that the path lets pass, how many were never
 * answered by the target. Routers' errors are left out: they are rationed, and
 * their absence alone is no loss. The way there and the way back are one. */
#ifndef ANALYSIS_PATH_PATH_LOSS_H
#define ANALYSIS_PATH_PATH_LOSS_H

#include "analysis/path/path_record.h"

/* By which loss is measured: TCP, or echo where no TCP packet arrived. */
enum probe_method path_loss_method(const struct path *path);

void path_loss_cases(
	const struct path *path, const struct path_case_sink *sink);

#endif

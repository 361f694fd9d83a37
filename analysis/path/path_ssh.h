/* An SSH server: at which phase a client fails there, and why. */
#ifndef ANALYSIS_PATH_PATH_SSH_H
#define ANALYSIS_PATH_PATH_SSH_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

void path_ssh_cases(const struct path *path, const struct path_case_sink *sink);
/* Whether the experiment opened no connection of its own, although the server
 * speaks SSH. */
bool path_ssh_is_passed_over(const struct path *path);
/* What the phases took, and who the server says that it is. */
void path_ssh_measure(const struct path *path, struct path_ssh_times *times);

#endif

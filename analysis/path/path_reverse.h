/* The return path, by two methods: segments of the server, of a size that our
 * SYN offered, and ICMP echo, whose replies are as large as its requests. */
#ifndef ANALYSIS_PATH_PATH_REVERSE_H
#define ANALYSIS_PATH_PATH_REVERSE_H

#include "analysis/path/mtu_bound.h"

/* `forward` is the bound of the way there. */
/* Whether the server's segments show that the return path loses sizes of which
 * `echo` measured that they do not go there and back. */
bool path_reverse_loses(const struct path *path, const struct mtu_bound *echo);
void path_reverse_cases(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *forward);

#endif

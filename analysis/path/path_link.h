/* The link that large packets do not pass: between the last hop that responds
 * to one and the next that responds to small ones only. */
#ifndef ANALYSIS_PATH_PATH_LINK_H
#define ANALYSIS_PATH_PATH_LINK_H

#include "analysis/path/path_record.h"

struct path_link {
	struct path_stretch at; /* HOP_NOT_KNOWN where nothing was sent */
	unsigned tries; /* of large packets to `before`; 0: it is the target */
	double chance;	/* that a router's rate limit of errors explains it */
	uint64_t large_frame, small_frame, vanished_frame;
};

/* The link that packets above `passed` bytes do not pass, by one method; with a
 * flow, those of that connection alone. */
struct path_link path_link_find(const struct path *path,
	enum probe_method method, uint32_t passed,
	const struct path_stream *flow);

#endif

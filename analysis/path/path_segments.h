/* What the server's segments on all connections together say of the return
 * path. */
#ifndef ANALYSIS_PATH_PATH_SEGMENTS_H
#define ANALYSIS_PATH_PATH_SEGMENTS_H

#include "analysis/path/path_record.h"

/* Of some connections, the first and the last by the order of their SYNs. */
struct path_span {
	unsigned count, first, last;
};

/* The combined result of all streams. */
struct path_segments {
	unsigned streams; /* on which the server sent data */
	unsigned tried;	  /* all that opened */
	bool is_asked;	  /* for the most that we can take */
	uint32_t passed;  /* largest that arrived; 0: none */
	uint64_t passed_frame, passed_against;
	bool is_cut;	 /* and its sender had more to send */
	uint32_t failed; /* least above it of which the rest came; 0: none */
	unsigned misses;
	unsigned silent;     /* of them, all of which did not come, */
	unsigned unanswered; /* and others, from a server that may be busy */
	uint64_t unanswered_frame;
	uint64_t failed_frame, failed_against;
	/* bits of the parities of our ports, 1 for even ones and 2 for odd
	 * ones, to which a segment of the interface's MTU arrived, one of
	 * `passed` bytes arrived, and one of `failed` bytes did not */
	unsigned full_parities, passed_parities, failed_parities;
	/* connections on which a size vanished that passed on another, and the
	 * least of these sizes */
	unsigned contrary;
	uint32_t contrary_bytes;
	uint64_t contrary_frame;
	/* these connections, and those on which that size or more arrived */
	struct path_span contrary_span, arrived_span;
};

struct path_segments path_segments_find(const struct path *path);

#endif

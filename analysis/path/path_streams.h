/* The target's data on the connections of a probe: the sizes of its segments,
 * and the missing ones. */
#ifndef ANALYSIS_PATH_PATH_STREAMS_H
#define ANALYSIS_PATH_PATH_STREAMS_H

#include "analysis/path/path_record.h"

/* A segment of ours, and one of the target's. */
void path_streams_sent(struct path *path, const struct packet *packet);
void path_streams_heard(struct path *path, const struct packet *packet);
/* An ICMP error of ours. */
void path_streams_ptb_sent(struct path *path, const struct packet *packet);

#endif

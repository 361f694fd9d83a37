/* The quotes of packets that were sent to be quoted: the packet as a router,
 * or the target, quotes it, and as it was sent. */
#ifndef ANALYSIS_PATH_PATH_QUOTES_H
#define ANALYSIS_PATH_PATH_QUOTES_H

#include "analysis/path/path_record.h"

/* Keeps what was sent to be quoted. */
void path_quotes_keep_probe(struct path *path, const struct packet *packet);
/* Keeps what an error quotes of it. */
void path_quotes_take(struct path *path, const struct sent_probe *sent_probe,
	const struct packet *packet, bool is_target);

#endif

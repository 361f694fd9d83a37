/* ACKs of no connection, sent to a port that answers no SYN. */
#ifndef ANALYSIS_PATH_PATH_STRAY_H
#define ANALYSIS_PATH_PATH_STRAY_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

void path_stray_sent(struct path *path, const struct packet *packet);
void path_stray_heard(struct path *path, const struct packet *packet);
/* Facts of the port: whether they are answered by the target, and whether ports
 * that nobody uses are. */
void path_stray_weigh(const struct path *path, struct path_case *one);

#endif

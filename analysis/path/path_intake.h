/* Takes the packets of a probe one by one, in the order sent and received. */
#ifndef ANALYSIS_PATH_PATH_INTAKE_H
#define ANALYSIS_PATH_PATH_INTAKE_H

#include "analysis/path/path_record.h"

void path_intake_packet(struct path *path, const struct packet *packet);

#endif

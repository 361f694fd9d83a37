/* Which of the sent packets measure nothing, after all was heard. */
#ifndef ANALYSIS_PATH_PATH_EXCLUSION_H
#define ANALYSIS_PATH_PATH_EXCLUSION_H

#include "analysis/path/path_record.h"

/* A connection that has ended names nothing that arrives any more: what was
 * sent when the end may have been on its way, and has no answer, says
 * nothing. */
void path_exclusion_after_end(struct path *path);

/* A server whose handshake is not complete answers no data: where the packet
 * that completes it is lost or late, what was sent right behind it says
 * nothing. It shows by packets no larger than the first that is answered.
 * Returns whether any was. */
bool path_exclusion_before_open(struct path *path);

#endif

/* Which of the sent packets measure nothing, once all packets were taken. */
#ifndef ANALYSIS_PATH_PATH_EXCLUSION_H
#define ANALYSIS_PATH_PATH_EXCLUSION_H

#include "analysis/path/path_record.h"

/* A closed connection sends no more DSACKs: unanswered packets sent when the
 * FIN or reset may have been in flight measure nothing. */
void path_exclusion_after_end(struct path *path);

/* Unanswered packets sent when the recording of an interrupted run ended
 * measure nothing: the response may not have been waited for. */
void path_exclusion_cut_off(struct path *path);

/* A server whose handshake is not complete answers no data: where the
 * handshake's ACK is lost or late, packets sent right behind it measure
 * nothing. Recognised by packets no larger than the first that is answered,
 * and, as packets overtake each other, by packets of sizes that arrive, sent
 * before the server is known to have the handshake's ACK.
 * Returns whether any was. */
bool path_exclusion_before_open(struct path *path);

#endif

/* When the large segments of a connection that speaks a protocol are lost. */
#ifndef PROBE_EXPERIMENTS_LARGE_LOST_H
#define PROBE_EXPERIMENTS_LARGE_LOST_H

#include "probe/engine/experiment.h"

/* After all repetitions, or by an ICMP error. */
static inline bool large_lost(
	const struct connection *connection, const struct event *event)
{
	return event->kind == EVENT_TIMEOUT
		       ? connection_has_given_up(connection)
		       : event->connection == connection &&
				 event->kind == EVENT_RESPONSE &&
				 event->answer == RESPONSE_TOO_BIG;
}

#endif

#ifndef ANALYSIS_VERDICT_FACTS_STATION_H
#define ANALYSIS_VERDICT_FACTS_STATION_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"

/* The interface and the station that the reset came from, compared with those
 * of its alleged sender. */
void facts_station(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

#endif

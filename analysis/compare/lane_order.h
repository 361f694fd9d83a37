/* In which order the packets of a connection pass the lanes that recorded it,
 * and which lanes they should have passed besides. */
#ifndef ANALYSIS_COMPARE_LANE_ORDER_H
#define ANALYSIS_COMPARE_LANE_ORDER_H

#include "analysis/compare/conn_set.h"

/* Of all groups. A connection that a lane did not record is expected there if
 * others of the same two hosts passed it. False without memory. */
bool lane_order_all(struct conn_set *set);

#endif

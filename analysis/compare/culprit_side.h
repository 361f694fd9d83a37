/* On which side of each capture point the packet came to its end, or came
 * from, that ended a connection. */
#ifndef ANALYSIS_COMPARE_CULPRIT_SIDE_H
#define ANALYSIS_COMPARE_CULPRIT_SIDE_H

#include "analysis/compare/compare.h"

/* Between two lanes, from the client to the server. NO_LANE: beyond the first
 * or the last one, at that end. */
struct culprit_side {
	uint8_t after, before;
	const struct outcome *outcome; /* by which it is known */
	uint32_t looked; /* at outcomes, to find it: work that was done */
};

/* Of the packet with this frame number, at whatever point it was recorded.
 * False: nothing is known of it. */
bool culprit_side_of(const struct compare *compare, uint64_t frame,
	struct culprit_side *side);

/* Is the packet recorded at the host whose name it bears, though a recorder
 * between there and this frame missed it? */
bool culprit_side_left_sender(const struct compare *compare, uint64_t frame);

/* Is the packet a reset that came first to a lane which is not its sender's
 * own, where a reset in the name of the other end entered as well that nobody
 * sent? A device at that lane's place sends both so, and to those lanes the one
 * looks as if it came from beyond. */
bool culprit_side_is_beside_forged(
	const struct compare *compare, uint64_t frame);

#endif

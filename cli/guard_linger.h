/* How long a guarded port is needed after the probe: while packets still come
 * for it, and until the sender's next ones would have come. */
#ifndef CLI_GUARD_LINGER_H
#define CLI_GUARD_LINGER_H

#include <stdbool.h>
#include <stdint.h>

/* Of one socket; all zero at the end of the probe. Seconds count from there. */
struct guard_linger {
	uint32_t drops;	  /* by the socket's filter, as last told; wraps */
	unsigned heard_s; /* when that last changed */
	unsigned gap_s;	  /* the longest between two changes, or to the first */
};

/* At the end of the probe: what was dropped by then doesn't count. */
struct guard_linger guard_linger_begin(uint32_t drops);
/* To be told the count every second. Whether the port is needed still. */
bool guard_linger_goes_on(
	struct guard_linger *stay, uint32_t drops, unsigned now_s);

#endif

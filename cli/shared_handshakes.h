/* Captures of the same traffic that were read one after the other, as a rotated
 * capture is: their clocks are so far apart that their times do not overlap.
 * The same SYN-ACK is in both then. */
#ifndef CLI_SHARED_HANDSHAKES_H
#define CLI_SHARED_HANDSHAKES_H

#include <stdint.h>

#include "capture/packet.h"
#include "cli/inputs.h"

enum { SHARED_HANDSHAKES = 65536, SHARED_PAIRS = 64 };

/* Bounded: a newer SYN-ACK takes an older one's slot, and that one's copy is
 * not found. */
struct shared_handshakes {
	struct {
		uint64_t hash, frame;
	} slots[SHARED_HANDSHAKES];
	uint64_t pairs[SHARED_PAIRS][2]; /* frames of the same SYN-ACK */
	unsigned pair_count;
};

/* NULL: no memory, or nothing to look for. Free it with free(). */
struct shared_handshakes *shared_handshakes_new(void);
void shared_handshakes_look(
	struct shared_handshakes *shared, const struct packet *packet);

/* Says so on standard error, if files that are read as one capture share a
 * handshake. */
void shared_handshakes_tell(const struct shared_handshakes *shared,
	const struct inputs *inputs);

#endif

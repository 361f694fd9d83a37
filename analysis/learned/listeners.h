/* Listeners: addresses and ports that answered a SYN. Identifies the server of
 * a connection whose beginning was not captured. A new entry may evict
 * another; then the guess is made without it. The hash has no seed: which
 * newcomer does that must not differ from run to run. */
#ifndef ANALYSIS_LEARNED_LISTENERS_H
#define ANALYSIS_LEARNED_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

enum { LISTENERS = 4096 };

struct listeners {
	uint64_t hashes[LISTENERS];
};

void listeners_learn(struct listeners *listeners, const struct address *address,
	uint16_t port);
bool listeners_know(const struct listeners *listeners,
	const struct address *address, uint16_t port);

#endif

/* Listeners: addresses and ports that answered a SYN, and when they last did.
 * Identifies the server of a connection whose beginning was not captured. Of
 * too many some are not known (learned_table.h); then the guess is made without
 * them. */
#ifndef ANALYSIS_LEARNED_LISTENERS_H
#define ANALYSIS_LEARNED_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/learned/learned_table.h"
#include "capture/packet.h"

struct listeners {
	struct learned_table table; /* of hashes, which are their keys */
};

bool listeners_init(struct listeners *listeners, uint32_t capacity);
void listeners_release(struct listeners *listeners);
void listeners_learn(struct listeners *listeners, const struct address *address,
	uint16_t port, int64_t time_ns);
bool listeners_know(const struct listeners *listeners,
	const struct address *address, uint16_t port);
/* Whether it answered a SYN later than that, by the time of packets. */
bool listeners_answer_after(const struct listeners *listeners,
	const struct address *address, uint16_t port, int64_t time_ns);
void listeners_merge(struct listeners *listeners, const struct listeners *from);

/* The hash of an address and a port; no byte at either end of it is 0. */
uint64_t listeners_hash(const struct address *address, uint16_t port);

#endif

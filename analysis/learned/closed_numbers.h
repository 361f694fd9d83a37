/* The sequence numbers with which connections closed in an orderly way. A
 * reset can come long after the connection was discarded: its number
 * identifies it as a late packet, and not as the first of a connection whose
 * beginning was not captured. Bounded; a newer connection replaces an older
 * one, and a late packet of the older one is then judged as of an unknown
 * connection. */
#ifndef ANALYSIS_LEARNED_CLOSED_NUMBERS_H
#define ANALYSIS_LEARNED_CLOSED_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

struct closed_numbers {
	uint64_t *marks; /* owned; 0: none */
	uint32_t mask;
};

/* `capacity` is a power of two. */
bool closed_numbers_init(struct closed_numbers *numbers, uint32_t capacity);
void closed_numbers_release(struct closed_numbers *numbers);

/* The connection of this name (see flow_key.h) has closed, and `side` would go
 * on with this number. */
void closed_numbers_learn(struct closed_numbers *numbers,
	const uint64_t identity[2], unsigned side, uint32_t next);

/* Has a connection of this name closed, and is this number the one that `side`
 * would have gone on with, or its FIN's? */
bool closed_numbers_know(const struct closed_numbers *numbers,
	const uint64_t identity[2], unsigned side, uint32_t sequence);

#endif

/* The sequence numbers with which connections closed in an orderly way. A
 * reset can come when the connection has long been let go: by its number it is
 * known for what it is, a leftover, and no connection that was picked up in the
 * middle. Bounded; a newer connection takes the place of an older one, and the
 * older one's leftover is then judged as of a connection that nobody knows. */
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

/* A bounded ring of batches between one producer and one consumer. Empty
 * batches travel back the same way, so nothing is allocated while it runs.
 * Both spin for a moment before they sleep: a batch takes some tens of
 * microseconds, about what a sleep and a wake-up cost. Who fills is woken only
 * when half of the ring is empty, so that it does not wake for every batch. */
#ifndef CLI_RING_H
#define CLI_RING_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture/frame.h"

enum { RING_BATCHES = 8 };

struct ring {
	struct batch *batches[RING_BATCHES];
	_Alignas(64) atomic_uint_fast64_t filled;  /* by the producer so far */
	_Alignas(64) atomic_uint_fast64_t emptied; /* by the consumer so far */
	_Alignas(64) atomic_bool is_closed; /* nothing more will be filled */
	atomic_bool is_abandoned;	    /* nothing more will be emptied */
	atomic_bool is_filler_asleep, is_emptier_asleep;
	unsigned spins; /* none with a single processor */
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

/* False without memory. */
bool ring_init(struct ring *ring);
void ring_destroy(struct ring *ring);

/* The next batch to fill, waiting for one; NULL when abandoned. */
struct batch *ring_to_fill(struct ring *ring);
void ring_fill(struct ring *ring);
void ring_close(struct ring *ring);

/* The next full batch; NULL when none came within `wait_ms`, or when the ring
 * is closed and empty (`*is_over`). */
struct batch *ring_to_empty(struct ring *ring, int wait_ms, bool *is_over);
void ring_empty(struct ring *ring);
void ring_abandon(struct ring *ring);

#endif

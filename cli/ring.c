#include "cli/ring.h"

#include <sched.h>
#include <time.h>

enum { SPINS = 300, BATCH_BYTES = 256 * 1024 };

static bool has_two_processors(void)
{
	cpu_set_t allowed;

	return sched_getaffinity(0, sizeof(allowed), &allowed) == 0 &&
	       CPU_COUNT(&allowed) > 1;
}

bool ring_init(struct ring *ring)
{
	*ring = (struct ring){.spins = has_two_processors() ? SPINS : 0};
	for (int i = 0; i < RING_BATCHES; i++) {
		ring->batches[i] = batch_new(BATCH_BYTES);
		if (!ring->batches[i]) {
			while (--i >= 0)
				batch_free(ring->batches[i]);
			return false;
		}
	}
	pthread_condattr_t attributes;

	/* None of these can fail with these arguments on Linux. */
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&ring->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	(void)pthread_mutex_init(&ring->lock, NULL);
	return true;
}

void ring_destroy(struct ring *ring)
{
	for (int i = 0; i < RING_BATCHES; i++)
		batch_free(ring->batches[i]);
	(void)pthread_cond_destroy(&ring->changed);
	(void)pthread_mutex_destroy(&ring->lock);
}

static inline void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Whoever changes the state looks for a sleeper after the change, whoever wants
 * to sleep says so before it looks at the state a last time: with sequentially
 * consistent atomics no wake-up is lost. */
static void wake(struct ring *ring, atomic_bool *is_asleep)
{
	if (!atomic_load(is_asleep))
		return;
	(void)pthread_mutex_lock(&ring->lock);
	(void)pthread_cond_broadcast(&ring->changed);
	(void)pthread_mutex_unlock(&ring->lock);
}

static uint64_t held(struct ring *ring)
{
	return atomic_load(&ring->filled) - atomic_load(&ring->emptied);
}

static bool has_room(struct ring *ring)
{
	return held(ring) < RING_BATCHES || atomic_load(&ring->is_abandoned);
}

static bool has_much_room(struct ring *ring)
{
	return held(ring) <= RING_BATCHES / 2 ||
	       atomic_load(&ring->is_abandoned);
}

static bool has_batch(struct ring *ring)
{
	return held(ring) > 0 || atomic_load(&ring->is_closed);
}

static bool spin_until(struct ring *ring, bool (*is_true)(struct ring *))
{
	for (unsigned i = 0; i < ring->spins; i++) {
		if (is_true(ring))
			return true;
		pause_briefly();
	}
	return is_true(ring);
}

/* Sleeps until `is_true`, at most `wait_ms` (-1: for ever). */
static void sleep_until(struct ring *ring, bool (*is_true)(struct ring *),
	atomic_bool *is_asleep, int wait_ms)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	if (wait_ms > 0) {
		until.tv_sec += wait_ms / 1000;
		until.tv_nsec += wait_ms % 1000 * 1000000L;
	}
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	(void)pthread_mutex_lock(&ring->lock);
	atomic_store(is_asleep, true);
	while (!is_true(ring)) {
		int error = wait_ms < 0 ? pthread_cond_wait(
						  &ring->changed, &ring->lock)
					: pthread_cond_timedwait(&ring->changed,
						  &ring->lock, &until);
		if (error != 0)
			break; /* late; the caller looks for itself */
	}
	atomic_store(is_asleep, false);
	(void)pthread_mutex_unlock(&ring->lock);
}

struct batch *ring_to_fill(struct ring *ring)
{
	if (!spin_until(ring, has_room))
		sleep_until(ring, has_much_room, &ring->is_filler_asleep, -1);
	if (atomic_load(&ring->is_abandoned))
		return NULL;
	return ring->batches[atomic_load(&ring->filled) % RING_BATCHES];
}

void ring_fill(struct ring *ring)
{
	(void)atomic_fetch_add(&ring->filled, 1);
	wake(ring, &ring->is_emptier_asleep);
}

void ring_close(struct ring *ring)
{
	atomic_store(&ring->is_closed, true);
	wake(ring, &ring->is_emptier_asleep);
}

struct batch *ring_to_empty(struct ring *ring, int wait_ms, bool *is_over)
{
	*is_over = false;
	if (!spin_until(ring, has_batch))
		sleep_until(ring, has_batch, &ring->is_emptier_asleep, wait_ms);
	/* Closed first: what was filled before the closing is then seen. */
	bool is_closed = atomic_load(&ring->is_closed);
	uint64_t emptied = atomic_load(&ring->emptied);

	if (atomic_load(&ring->filled) == emptied) {
		*is_over = is_closed;
		return NULL;
	}
	return ring->batches[emptied % RING_BATCHES];
}

void ring_empty(struct ring *ring)
{
	(void)atomic_fetch_add(&ring->emptied, 1);
	if (has_much_room(ring))
		wake(ring, &ring->is_filler_asleep);
}

void ring_abandon(struct ring *ring)
{
	atomic_store(&ring->is_abandoned, true);
	wake(ring, &ring->is_filler_asleep);
}

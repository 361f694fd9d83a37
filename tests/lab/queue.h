/*
 * Frames that wait for their time to leave, ordered by that time and, at
 * equal times, by arrival.
 */
#ifndef LAB_QUEUE_H
#define LAB_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QUEUE_MAXIMUM = 8192 };

struct queued {
	int64_t leave_ns;
	uint64_t order;
	bool to_far;
	size_t length;
	uint8_t *bytes;
};

/* A binary heap; all zero is an empty queue. */
struct queue {
	size_t count;
	uint64_t next_order;
	struct queued heap[QUEUE_MAXIMUM];
};

/* Copies the frame. False, and the frame is lost, when the queue is full or
 * memory has run out. */
bool queue_add(struct queue *queue, int64_t leave_ns, bool to_far,
	const uint8_t *bytes, size_t length);

/* When the first frame leaves; INT64_MAX when none waits. */
int64_t queue_next_ns(const struct queue *queue);

/* Takes the first frame out; the caller frees its bytes. */
struct queued queue_take(struct queue *queue);

#endif

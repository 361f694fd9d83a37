#include "queue.h"

#include <stdlib.h>
#include <string.h>

static bool is_before(const struct queued *a, const struct queued *b)
{
	return a->leave_ns < b->leave_ns ||
	       (a->leave_ns == b->leave_ns && a->order < b->order);
}

static void swap(struct queued *a, struct queued *b)
{
	struct queued kept = *a;

	*a = *b;
	*b = kept;
}

bool queue_add(struct queue *queue, int64_t leave_ns, bool to_far,
	const uint8_t *bytes, size_t length)
{
	size_t at = queue->count;
	uint8_t *copy;

	if (queue->count == QUEUE_MAXIMUM)
		return false;
	copy = malloc(length);
	if (copy == NULL)
		return false;
	memcpy(copy, bytes, length);
	queue->heap[at] = (struct queued){.leave_ns = leave_ns,
		.order = queue->next_order++,
		.to_far = to_far,
		.length = length,
		.bytes = copy};
	queue->count++;
	while (at > 0 &&
		is_before(&queue->heap[at], &queue->heap[(at - 1) / 2])) {
		swap(&queue->heap[at], &queue->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	return true;
}

int64_t queue_next_ns(const struct queue *queue)
{
	return queue->count > 0 ? queue->heap[0].leave_ns : INT64_MAX;
}

struct queued queue_take(struct queue *queue)
{
	struct queued first = queue->heap[0];
	size_t at = 0;

	queue->heap[0] = queue->heap[--queue->count];
	for (;;) {
		size_t least = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < queue->count &&
				is_before(&queue->heap[child],
					&queue->heap[least]))
				least = child;
		if (least == at)
			return first;
		swap(&queue->heap[at], &queue->heap[least]);
		at = least;
	}
}

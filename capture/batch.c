#include "capture/frame.h"

#include <stdlib.h>

#include "capture/packet.h"

struct batch *batch_new(size_t capacity_bytes)
{
	struct batch *batch = malloc(sizeof(*batch));

	if (!batch)
		return NULL;
	if (capacity_bytes < BATCH_LEAST_BYTES)
		capacity_bytes = BATCH_LEAST_BYTES;
	batch->bytes = malloc(capacity_bytes);
	batch->packets = calloc(BATCH_FRAMES, sizeof(*batch->packets));
	batch->capacity_bytes = capacity_bytes;
	batch->used_bytes = 0;
	batch->count = 0;
	if (!batch->bytes || !batch->packets) {
		batch_free(batch);
		return NULL;
	}
	return batch;
}

bool batch_resize(struct batch *batch, size_t capacity_bytes)
{
	uint8_t *bytes = realloc(batch->bytes, capacity_bytes);

	if (!bytes)
		return false;
	batch->bytes = bytes;
	batch->capacity_bytes = capacity_bytes;
	if (batch->used_bytes > capacity_bytes)
		batch->used_bytes = capacity_bytes;
	return true;
}

void batch_free(struct batch *batch)
{
	if (!batch)
		return;
	free(batch->bytes);
	free(batch->packets);
	free(batch);
}

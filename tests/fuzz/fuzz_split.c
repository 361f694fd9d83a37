/* The formats alone, in memory and therefore fast: any bytes split into frames
 * at once, and again as they arrive in portions. Both must agree. The last
 * byte of the input chooses the portions. */
#include <stdlib.h>
#include <string.h>

#include "capture/file/file_pcap.h"
#include "capture/file/file_pcapng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	uint64_t frames, checksum;
	enum split_end end;
};

static void claim(bool holds)
{
	if (!holds)
		abort();
}

static void take(struct split *split, struct outcome *outcome)
{
	struct batch *batch = split->batch;

	for (uint32_t i = 0; i < batch->count; i++) {
		const struct frame *frame = &batch->frames[i];
		claim(frame->captured_bytes <= frame->original_bytes);
		claim(frame->bytes >= batch->bytes &&
			frame->bytes + frame->captured_bytes <=
				batch->bytes + batch->used_bytes);
		outcome->frames++;
		outcome->checksum = outcome->checksum * 31 +
				    (uint64_t)frame->time_ns + frame->number +
				    frame->original_bytes + frame->interface +
				    frame->linktype + frame->direction;
		for (uint32_t j = 0; j < frame->captured_bytes; j++)
			outcome->checksum =
				outcome->checksum * 31 + frame->bytes[j];
	}
	batch->count = 0;
}

static enum split_end split_some(
	struct file_pcap *pcap, struct file_pcapng *pcapng, struct split *split)
{
	size_t before = split->position;
	enum split_end end = pcapng ? file_pcapng_split(pcapng, split)
				    : file_pcap_split(pcap, split);

	claim(split->position >= before);
	claim(split->position <= split->batch->used_bytes);
	claim(end != SPLIT_FULL || split->batch->count == BATCH_FRAMES);
	claim(end != SPLIT_DAMAGED || split->problem[0]);
	return end;
}

/* `bytes` is as long as the input and no longer, so that reading past its end
 * is seen. */
static struct outcome split_in(
	struct batch *batch, uint8_t *bytes, size_t size, size_t portion)
{
	struct outcome outcome = {.frames = 0};
	struct interface_table table = {.rows = NULL};
	struct recording_interface interface;
	struct file_pcap pcap;
	struct file_pcapng pcapng;
	struct split split = {.batch = batch};
	bool is_pcapng = !file_pcap_recognises(bytes);

	if (is_pcapng) {
		file_pcapng_start(&pcapng, &table);
	} else {
		file_pcap_start(&pcap, bytes, &interface);
		split.position = FILE_PCAP_HEADER_BYTES;
	}
	batch->bytes = bytes;
	batch->capacity_bytes = size;
	batch->used_bytes = split.position;
	batch->count = 0;
	do {
		if (portion > size - batch->used_bytes)
			portion = size - batch->used_bytes;
		batch->used_bytes += portion;
		do {
			outcome.end = split_some(
				&pcap, is_pcapng ? &pcapng : NULL, &split);
			take(&split, &outcome);
		} while (outcome.end == SPLIT_FULL);
	} while (outcome.end == SPLIT_SHORT && batch->used_bytes < size);
	if (is_pcapng)
		file_pcapng_finish(&pcapng);
	interface_table_clear(&table);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct batch batch;
	uint8_t *bytes;

	if (size < FILE_PCAP_HEADER_BYTES + 1)
		return 0;
	size_t portion = (size_t)data[--size] + 1;
	if (!file_pcap_recognises(data) && !file_pcapng_recognises(data))
		return 0;
	bytes = malloc(size);
	claim(bytes != NULL);
	memcpy(bytes, data, size);
	struct outcome at_once = split_in(&batch, bytes, size, size);
	struct outcome in_portions = split_in(&batch, bytes, size, portion);
	claim(at_once.end == in_portions.end);
	claim(at_once.frames == in_portions.frames);
	claim(at_once.checksum == in_portions.checksum);
	free(bytes);
	return 0;
}

/* Live interfaces, by libpcap. The only opener of capture handles. */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include "capture/failure.h"
#include "capture/frame.h"

struct live;

struct live_options {
	const char *interface; /* name, or "any" */
	const char *filter;    /* BPF, or NULL */
	uint32_t snap_bytes;   /* 0: default 262144 */
	uint32_t buffer_kib;   /* 0: libpcap's default */
	bool is_promiscuous;
	bool is_immediate; /* for the prober: a wake-up per packet */
	uint8_t direction; /* enum frame_direction */
	uint32_t timeout_ms; /* block timeout of non-immediate mode */
};

struct live *live_open(
	const struct live_options *options, struct failure *failure);
uint16_t live_linktype(const struct live *live);
/* Descriptor to poll for reading. */
int live_descriptor(const struct live *live);

/* Takes what is there, at most a batch, without waiting longer than the block
 * timeout; frames are numbered on from `first_number`. Returns the count, -1
 * with a failure when the interface is gone. */
int live_read(struct live *live, struct batch *batch, uint64_t first_number,
	struct failure *failure);

/* Packets that the kernel dropped for want of buffer since the start. */
bool live_statistics(
	struct live *live, uint64_t *received, uint64_t *dropped);
void live_close(struct live *live);

#endif

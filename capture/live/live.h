/* Live interfaces, by libpcap. The only opener of capture handles. */
#ifndef CAPTURE_LIVE_LIVE_H
#define CAPTURE_LIVE_LIVE_H

#include "capture/failure.h"
#include "capture/frame.h"
#include "capture/live/task.h"

struct live;

struct live_options {
	const char *interface; /* name, or "any" */
	const char *filter;    /* BPF, or NULL */
	/* where the filter is compiled; NULL: here, for one without names */
	const struct task_place *place;
	uint32_t snap_bytes; /* 0: default 262144 */
	uint32_t buffer_kib; /* 0: libpcap's default */
	bool is_promiscuous;
	bool is_immediate;   /* for the prober: a wake-up per packet */
	uint8_t direction;   /* enum frame_direction */
	uint32_t timeout_ms; /* block timeout of non-immediate mode; 0: 100 */
};

/* NULL and a sentence with what to do when there is no such interface, or no
 * permission (EXIT_NO_PERMISSION). No packet passes before the filter is in
 * place, and nobody can change the filter afterwards. */
struct live *live_open(
	const struct live_options *options, struct failure *failure);
uint16_t live_linktype(const struct live *live);
uint32_t live_snap_bytes(const struct live *live);
/* Descriptor to poll for reading. Once it is readable, live_read returns
 * frames without waiting; it is to be called until there are fewer than
 * BATCH_FRAMES. */
int live_descriptor(const struct live *live);

/* Takes what is there, at most a batch, without waiting longer than the block
 * timeout, and in immediate mode without waiting at all; frames are numbered on
 * from `first_number`, of interface 0, and copied into the batch. Returns the
 * count, -1 with a failure when the interface is gone. One that is down, or has
 * another name by now, is not: there are no packets until it is up again. */
int live_read(struct live *live, struct batch *batch, uint64_t first_number,
	struct failure *failure);

/* Ends the capture at this moment. What the kernel had seen before it still
 * lies in its buffers: live_read goes on delivering that, and nothing newer,
 * and returns 0 once it is all there. */
void live_stop(struct live *live);

/* Packets that the filter let through since the start, and those of them that
 * the kernel dropped for want of buffer. */
bool live_statistics(struct live *live, uint64_t *received, uint64_t *dropped);
void live_close(struct live *live);

enum { LIVE_INTERFACES = 256 }; /* that are listed, at most */

struct live_interface {
	char name[32];
	char description[96]; /* "" when it has none */
	bool is_up, is_loopback;
};

/* Lists at most `capacity` interfaces that can be captured on, "any" and other
 * pseudo-interfaces included; returns how many, or -1 with a failure. */
int live_interfaces(struct live_interface *interfaces, unsigned capacity,
	struct failure *failure);

/* The name of the interface that `word` means on a command line: `word`, or for
 * a number the name in that place of live_interfaces, counted from 1, copied to
 * `listed`. An interface may have a number for its name: that goes first, as
 * with tcpdump. NULL with a failure for a number beyond the list. */
const char *live_interface_of(const char *word, struct live_interface *listed,
	struct failure *failure);

#endif

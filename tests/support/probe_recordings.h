/* The committed recordings of probes, with their packets in memory: for tests
 * of what the prober and the judge of its recordings agree on. */
#ifndef TESTS_SUPPORT_PROBE_RECORDINGS_H
#define TESTS_SUPPORT_PROBE_RECORDINGS_H

#include "capture/packet.h"
#include "probe/protocol/section_comment.h"

enum { PROBE_RECORDINGS_MOST = 512, PROBE_RECORDING_BATCHES = 256 };

struct probe_recording {
	char *name; /* "tests/captures/probe/loss-link-1-ipv4.pcapng.xz" */
	struct section_comment comment;
	unsigned count;
	struct packet *packets;
	unsigned batch_count; /* that hold their bytes */
	struct batch *batches[PROBE_RECORDING_BATCHES];
};

struct probe_recordings {
	unsigned count;
	struct probe_recording recording[PROBE_RECORDINGS_MOST];
};

/* All of them, in order of their names; ends the program when one of them can't
 * be read. To be freed. */
struct probe_recordings *probe_recordings_load(void);
void probe_recordings_free(struct probe_recordings *recordings);

#endif

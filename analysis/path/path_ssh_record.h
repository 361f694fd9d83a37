/* SSH connections in a recording (probe/protocol/ssh_rules.h): both streams up
 * to the reply of the key exchange, and when each part of them came. */
#ifndef ANALYSIS_PATH_PATH_SSH_RECORD_H
#define ANALYSIS_PATH_PATH_SSH_RECORD_H

#include "capture/packet.h"
#include "probe/protocol/ssh_rules.h"

enum {
	SSH_FLOWS = 64,
	SSH_STREAM_BYTES = 6144,
	SSH_ARRIVALS = 32,
};

/* Up to this byte the stream was there at that time. */
struct ssh_arrival {
	uint32_t end;
	uint64_t frame;
	int64_t ns;
};

/* One direction: bytes from the first one on, and which of them are known. */
struct ssh_stream_record {
	uint32_t first; /* sequence number of the first byte */
	uint32_t known; /* bytes without a gap */
	/* what lies beyond a gap, one range; empty: nothing does */
	uint32_t beyond, beyond_end;
	unsigned arrival_count;
	struct ssh_arrival arrivals[SSH_ARRIVALS];
	uint8_t bytes[SSH_STREAM_BYTES];
};

/* Our segments that are larger than those that pass every path. */
struct ssh_large {
	unsigned sent; /* the largest, so often, before smaller ones */
	uint32_t end;  /* sequence number behind it */
	uint32_t ip_bytes;
	uint64_t frame;		/* the first */
	uint64_t arrived_frame; /* it was acknowledged; 0: it was not */
	uint64_t smaller_frame; /* then its bytes were sent in smaller ones */
	uint64_t smaller_arrived_frame;
};

struct ssh_flow {
	uint16_t port; /* ours */
	bool is_open;
	uint32_t own_first; /* our first byte's sequence number */
	uint64_t syn_frame, open_frame;
	int64_t syn_ns, open_ns;
	unsigned syn_count;
	struct ssh_stream_record own, server;
	struct ssh_large large;
	/* the server's kernel acknowledged our first bytes; frame 0: not yet */
	uint64_t acked_frame;
	/* our FIN or reset, and the server's; frame 0: there is none */
	uint64_t left_frame, closed_frame, reset_frame;
	int64_t left_ns, closed_ns;
	uint8_t reset_ttl;
	unsigned open_beside; /* connections of ours that were open when this
				 one's SYN was sent, and had not been refused */
};

struct path_ssh {
	unsigned flow_count;
	bool is_cut; /* more than there is room for */
	struct ssh_flow flows[SSH_FLOWS];
	struct ssh_flow run; /* the run's own: it says nothing */
};

/* Takes a TCP packet that was sent; `is_run`: on the run's own connection. */
void path_ssh_sent(
	struct path_ssh *ssh, const struct packet *packet, bool is_run);
/* Takes a TCP packet of the target's port. */
void path_ssh_heard(struct path_ssh *ssh, const struct packet *packet);

/* Whether the connection is one of this experiment, by what we said on it. */
bool path_ssh_is_of(const struct ssh_flow *flow, enum ssh_purpose *purpose);
/* Whether the port's connection is one of this experiment, and the server
 * ended it. */
bool path_ssh_is_ended(const struct path_ssh *ssh, uint16_t port);
/* When the first `end` bytes of a stream were there; NULL: they are not. */
const struct ssh_arrival *path_ssh_arrival(
	const struct ssh_stream_record *stream, uint32_t end);

#endif

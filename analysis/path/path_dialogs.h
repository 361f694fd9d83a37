/* Connections in a recording on which the prober speaks a protocol
 * (probe/protocol/ssh_rules.h, tls_rules.h): the first bytes of both streams,
 * and when each part of them came. */
#ifndef ANALYSIS_PATH_PATH_DIALOGS_H
#define ANALYSIS_PATH_PATH_DIALOGS_H

#include "capture/packet.h"

enum {
	PATH_DIALOGS = 64,
	DIALOG_BYTES = 8192,
	DIALOG_ARRIVALS = 32,
};

/* Up to this byte the stream was there at that time. */
struct dialog_arrival {
	uint32_t end;
	uint64_t frame;
	int64_t ns;
};

/* One direction: bytes from the first one on, and which of them are known. */
struct dialog_stream {
	uint32_t first; /* sequence number of the first byte */
	uint32_t known; /* bytes without a gap */
	/* what lies beyond a gap, one range; empty: nothing does */
	uint32_t beyond, beyond_end;
	unsigned arrival_count;
	struct dialog_arrival arrivals[DIALOG_ARRIVALS];
	uint8_t bytes[DIALOG_BYTES];
};

/* Our segments that are larger than those that pass every path. */
struct dialog_large {
	unsigned sent; /* the largest, so often, before smaller ones */
	uint32_t end;  /* sequence number behind it */
	uint32_t ip_bytes, payload_bytes;
	uint64_t frame;		/* the first */
	uint64_t arrived_frame; /* it was acknowledged; 0: it was not */
	uint64_t smaller_frame; /* then its bytes were sent in smaller ones */
	uint64_t smaller_arrived_frame;
};

struct path_dialog {
	uint16_t port; /* ours */
	bool is_open;
	uint32_t own_first; /* our first byte's sequence number */
	uint64_t syn_frame, open_frame;
	int64_t syn_ns, open_ns;
	unsigned syn_count;
	struct dialog_stream own, server;
	struct dialog_large large;
	/* the server's kernel acknowledged our first bytes; frame 0: not yet */
	uint64_t acked_frame;
	/* our FIN or reset, and the server's; frame 0: there is none */
	uint64_t left_frame, closed_frame, reset_frame;
	int64_t left_ns, closed_ns;
	uint8_t reset_ttl;
	unsigned open_beside; /* connections of ours that were open when this
				 one's SYN was sent, and had not been refused */
};

struct path_dialogs {
	unsigned flow_count;
	struct path_dialog flows[PATH_DIALOGS]; /* the first ones */
	struct path_dialog run; /* the run's own: it says nothing */
};

/* Takes a TCP packet that was sent; `is_run`: on the run's own connection. */
void path_dialogs_sent(
	struct path_dialogs *dialogs, const struct packet *packet, bool is_run);
/* Takes a TCP packet of the target's port. */
void path_dialogs_heard(
	struct path_dialogs *dialogs, const struct packet *packet);

/* The port's connection of an experiment, if the server ended it; NULL. */
const struct path_dialog *path_dialog_ended(
	const struct path_dialogs *dialogs, uint16_t port);
/* When the first `end` bytes of a stream were there; NULL: they are not. */
const struct dialog_arrival *path_dialog_arrival(
	const struct dialog_stream *stream, uint32_t end);

/* Whether the server ended the connection, before we did. */
static inline bool path_dialog_is_closed(const struct path_dialog *flow)
{
	return (flow->closed_frame || flow->reset_frame) &&
	       (!flow->left_frame || (flow->closed_frame ? flow->closed_frame
							 : flow->reset_frame) <
					     flow->left_frame);
}

#endif

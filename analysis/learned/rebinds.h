/* Connections that were picked up in the middle and may go on with one that
 * was known under another name: a NAT that forgets an idle connection gives its
 * next packet another port, or another address; one that translates a packet
 * otherwise than those before makes it a connection of its own.
 *
 * The first packets of such connections are kept, the first so many of the
 * recording, until all connections are known: the other one may be with
 * another part of the analysis (analysis/rebind.c looks for it). */
#ifndef ANALYSIS_LEARNED_REBINDS_H
#define ANALYSIS_LEARNED_REBINDS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/flow/flow.h"
#include "capture/packet.h"

enum { REBINDS_MOST = 1024 };

/* The idle connection that this one, picked up in the middle, goes on with. */
struct rebound {
	int64_t idle_ns; /* since its last packet; 0: there is none */
	uint32_t last_frame;
	uint16_t port; /* of the side that has another name now */
	uint8_t side;  /* that side, here */
	bool is_address_new;
};

/* The connection that has this one's numbers under another name, and goes on:
 * the NAT translated one of its packets otherwise. */
struct translated {
	uint64_t identity[2]; /* of that connection */
	int64_t last_ns; /* when the end that is the same sent its last packet
			    there; 0: there is none */
	uint32_t last_frame;
	uint16_t port; /* of the side that has another name here */
	bool is_address_other;
};

struct rebind {
	uint64_t identity[2]; /* of the connection, and */
	uint64_t frame;	      /* its first packet, with: */
	int64_t time_ns;
	uint32_t sequence, acknowledged;
	struct address source, target;
	uint16_t source_port, target_port;
	struct rebound rebound;
	struct translated translated;
};

struct rebinds {
	struct rebind *rebinds; /* by frame */
	unsigned count;
	bool is_any_translated;
};

bool rebinds_init(struct rebinds *rebinds);
void rebinds_release(struct rebinds *rebinds);
/* A connection begins in the middle with this packet of `side`. */
void rebinds_learn(struct rebinds *rebinds, const struct flow *flow,
	unsigned side, const struct packet *packet);
void rebinds_merge(struct rebinds *rebinds, const struct rebinds *from);
/* NULL: the flow is none of them. */
const struct rebind *rebinds_find(
	const struct rebinds *rebinds, const struct flow *flow);
/* The connection that it goes on with; NULL: it is none of them, or goes on
 * with none. */
const struct rebound *rebinds_rebound(
	const struct rebinds *rebinds, const struct flow *flow);
/* The last packet before that time which has this connection's numbers under
 * another name; NULL: there is none. */
const struct rebind *rebinds_of(const struct rebinds *rebinds,
	const struct flow *flow, int64_t before_ns);
/* The connection that has its numbers and goes on; NULL: none is known. */
const struct translated *rebinds_translated(
	const struct rebinds *rebinds, const struct flow *flow);

#endif

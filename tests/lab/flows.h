/*
 * What a stateful device on the wire remembers of each TCP connection: when
 * it last spoke, where its numbers stand, and whether it is blocked.
 */
#ifndef LAB_FLOWS_H
#define LAB_FLOWS_H

#include "frame.h"

enum flows_maximum {
	FLOW_MAXIMUM = 4096,
	FLOW_KEPT_BYTES = ETHERNET_BYTES + 100,
};

/* One direction of a connection. Side 0 is the end with the lesser address
 * and port, so both directions find the same record. */
struct flow_side {
	bool seen;
	uint8_t ttl;
	uint16_t ip_id;
	uint32_t next_sequence;
	uint32_t acknowledged; /* by the packets of this side */
	bool is_far;	       /* its packets come from the far end */
	size_t kept_bytes;
	uint8_t kept[FLOW_KEPT_BYTES]; /* its last headers, for forging */
};

struct flow {
	bool used;
	bool expired;
	int64_t last_ns;
	int64_t blocked_until_ns;
	uint8_t key[36];
	size_t key_bytes;
	struct flow_side side[2];
};

struct flows {
	struct flow flow[FLOW_MAXIMUM];
};

/*
 * The record of the frame's connection, made when there is none. `side` says
 * whose packet it is. NULL when the frame is not TCP or the table is full.
 */
struct flow *flows_find(
	struct flows *flows, const struct frame *frame, unsigned *side);

/* Notes the packet's numbers and headers on its side of the record. */
void flow_note(struct flow *flow, unsigned side, const struct frame *frame,
	bool from_far, int64_t now_ns);

#endif

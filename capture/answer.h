/* Which packet does this packet answer? What ties the two travels in the
 * packets: IP identification, sequence numbers, ports, echo identifiers, sizes,
 * the headers that an ICMP error quotes. The prober asks while it runs, the
 * analysis of its recording asks again, and both ask here. */
#ifndef CAPTURE_ANSWER_H
#define CAPTURE_ANSWER_H

#include "capture/packet.h"

enum { ASKED_MAX = 8192 };

enum answer_kind {
	ANSWER_NONE,
	ANSWER_ARRIVED,	    /* the target says so itself */
	ANSWER_EXPIRED,	    /* time exceeded: it got as far as the sender */
	ANSWER_TOO_BIG,	    /* "fragmentation needed", "packet too big" */
	/* the target has this fragment and can't use it: others are missing, or
	 * (IPv6) its length is no multiple of eight */
	ANSWER_INCOMPLETE,
	ANSWER_UNREACHABLE, /* another ICMP error */
};

/* A packet that was sent, as far as its answers need to know it. */
struct asked {
	int64_t time_ns;
	uint64_t frame; /* 0: not seen on the wire */
	uint32_t ip_bytes;
	uint32_t sequence, payload_bytes;
	uint32_t acknowledged;
	uint32_t tag; /* of whoever keeps the table */
	uint16_t ip_id;
	/* TCP and UDP ports; identifier and sequence number of an echo */
	uint16_t source_port, target_port;
	uint16_t tcp_flags;
	uint8_t protocol;
	uint8_t ttl, tos;
	bool is_df;
	bool is_fragment;
	bool is_later; /* and not the first of its packet */
};

struct answer_table {
	struct address own, target;
	uint8_t family;
	uint32_t count;
	bool is_full; /* at least one did not fit */
	struct asked asked[ASKED_MAX];
};

/* Whether the packet went from our address to the target's. */
bool answer_is_question(
	const struct answer_table *table, const struct packet *packet);

/* Appends; returns the row, or -1 when the table is full. */
int answer_add(struct answer_table *table, const struct asked *asked);

/* A sent packet as a row (tag 0). */
struct asked asked_of_packet(const struct packet *packet);

/* The row, the latest if there are several, that `packet` answers; -1 and
 * ANSWER_NONE when it answers none. A TCP segment is named by the first SACK
 * block when that lies below the acknowledgment (a DSACK: RFC 2883, 4), a SYN
 * by the acknowledgment. */
int answer_find(const struct answer_table *table,
	const struct packet *packet, enum answer_kind *kind);

/* Whether row `a` and row `b` ask the same: protocol, size, hop limit. */
bool asked_is_alike(const struct asked *a, const struct asked *b);

#endif

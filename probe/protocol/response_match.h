/* Matches a response with its probe, by fields in the packets: IP ID, sequence
 * numbers, ports, echo identifiers, sizes, the headers that an ICMP error
 * quotes. The prober and the analysis of its recording both use this code. */
#ifndef PROBE_PROTOCOL_RESPONSE_MATCH_H
#define PROBE_PROTOCOL_RESPONSE_MATCH_H

#include "capture/packet.h"

enum { SENT_PROBES_MAX = 8192 };

enum response_kind {
	RESPONSE_NONE,
	RESPONSE_ARRIVED, /* the target itself responded */
	RESPONSE_EXPIRED, /* time exceeded: it reached the error's source */
	RESPONSE_TOO_BIG, /* "fragmentation needed", "packet too big" */
	/* the target has this fragment and can't use it: others are missing, or
	 * (IPv6) its length is no multiple of eight */
	RESPONSE_INCOMPLETE,
	RESPONSE_UNREACHABLE, /* another ICMP error */
};

/* A sent packet, as far as matching responses needs it. */
struct sent_probe {
	int64_t time_ns;
	uint64_t frame; /* 0: not seen on the wire */
	uint32_t ip_bytes;
	uint32_t sequence, payload_bytes;
	uint32_t acknowledged;
	uint32_t tag; /* of the table's owner */
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

struct probe_table {
	struct address own, target;
	uint8_t family;
	uint32_t count;
	bool is_full; /* at least one did not fit */
	struct sent_probe sent_probe[SENT_PROBES_MAX];
};

/* Whether the packet went from our address to the target's. */
bool probe_table_is_probe(
	const struct probe_table *table, const struct packet *packet);

/* Appends; returns the row, or -1 when the table is full. */
int probe_table_add(
	struct probe_table *table, const struct sent_probe *sent_probe);

/* A sent packet as a row (tag 0). */
struct sent_probe sent_probe_of_packet(const struct packet *packet);

/* The row, the latest if there are several, that `packet` answers; -1 and
 * RESPONSE_NONE when it answers none. A TCP segment is named by the first SACK
 * block when that lies below the acknowledgment (a DSACK: RFC 2883, 4), a SYN
 * by the acknowledgment. */
int response_match(const struct probe_table *table, const struct packet *packet,
	enum response_kind *kind);

/* Whether rows `a` and `b` are equal probes: protocol, size, hop limit. */
bool sent_probe_is_alike(
	const struct sent_probe *a, const struct sent_probe *b);

#endif

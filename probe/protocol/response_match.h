/* Matches a response with its probe, by fields in the packets: IP ID, sequence
 * numbers, ports, echo identifiers, sizes, the headers that an ICMP error
 * quotes. The prober and the analysis of its recording both use this code. */
#ifndef PROBE_PROTOCOL_RESPONSE_MATCH_H
#define PROBE_PROTOCOL_RESPONSE_MATCH_H

#include "probe/protocol/probe_table.h"

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

/* The row, the latest if there are several, that `packet` answers; -1 and
 * RESPONSE_NONE when it answers none. A redirect and a source quench answer
 * none. A TCP segment is named by the first SACK block when that lies below
 * the acknowledgment (a DSACK: RFC 2883, 4), a SYN by the acknowledgment, a
 * stray segment by the reset's number. */
int response_match(struct probe_table *table, const struct packet *packet,
	enum response_kind *kind);

/* Of a packet that answers no row: whether it is an ICMP error that quotes a
 * packet of ours to the target, which was not sent as it is quoted. */
bool response_is_out_of_window(
	const struct probe_table *table, const struct packet *packet);

#endif

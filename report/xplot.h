/* The sequence numbers of one direction of a connection as a file of xplot(1),
 * with the commands that tcptrace(1) writes: segments are white lines with
 * arrows at both ends, retransmissions red with an R, what the other side
 * acknowledged a green line, the edge of its window a yellow one, SACK blocks
 * purple, resets red with RST. Every packet is in it. */
#ifndef REPORT_XPLOT_H
#define REPORT_XPLOT_H

#include <stdio.h>

#include "report/packet_view.h"
#include "report/segment.h"

struct xplot {
	FILE *out;
	bool is_to_client;	   /* the direction */
	bool has_ack;		   /* the three that follow are known */
	int64_t ack_ns, ack, edge; /* of the last acknowledgment */
};

/* Writes the head; errors stay in the stream. */
void xplot_begin(struct xplot *plot, FILE *out, const struct flow_name *flow,
	bool is_to_client);
/* Every segment of the connection, of both directions. */
void xplot_segment(struct xplot *plot, const struct segment *segment);
void xplot_end(struct xplot *plot);

#endif

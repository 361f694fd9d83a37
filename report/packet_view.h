/* One connection's packets, on their way to a reader. */
#ifndef REPORT_PACKET_VIEW_H
#define REPORT_PACKET_VIEW_H

#include <stdio.h>

#include "report/flow_packets.h"
#include "report/source.h"
#include "report/style.h"

struct plot; /* report/plot.h */

struct packet_view {
	const struct report_source *source;
	const struct incident *incident; /* NULL: nothing happened to it */
	/* for a format that shows them at the end; begun, with room */
	struct flow_packets *packets;
	const struct style *style;
	FILE *out;
	struct plot *plot; /* NULL: the packets as a ladder or a table */
};

#endif

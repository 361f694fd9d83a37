/* A connection's packets as a ladder: client left, server right, time going
 * down, the fatal packet marked with its facts. */
#ifndef REPORT_LADDER_H
#define REPORT_LADDER_H

#include <stdio.h>

#include "report/flow_packets.h"
#include "report/source.h"
#include "report/style.h"

struct ladder {
	const struct report_source *source;
	const struct flow_packets *packets;
	const struct incident *incident; /* NULL: nothing happened to it */
};

void ladder_print(const struct ladder *ladder, const struct style *style,
	FILE *out);

#endif

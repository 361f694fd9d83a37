/* A connection's packets as a sequence diagram: client left, server right,
 * time downwards, the fatal packet marked with its facts. */
#ifndef REPORT_SEQ_DIAGRAM_H
#define REPORT_SEQ_DIAGRAM_H

#include <stdio.h>

#include "report/flow_packets.h"
#include "report/source.h"
#include "report/style.h"

struct seq_diagram {
	const struct report_source *source;
	const struct flow_packets *packets;
	const struct incident *incident; /* NULL: nothing happened to it */
};

void seq_diagram_print(
	const struct seq_diagram *ladder, const struct style *style, FILE *out);

#endif

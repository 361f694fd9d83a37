/* A connection's packets as a sequence diagram: client left, server right,
 * time downwards, the fatal packet marked with its facts. */
#ifndef REPORT_SEQ_DIAGRAM_H
#define REPORT_SEQ_DIAGRAM_H

#include "report/packet_view.h"

/* All that view->packets holds. */
void seq_diagram_print(const struct packet_view *view);

#endif

/* A connection's packets as a ladder: client left, server right, time going
 * down, the fatal packet marked with its facts. */
#ifndef REPORT_SEQ_DIAGRAM_H
#define REPORT_SEQ_DIAGRAM_H

#include "report/packet_view.h"

/* All that view->packets holds. */
void seq_diagram_print(const struct packet_view *view);

#endif

/* The sequence diagram of report/seq_diagram.h as a picture, for tickets and
 * chat: the client's lane left, the server's right, between them a lane for
 * each device that sent packets. */
#ifndef REPORT_SEQ_DIAGRAM_SVG_H
#define REPORT_SEQ_DIAGRAM_SVG_H

#include "report/packet_view.h"

/* All that view->packets holds, as one SVG document, or as a PNG. */
void seq_diagram_draw(const struct packet_view *view, bool is_png);

/* A picture that says in a sentence why there is no diagram. */
void seq_diagram_draw_none(const char *sentence, FILE *out, bool is_png);

#endif

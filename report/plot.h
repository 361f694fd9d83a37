/* A plot of one connection as a picture, of all of its packets: sequence
 * numbers over time as tcptrace draws them, round trips, TTL or IP ID on
 * arrival. */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include "report/packet_view.h"

enum plot_kind {
	PLOT_NONE, /* the ladder */
	PLOT_SEQUENCE,
	PLOT_RTT,
	PLOT_TTL,
	PLOT_IP_ID,
	PLOT_COUNT,
};

/* Word of the command line: "sequence"; NULL for PLOT_NONE. */
const char *plot_word(enum plot_kind kind);

/* NULL without memory. `incident` has to stay; NULL: nothing happened. */
struct plot *plot_new(enum plot_kind kind, const struct incident *incident);
void plot_free(struct plot *plot);

/* The connection's packets in the order of recording. Of marks of one kind
 * 65,536 are kept: of more every second, every fourth and so on. */
void plot_take(
	struct plot *plot, const struct packet *packet, enum speaker speaker);

/* Draws view->plot, as one SVG document, or as a PNG. */
void plot_draw(const struct packet_view *view, bool is_png);

#endif

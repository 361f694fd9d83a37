/* The marks of a plot: series of points over time. */
#ifndef REPORT_PLOT_MARKS_H
#define REPORT_PLOT_MARKS_H

#include "report/plot.h"
#include "report/segment.h"
#include "report/svg.h"

enum plot_shape {
	SHAPE_DOT,
	SHAPE_BAR, /* from y to y2 */
	SHAPE_STEP,
	SHAPE_CROSS,
	SHAPE_RING,
};

/* Drawn in this order, so that later ones lie above. */
enum plot_series {
	SERIES_EDGE,
	SERIES_ACK,
	SERIES_SEGMENT,
	SERIES_AGAIN,
	SERIES_PROBE,
	SERIES_SACK,
	SERIES_CLIENT,
	SERIES_SERVER,
	SERIES_RESET,
	SERIES_FOREIGN,
	SERIES_COUNT,
};

struct plot_look {
	const char *name;
	enum svg_shade shade;
	enum plot_shape shape;
	int size;
};
const struct plot_look *plot_look(enum plot_series series);

enum { PLOT_MARKS_MOST = 1 << 16 };

struct plot_mark {
	int64_t time_ns; /* since the first packet */
	int64_t y, y2;
};

struct plot_marks {
	struct plot_mark *marks;
	uint32_t count, room;
	uint32_t stride, skipped; /* one of `stride` is kept; 0: all */
};

enum { PANELS = 2 };

struct plot {
	enum plot_kind kind;
	const struct incident *incident;
	bool has_first;
	bool has_no_memory;
	int64_t first_ns, last_ns, fatal_ns; /* fatal: INT64_MIN: none */
	uint64_t packets;
	/* of sequence numbers, one for each direction: to the server, to the
	 * client; else the first */
	struct plot_marks panels[PANELS][SERIES_COUNT];
	int64_t most[PANELS]; /* the highest number that was sent */
	struct segment_tracker tracker;
};

#endif

/* A picture as SVG 1.1, or the same as PNG (raster.h): text, arrows and lines
 * at places in pixels, from the upper left corner. The same calls measure it
 * first, so that its size is that of what it shows. Attributes only: no script,
 * no style sheet, no font, no reference to anything outside. All text passes
 * safe_text and is escaped. */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Colours of marks in plots, each with a dark one of its own. */
enum svg_shade {
	SHADE_SEGMENT,
	SHADE_AGAIN,
	SHADE_PROBE,
	SHADE_ACK,
	SHADE_EDGE,
	SHADE_SACK,
	SHADE_RESET,
	SHADE_CLIENT,
	SHADE_SERVER,
	SHADE_GRID,
	SHADE_AXIS,
	SHADE_COUNT,
};

struct svg {
	FILE *out;	   /* NULL: nothing is written, all is measured */
	int width, height; /* that all fits into which was drawn so far */
	bool is_png;
	/* from svg_begin to svg_end, with is_png; NULL: no memory */
	struct raster *raster;
	enum svg_shade shade; /* of lines that have begun */
	int line_width;
};

/* Pixels. */
enum { SVG_MARGIN = 16, SVG_LINE = 18 };

/* Colours repeat what the words say, and never more. */
enum svg_ink {
	SVG_PLAIN,
	SVG_STRONG,
	SVG_FAINT,
	SVG_BAD,
	SVG_DOUBT,
	SVG_HEADLINE, /* strong, and larger */
	SVG_INK_COUNT,
};

/* Which point of a text stands at its x. */
enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* Writes the head of an SVG, with the size that was measured. Screen readers
 * tell the title and the description; browsers show the title as a tooltip. */
void svg_begin(struct svg *svg, const char *title, const char *description);
/* Writes the rest; of a PNG all, or where there is no memory for so many
 * pixels, a picture that says so. */
void svg_end(struct svg *svg);

/* Pixels that a text takes, rounded up: fonts differ. */
int svg_text_width(enum svg_ink ink, const char *text);

/* `y` is the base line. */
void svg_text(struct svg *svg, int x, int y, enum svg_anchor anchor,
	enum svg_ink ink, const char *text);

/* Text in lines of `columns` characters, broken at spaces where there are any.
 * Returns the base line that follows. */
int svg_paragraph(struct svg *svg, int x, int y, unsigned columns,
	enum svg_ink ink, const char *text);

/* From a dot at `from` to a head at `to`. */
void svg_arrow(struct svg *svg, enum svg_ink ink, int from, int to, int y);
/* From a dot at `from` to a cross at `to`: what never arrived. */
void svg_lost_arrow(struct svg *svg, enum svg_ink ink, int from, int to, int y);

/* Lines of one colour, any number between begin and end. They are within what
 * was measured otherwise. */
void svg_lines_begin(struct svg *svg, enum svg_shade shade, int width);
void svg_line(struct svg *svg, int from_x, int from_y, int to_x, int to_y);
void svg_lines_end(struct svg *svg);

/* A dot, as of a hop on a path. */
void svg_dot(struct svg *svg, enum svg_ink ink, int x, int y, int radius);

void svg_vertical(struct svg *svg, int x, int from_y, int to_y, bool is_dashed);

/* A band behind a row, over the whole width. */
void svg_band(struct svg *svg, int y, int height);

/* An empty place for a text that stands on lines. */
void svg_clear(struct svg *svg, int x, int y, int width, int height);

#endif

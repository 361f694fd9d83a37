/* A picture as SVG 1.1: text, arrows and lines at places in pixels, from the
 * upper left corner. The same calls measure it first, so that its size is that
 * of what it shows. Attributes only: no script, no style sheet, no font, no
 * reference to anything outside. All text passes safe_text and is escaped. */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct svg {
	FILE *out;	   /* NULL: nothing is written, all is measured */
	int width, height; /* that all fits into which was drawn so far */
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

/* Writes the head, with the size that was measured. Screen readers tell the
 * title and the description; browsers show the title as a tooltip. */
void svg_begin(struct svg *svg, const char *title, const char *description);
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

void svg_vertical(struct svg *svg, int x, int from_y, int to_y, bool is_dashed);

/* A band behind a row, over the whole width. */
void svg_band(struct svg *svg, int y, int height);

/* An empty place for a text that stands on lines. */
void svg_clear(struct svg *svg, int x, int y, int width, int height);

#endif

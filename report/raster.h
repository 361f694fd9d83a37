/* A picture of pixels: what svg.h draws, as PNG. FreeType draws text and shapes
 * with smooth edges, libpng writes the file. The fonts are in the program:
 * nothing is read, so that it works in the sandbox and looks the same
 * everywhere. Colours are 0xRRGGBB; lengths are in units of the picture, which
 * is drawn with `scale` pixels for each. */
#ifndef REPORT_RASTER_H
#define REPORT_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct raster;

/* White, of two pixels a unit where that is no more than RASTER_PIXELS_MOST in
 * all, else of one. NULL: too large, or no memory. */
enum { RASTER_PIXELS_MOST = 1 << 25 };
struct raster *raster_new(int width, int height);
void raster_free(struct raster *raster);

struct raster_point {
	double x, y;
};

/* Fills what the points enclose. */
enum { RASTER_POINTS_MOST = 32 };
void raster_polygon(struct raster *raster, uint32_t color,
	const struct raster_point *points, unsigned count);
void raster_rectangle(struct raster *raster, uint32_t color, double x, double y,
	double width, double height);
void raster_line(struct raster *raster, uint32_t color, double width,
	struct raster_point from, struct raster_point to);
void raster_circle(struct raster *raster, uint32_t color, double x, double y,
	double radius);

struct raster_font {
	bool is_bold;
	int size;
};

/* How wide valid UTF-8 is. */
double raster_text_width(struct raster *raster, struct raster_font font,
	const char *text, size_t length);
/* Valid UTF-8, from `x` on, on the base line `y`. */
void raster_text(struct raster *raster, uint32_t color, struct raster_font font,
	double x, double y, const char *text, size_t length);

/* Writes the file; errors stay in the stream, or nothing is written without
 * memory. */
bool raster_write(const struct raster *raster, FILE *out);

#endif

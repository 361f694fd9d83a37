#include "report/svg.h"

#include <assert.h>
#include <string.h>

#include "report/raster.h"
#include "report/xml_text.h"

enum { TEXT_MOST = 4096 }; /* bytes of a line in a PNG */

static const struct {
	uint32_t color;
	bool is_bold;
	int size, advance; /* of a character, rounded up */
} inks[] = {
	[SVG_PLAIN] = {0x1b1f24, false, 13, 8},
	[SVG_STRONG] = {0x1b1f24, true, 13, 8},
	[SVG_FAINT] = {0x57606a, false, 13, 8},
	[SVG_BAD] = {0xa40e26, true, 13, 8},
	[SVG_DOUBT] = {0x7a4b00, false, 13, 8},
	[SVG_HEADLINE] = {0x1b1f24, true, 18, 11},
};
static_assert(sizeof(inks) / sizeof(inks[0]) == SVG_INK_COUNT, "every ink");

static const uint32_t shades[] = {
	[SHADE_SEGMENT] = 0x1a1d21,
	[SHADE_AGAIN] = 0xc5221f,
	[SHADE_PROBE] = 0x7a5200,
	[SHADE_ACK] = 0x146c2e,
	[SHADE_EDGE] = 0xb06000,
	[SHADE_SACK] = 0x7b2fa3,
	[SHADE_RESET] = 0xc5221f,
	[SHADE_CLIENT] = 0x0b57b0,
	[SHADE_SERVER] = 0x146c2e,
	[SHADE_GRID] = 0xe3e6ea,
	[SHADE_AXIS] = 0x8c959f,
};
static_assert(sizeof(shades) / sizeof(shades[0]) == SHADE_COUNT, "every shade");
enum { COLOR_RAIL = 0x8c959f, COLOR_BAND = 0xffebe9, COLOR_PAPER = 0xffffff };

static struct raster_font font_of(enum svg_ink ink)
{
	return (struct raster_font){inks[ink].is_bold, inks[ink].size};
}

static void extend(struct svg *svg, int right, int bottom)
{
	if (right + SVG_MARGIN > svg->width)
		svg->width = right + SVG_MARGIN;
	if (bottom + SVG_MARGIN > svg->height)
		svg->height = bottom + SVG_MARGIN;
}

void svg_begin(struct svg *svg, const char *title, const char *description)
{
	if (!svg->out)
		return;
	if (svg->is_png) {
		svg->raster = raster_new(svg->width, svg->height);
		return;
	}
	(void)fprintf(svg->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
		"width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"xml:space=\"preserve\">\n<title>",
		svg->width, svg->height, svg->width, svg->height);
	(void)xml_text_write(svg->out, title, strlen(title));
	(void)fputs("</title>\n<desc>", svg->out);
	(void)xml_text_write(svg->out, description, strlen(description));
	/* The background is its own, so that a dark page leaves it readable. */
	(void)fprintf(svg->out,
		"</desc>\n<rect width=\"100%%\" height=\"100%%\" "
		"fill=\"#ffffff\"/>\n"
		"<g font-family=\"'DejaVu Sans Mono', Menlo, Consolas, "
		"monospace\" font-size=\"%d\">\n",
		inks[SVG_PLAIN].size);
}

static void too_large(FILE *out)
{
	static const char words[] = "This picture is too large for a PNG: "
				    "culprit draws it with --svg.";
	struct raster_font font = font_of(SVG_PLAIN);
	struct raster *raster = raster_new(
		(int)sizeof(words) * inks[SVG_PLAIN].advance, 3 * SVG_LINE);

	if (!raster)
		return;
	raster_text(raster, inks[SVG_PLAIN].color, font, SVG_MARGIN,
		2 * SVG_LINE, words, sizeof(words) - 1);
	(void)raster_write(raster, out);
	raster_free(raster);
}

void svg_end(struct svg *svg)
{
	if (!svg->out)
		return;
	if (!svg->is_png)
		(void)fputs("</g>\n</svg>\n", svg->out);
	else if (svg->raster)
		(void)raster_write(svg->raster, svg->out);
	else
		too_large(svg->out);
	raster_free(svg->raster);
	svg->raster = NULL;
}

int svg_text_width(enum svg_ink ink, const char *text)
{
	return (int)xml_text_write(NULL, text, strlen(text)) *
	       inks[ink].advance;
}

/* Safe bytes, as many as fit; returns how many. */
static size_t safe_bytes(char *to, size_t room, const char *text, size_t length)
{
	size_t used = 0;

	while (length > 0) {
		char bytes[SAFE_STEP_BYTES];
		size_t count;
		unsigned columns;
		size_t taken =
			xml_text_step(text, length, bytes, &count, &columns);

		if (used + count > room)
			break;
		memcpy(to + used, bytes, count);
		used += count;
		text += taken;
		length -= taken;
	}
	return used;
}

static void raster_bytes(struct svg *svg, int x, int y, enum svg_anchor anchor,
	enum svg_ink ink, const char *text, size_t length)
{
	char bytes[TEXT_MOST];
	size_t count = safe_bytes(bytes, sizeof(bytes), text, length);
	struct raster_font font = font_of(ink);
	double width = raster_text_width(svg->raster, font, bytes, count);

	raster_text(svg->raster, inks[ink].color, font,
		anchor == SVG_START ? x
		: anchor == SVG_END ? x - width
				    : x - width / 2,
		y, bytes, count);
}

static void text_bytes(struct svg *svg, int x, int y, enum svg_anchor anchor,
	enum svg_ink ink, const char *text, size_t length)
{
	static const char *const anchors[] = {
		[SVG_START] = "",
		[SVG_MIDDLE] = " text-anchor=\"middle\"",
		[SVG_END] = " text-anchor=\"end\"",
	};
	int width = (int)xml_text_write(NULL, text, length) * inks[ink].advance;

	extend(svg,
		anchor == SVG_START ? x + width
		: anchor == SVG_END ? x
				    : x + width / 2,
		y);
	if (!svg->out || length == 0)
		return;
	if (svg->is_png) {
		if (svg->raster)
			raster_bytes(svg, x, y, anchor, ink, text, length);
		return;
	}
	(void)fprintf(svg->out, "<text x=\"%d\" y=\"%d\" fill=\"#%06x\"%s", x,
		y, inks[ink].color, anchors[anchor]);
	if (inks[ink].is_bold)
		(void)fputs(" font-weight=\"bold\"", svg->out);
	if (inks[ink].size != inks[SVG_PLAIN].size)
		(void)fprintf(svg->out, " font-size=\"%d\"", inks[ink].size);
	(void)fputc('>', svg->out);
	(void)xml_text_write(svg->out, text, length);
	(void)fputs("</text>\n", svg->out);
}

void svg_text(struct svg *svg, int x, int y, enum svg_anchor anchor,
	enum svg_ink ink, const char *text)
{
	text_bytes(svg, x, y, anchor, ink, text, strlen(text));
}

/* Bytes of the first line, at least those of one character. */
static size_t line_length(const char *text, size_t length, unsigned columns)
{
	size_t at = 0, space = 0;
	unsigned used = 0;

	while (at < length && text[at] != '\n') {
		char bytes[SAFE_STEP_BYTES];
		size_t count;
		unsigned more;
		size_t taken = xml_text_step(
			text + at, length - at, bytes, &count, &more);

		if (text[at] == ' ')
			space = at;
		if (used + more > columns && at > 0)
			return space > 0 ? space : at;
		used += more;
		at += taken;
	}
	return at;
}

int svg_paragraph(struct svg *svg, int x, int y, unsigned columns,
	enum svg_ink ink, const char *text)
{
	size_t length = strlen(text);

	while (length > 0) {
		size_t line = line_length(text, length, columns);

		text_bytes(svg, x, y, SVG_START, ink, text, line);
		y += SVG_LINE;
		if (line < length && (text[line] == ' ' || text[line] == '\n'))
			line++;
		text += line;
		length -= line;
	}
	return y;
}

enum { ARROW_HEAD = 10, ARROW_HALF = 5 };

static double shaft_width(enum svg_ink ink)
{
	return inks[ink].is_bold ? 2.5 : 1.5;
}

static void arrow_shaft(struct svg *svg, enum svg_ink ink, int from, int to,
	int y)
{
	enum { DOT = 3 };
	uint32_t color = inks[ink].color;

	extend(svg, from > to ? from : to, y + ARROW_HALF);
	if (svg->raster) {
		raster_circle(svg->raster, color, from, y, DOT);
		raster_line(svg->raster, color, shaft_width(ink),
			(struct raster_point){from, y},
			(struct raster_point){to, y});
	}
	if (!svg->out || svg->is_png)
		return;
	(void)fprintf(svg->out,
		"<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"#%06x\"/>"
		"<path d=\"M%d %dH%d\" stroke=\"#%06x\" "
		"stroke-width=\"%.1f\"/>",
		from, y, DOT, color, from, y, to, color, shaft_width(ink));
}

void svg_arrow(struct svg *svg, enum svg_ink ink, int from, int to, int y)
{
	int back = to > from ? to - ARROW_HEAD : to + ARROW_HEAD;
	struct raster_point head[] = {
		{to, y}, {back, y - ARROW_HALF}, {back, y + ARROW_HALF}};
	uint32_t color = inks[ink].color;

	arrow_shaft(svg, ink, from, back, y);
	extend(svg, to, y);
	if (svg->raster)
		raster_polygon(svg->raster, color, head, 3);
	if (!svg->out || svg->is_png)
		return;
	(void)fprintf(svg->out,
		"<path d=\"M%d %dL%d %dV%dZ\" fill=\"#%06x\"/>\n", to, y, back,
		y - ARROW_HALF, y + ARROW_HALF, color);
}

void svg_lost_arrow(struct svg *svg, enum svg_ink ink, int from, int to, int y)
{
	int left = to - ARROW_HALF, right = to + ARROW_HALF;
	int up = y - ARROW_HALF, down = y + ARROW_HALF;
	uint32_t color = inks[SVG_BAD].color;

	arrow_shaft(svg, ink, from, to, y);
	if (svg->raster) {
		raster_line(svg->raster, color, shaft_width(SVG_BAD),
			(struct raster_point){left, up},
			(struct raster_point){right, down});
		raster_line(svg->raster, color, shaft_width(SVG_BAD),
			(struct raster_point){left, down},
			(struct raster_point){right, up});
	}
	if (!svg->out || svg->is_png)
		return;
	(void)fprintf(svg->out,
		"<path d=\"M%d %dL%d %dM%d %dL%d %d\" stroke=\"#%06x\" "
		"stroke-width=\"%.1f\"/>\n",
		left, up, right, down, left, down, right, up, color,
		shaft_width(SVG_BAD));
}

void svg_lines_begin(struct svg *svg, enum svg_shade shade, int width)
{
	svg->shade = shade;
	svg->line_width = width;
	if (svg->out && !svg->is_png)
		(void)fputs("<path d=\"", svg->out);
}

void svg_line(struct svg *svg, int from_x, int from_y, int to_x, int to_y)
{
	if (svg->raster)
		raster_line(svg->raster, shades[svg->shade], svg->line_width,
			(struct raster_point){from_x, from_y},
			(struct raster_point){to_x, to_y});
	if (!svg->out || svg->is_png)
		return;
	if (from_x == to_x)
		(void)fprintf(svg->out, "M%d %dV%d", from_x, from_y, to_y);
	else if (from_y == to_y)
		(void)fprintf(svg->out, "M%d %dH%d", from_x, from_y, to_x);
	else
		(void)fprintf(
			svg->out, "M%d %dL%d %d", from_x, from_y, to_x, to_y);
}

void svg_lines_end(struct svg *svg)
{
	if (svg->out && !svg->is_png)
		(void)fprintf(svg->out,
			"\" stroke=\"#%06x\" stroke-width=\"%d\"/>\n",
			shades[svg->shade], svg->line_width);
}

void svg_dot(struct svg *svg, enum svg_ink ink, int x, int y, int radius)
{
	extend(svg, x + radius, y + radius);
	if (svg->raster)
		raster_circle(svg->raster, inks[ink].color, x, y, radius);
	if (svg->out && !svg->is_png)
		(void)fprintf(svg->out,
			"<circle cx=\"%d\" cy=\"%d\" r=\"%d\" "
			"fill=\"#%06x\"/>\n",
			x, y, radius, inks[ink].color);
}

/* Dashes of two units, four apart. */
static void raster_vertical(
	struct raster *raster, int x, int from_y, int to_y, bool is_dashed)
{
	if (!is_dashed)
		raster_rectangle(
			raster, COLOR_RAIL, x - 0.5, from_y, 1, to_y - from_y);
	for (int y = from_y; is_dashed && y < to_y; y += 6)
		raster_rectangle(raster, COLOR_RAIL, x - 0.5, y, 1,
			y + 2 < to_y ? 2 : to_y - y);
}

void svg_vertical(struct svg *svg, int x, int from_y, int to_y, bool is_dashed)
{
	extend(svg, x, to_y);
	if (svg->raster)
		raster_vertical(svg->raster, x, from_y, to_y, is_dashed);
	if (svg->out && !svg->is_png)
		(void)fprintf(svg->out,
			"<path d=\"M%d %dV%d\" stroke=\"#%06x\"%s/>\n", x,
			from_y, to_y, COLOR_RAIL,
			is_dashed ? " stroke-dasharray=\"2 4\"" : "");
}

void svg_band(struct svg *svg, int y, int height)
{
	extend(svg, 0, y + height);
	if (svg->raster)
		raster_rectangle(
			svg->raster, COLOR_BAND, 0, y, svg->width, height);
	if (svg->out && !svg->is_png)
		(void)fprintf(svg->out,
			"<rect y=\"%d\" width=\"100%%\" height=\"%d\" "
			"fill=\"#%06x\"/>\n",
			y, height, COLOR_BAND);
}

void svg_clear(struct svg *svg, int x, int y, int width, int height)
{
	if (svg->raster)
		raster_rectangle(svg->raster, COLOR_PAPER, x, y, width, height);
	if (svg->out && !svg->is_png)
		(void)fprintf(svg->out,
			"<rect x=\"%d\" y=\"%d\" width=\"%d\" "
			"height=\"%d\" fill=\"#%06x\"/>\n",
			x, y, width, height, COLOR_PAPER);
}

#include "report/svg.h"

#include <assert.h>
#include <string.h>

#include "capture/safe_text.h"

static const struct {
	const char *color;
	bool is_bold;
	int size, advance; /* of a character, rounded up */
} inks[] = {
	[SVG_PLAIN] = {"#1b1f24", false, 13, 8},
	[SVG_STRONG] = {"#1b1f24", true, 13, 8},
	[SVG_FAINT] = {"#57606a", false, 13, 8},
	[SVG_BAD] = {"#a40e26", true, 13, 8},
	[SVG_DOUBT] = {"#7a4b00", false, 13, 8},
	[SVG_HEADLINE] = {"#1b1f24", true, 18, 11},
};
static_assert(sizeof(inks) / sizeof(inks[0]) == SVG_INK_COUNT, "every ink");

static void extend(struct svg *svg, int right, int bottom)
{
	if (right + SVG_MARGIN > svg->width)
		svg->width = right + SVG_MARGIN;
	if (bottom + SVG_MARGIN > svg->height)
		svg->height = bottom + SVG_MARGIN;
}

static void escaped_byte(FILE *out, char byte)
{
	switch (byte) {
	case '&':
		(void)fputs("&amp;", out);
		break;
	case '<':
		(void)fputs("&lt;", out);
		break;
	case '>':
		(void)fputs("&gt;", out);
		break;
	case '"':
		(void)fputs("&quot;", out);
		break;
	case '\'':
		(void)fputs("&#39;", out);
		break;
	default:
		(void)fputc(byte, out);
		break;
	}
}

/* One character, as XML may hold it: all that safe_text lets through but
 * U+FFFE and U+FFFF (XML 1.0, production 2). Returns the bytes taken. */
static size_t step(const char *text, size_t length, char out[SAFE_STEP_BYTES],
	size_t *out_length, unsigned *columns)
{
	size_t taken = safe_text_step(text, length, out, out_length, columns);
	const unsigned char *bytes = (const unsigned char *)out;

	if (taken == 3 && bytes[0] == 0xef && bytes[1] == 0xbf &&
		bytes[2] >= 0xbe) {
		*columns = (unsigned)snprintf(out, SAFE_STEP_BYTES,
			"\\xef\\xbf\\x%02x", (unsigned)bytes[2]);
		*out_length = *columns;
	} else if (bytes[0] >= 0xe1) {
		*columns = 2; /* may be wide, from U+1000 on */
	}
	return taken;
}

/* Writes the text, unless `out` is NULL; returns its columns. */
static unsigned escaped(FILE *out, const char *text, size_t length)
{
	unsigned sum = 0;

	while (length > 0) {
		char bytes[SAFE_STEP_BYTES];
		size_t count;
		unsigned columns;
		size_t taken = step(text, length, bytes, &count, &columns);

		for (size_t i = 0; out && i < count; i++)
			escaped_byte(out, bytes[i]);
		sum += columns;
		text += taken;
		length -= taken;
	}
	return sum;
}

void svg_begin(struct svg *svg, const char *title, const char *description)
{
	if (!svg->out)
		return;
	(void)fprintf(svg->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
		"width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"xml:space=\"preserve\">\n<title>",
		svg->width, svg->height, svg->width, svg->height);
	(void)escaped(svg->out, title, strlen(title));
	(void)fputs("</title>\n<desc>", svg->out);
	(void)escaped(svg->out, description, strlen(description));
	/* The background is its own, so that a dark page leaves it readable. */
	(void)fprintf(svg->out,
		"</desc>\n<rect width=\"100%%\" height=\"100%%\" "
		"fill=\"#ffffff\"/>\n"
		"<g font-family=\"'DejaVu Sans Mono', Menlo, Consolas, "
		"monospace\" font-size=\"%d\">\n",
		inks[SVG_PLAIN].size);
}

void svg_end(struct svg *svg)
{
	if (svg->out)
		(void)fputs("</g>\n</svg>\n", svg->out);
}

int svg_text_width(enum svg_ink ink, const char *text)
{
	return (int)escaped(NULL, text, strlen(text)) * inks[ink].advance;
}

static void text_bytes(struct svg *svg, int x, int y, enum svg_anchor anchor,
	enum svg_ink ink, const char *text, size_t length)
{
	static const char *const anchors[] = {
		[SVG_START] = "",
		[SVG_MIDDLE] = " text-anchor=\"middle\"",
		[SVG_END] = " text-anchor=\"end\"",
	};
	int width = (int)escaped(NULL, text, length) * inks[ink].advance;

	extend(svg,
		anchor == SVG_START ? x + width
		: anchor == SVG_END ? x
				    : x + width / 2,
		y);
	if (!svg->out || length == 0)
		return;
	(void)fprintf(svg->out, "<text x=\"%d\" y=\"%d\" fill=\"%s\"%s", x, y,
		inks[ink].color, anchors[anchor]);
	if (inks[ink].is_bold)
		(void)fputs(" font-weight=\"bold\"", svg->out);
	if (inks[ink].size != inks[SVG_PLAIN].size)
		(void)fprintf(svg->out, " font-size=\"%d\"", inks[ink].size);
	(void)fputc('>', svg->out);
	(void)escaped(svg->out, text, length);
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
		size_t taken =
			step(text + at, length - at, bytes, &count, &more);

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

void svg_arrow(struct svg *svg, enum svg_ink ink, int from, int to, int y)
{
	enum { HEAD = 10, HALF = 5, DOT = 3 };
	int back = to > from ? to - HEAD : to + HEAD;
	const char *color = inks[ink].color;

	extend(svg, from > to ? from : to, y + HALF);
	if (!svg->out)
		return;
	(void)fprintf(svg->out,
		"<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"%s\"/>"
		"<path d=\"M%d %dH%d\" stroke=\"%s\" stroke-width=\"%s\"/>"
		"<path d=\"M%d %dL%d %dV%dZ\" fill=\"%s\"/>\n",
		from, y, DOT, color, from, y, back, color,
		inks[ink].is_bold ? "2.5" : "1.5", to, y, back, y - HALF,
		y + HALF, color);
}

void svg_vertical(struct svg *svg, int x, int from_y, int to_y, bool is_dashed)
{
	extend(svg, x, to_y);
	if (svg->out)
		(void)fprintf(svg->out,
			"<path d=\"M%d %dV%d\" stroke=\"#8c959f\"%s/>\n", x,
			from_y, to_y,
			is_dashed ? " stroke-dasharray=\"2 4\"" : "");
}

void svg_band(struct svg *svg, int y, int height)
{
	extend(svg, 0, y + height);
	if (svg->out)
		(void)fprintf(svg->out,
			"<rect y=\"%d\" width=\"100%%\" height=\"%d\" "
			"fill=\"#ffebe9\"/>\n",
			y, height);
}

void svg_clear(struct svg *svg, int x, int y, int width, int height)
{
	if (svg->out)
		(void)fprintf(svg->out,
			"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
			"fill=\"#ffffff\"/>\n",
			x, y, width, height);
}

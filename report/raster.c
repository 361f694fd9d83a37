#include "report/raster.h"

#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "report/raster_fonts.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

enum { CHANNELS = 3, UNIT = 64 /* of FreeType, a pixel */ };

struct raster {
	int width, height; /* pixels */
	int scale;
	FT_Library library;
	FT_Face faces[2]; /* plain and bold */
	uint8_t pixels[];
};

/* Spans of one colour. */
struct brush {
	struct raster *raster;
	uint32_t color;
};

static bool open_faces(struct raster *raster)
{
	const struct {
		const char *start, *end;
	} fonts[] = {
		{raster_font_plain, raster_font_plain_end},
		{raster_font_bold, raster_font_bold_end},
	};

	if (FT_Init_FreeType(&raster->library) != 0)
		return false;
	for (unsigned i = 0; i < 2; i++)
		if (FT_New_Memory_Face(raster->library,
			    (const FT_Byte *)fonts[i].start,
			    fonts[i].end - fonts[i].start, 0,
			    &raster->faces[i]) != 0)
			return false;
	return true;
}

struct raster *raster_new(int width, int height)
{
	int64_t units = (int64_t)width * height;
	int scale = 4 * units <= RASTER_PIXELS_MOST ? 2 : 1;
	size_t bytes = (size_t)units * (size_t)(scale * scale) * CHANNELS;
	struct raster *raster;

	if (width <= 0 || height <= 0 || units > RASTER_PIXELS_MOST)
		return NULL;
	raster = calloc(1, sizeof(*raster) + bytes);
	if (!raster)
		return NULL;
	raster->width = width * scale;
	raster->height = height * scale;
	raster->scale = scale;
	memset(raster->pixels, 0xff, bytes);
	if (open_faces(raster))
		return raster;
	raster_free(raster);
	return NULL;
}

void raster_free(struct raster *raster)
{
	if (!raster)
		return;
	/* the library takes its faces with it */
	(void)FT_Done_FreeType(raster->library);
	free(raster);
}

static void blend(struct raster *raster, int64_t x, int64_t y, uint32_t color,
	unsigned coverage)
{
	uint8_t *pixel;

	if (x < 0 || y < 0 || x >= raster->width || y >= raster->height)
		return;
	pixel = &raster->pixels[(size_t)(y * raster->width + x) * CHANNELS];
	for (unsigned i = 0; i < CHANNELS; i++) {
		unsigned own = (color >> (16 - 8 * i)) & 0xff;

		pixel[i] = (uint8_t)((pixel[i] * (255 - coverage) +
					     own * coverage + 127) /
				     255);
	}
}

/* FreeType counts rows from below. */
static void take_spans(int row, int count, const FT_Span *spans, void *context)
{
	const struct brush *brush = context;
	struct raster *raster = brush->raster;

	for (int i = 0; i < count; i++)
		for (int x = 0; x < spans[i].len; x++)
			blend(raster, spans[i].x + x, raster->height - 1 - row,
				brush->color, spans[i].coverage);
}

/* FreeType 2.13.3 made some of the outline's numbers unsigned: they are given
 * the types that they have here. */
void raster_polygon(struct raster *raster, uint32_t color,
	const struct raster_point *points, unsigned count)
{
	FT_Outline outline = {0};
	FT_Vector vectors[RASTER_POINTS_MOST];
	__typeof__(*outline.tags) tags[RASTER_POINTS_MOST];
	__typeof__(*outline.contours) last =
		(__typeof__(*outline.contours))(count - 1);
	double unit = (double)raster->scale * UNIT;
	struct brush brush = {raster, color};
	FT_Raster_Params params = {
		.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT |
			 FT_RASTER_FLAG_CLIP,
		.gray_spans = take_spans,
		.user = &brush,
		.clip_box = {0, 0, raster->width, raster->height},
	};

	if (count < 3 || count > RASTER_POINTS_MOST)
		return;
	for (unsigned i = 0; i < count; i++) {
		vectors[i].x = lrint(points[i].x * unit);
		vectors[i].y = (FT_Pos)raster->height * UNIT -
			       lrint(points[i].y * unit);
		tags[i] = FT_CURVE_TAG_ON;
	}
	outline.n_contours = 1;
	outline.n_points = (__typeof__(outline.n_points))count;
	outline.points = vectors;
	outline.tags = tags;
	outline.contours = &last;
	/* what it can't draw, for want of memory, is left out */
	(void)FT_Outline_Render(raster->library, &outline, &params);
}

void raster_rectangle(struct raster *raster, uint32_t color, double x, double y,
	double width, double height)
{
	struct raster_point corners[] = {{x, y}, {x + width, y},
		{x + width, y + height}, {x, y + height}};

	raster_polygon(raster, color, corners, 4);
}

void raster_line(struct raster *raster, uint32_t color, double width,
	struct raster_point from, struct raster_point to)
{
	double dx = to.x - from.x, dy = to.y - from.y;
	double length = hypot(dx, dy);
	double across = length > 0 ? width / 2 / length : 0;
	struct raster_point corners[] = {
		{from.x - dy * across, from.y + dx * across},
		{to.x - dy * across, to.y + dx * across},
		{to.x + dy * across, to.y - dx * across},
		{from.x + dy * across, from.y - dx * across},
	};

	if (length > 0)
		raster_polygon(raster, color, corners, 4);
}

void raster_circle(struct raster *raster, uint32_t color, double x, double y,
	double radius)
{
	static const double two_pi = 6.283185307179586;
	struct raster_point points[RASTER_POINTS_MOST];

	for (unsigned i = 0; i < RASTER_POINTS_MOST; i++) {
		double angle = two_pi * i / RASTER_POINTS_MOST;

		points[i] = (struct raster_point){
			x + radius * cos(angle), y + radius * sin(angle)};
	}
	raster_polygon(raster, color, points, RASTER_POINTS_MOST);
}

/* The first character of valid UTF-8; returns its bytes. */
static size_t code_point(const char *text, size_t length, uint32_t *code)
{
	uint8_t first = (uint8_t)text[0];
	size_t count = first < 0x80   ? 1
		       : first < 0xe0 ? 2
		       : first < 0xf0 ? 3
				      : 4;

	*code = count == 1 ? first : first & (0x7fu >> count);
	if (count > length)
		return length;
	for (size_t i = 1; i < count; i++)
		*code = *code << 6 | ((uint8_t)text[i] & 0x3f);
	return count;
}

static FT_Face face_of(struct raster *raster, struct raster_font font)
{
	FT_Face face = raster->faces[font.is_bold];

	return FT_Set_Pixel_Sizes(
		       face, 0, (FT_UInt)(font.size * raster->scale)) == 0
		       ? face
		       : NULL;
}

/* Draws unless `color` is NULL; returns how wide it is, in pixels. */
static double text_run(struct raster *raster, const uint32_t *color,
	FT_Face face, struct raster_point at, const char *text, size_t length)
{
	FT_Int32 flags = FT_LOAD_NO_HINTING | (color ? FT_LOAD_RENDER : 0);
	double width = 0;

	while (length > 0) {
		const FT_Bitmap *bitmap = &face->glyph->bitmap;
		uint32_t code;
		size_t taken = code_point(text, length, &code);

		text += taken;
		length -= taken;
		if (FT_Load_Char(face, code, flags) != 0)
			continue;
		int64_t left = lrint(at.x + width) + face->glyph->bitmap_left;
		int64_t top = lrint(at.y) - face->glyph->bitmap_top;
		width += (double)face->glyph->linearHoriAdvance / 65536;
		for (unsigned y = 0; color && y < bitmap->rows; y++)
			for (unsigned x = 0; x < bitmap->width; x++)
				blend(raster, left + x, top + y, *color,
					bitmap->buffer[(int)y * bitmap->pitch +
						       (int)x]);
	}
	return width;
}

double raster_text_width(struct raster *raster, struct raster_font font,
	const char *text, size_t length)
{
	FT_Face face = face_of(raster, font);
	struct raster_point nowhere = {0, 0};

	return face ? text_run(raster, NULL, face, nowhere, text, length) /
			       raster->scale
		    : 0;
}

void raster_text(struct raster *raster, uint32_t color, struct raster_font font,
	double x, double y, const char *text, size_t length)
{
	FT_Face face = face_of(raster, font);
	struct raster_point at = {x * raster->scale, y * raster->scale};

	if (face)
		(void)text_run(raster, &color, face, at, text, length);
}

bool raster_write(const struct raster *raster, FILE *out)
{
	png_image image = {
		.version = PNG_IMAGE_VERSION,
		.width = (png_uint_32)raster->width,
		.height = (png_uint_32)raster->height,
		.format = PNG_FORMAT_RGB,
		.flags = PNG_IMAGE_FLAG_FAST,
	};

	return png_image_write_to_stdio(
		       &image, out, 0, raster->pixels, 0, NULL) != 0;
}

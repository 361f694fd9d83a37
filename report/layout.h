/* Text on a page of so many columns: wrapping, colour, numbers for people. All
 * text passes safe_text on its way. */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include <stdint.h>
#include <stdio.h>

#include "report/style.h"

struct layout {
	FILE *out;
	const struct style *style;
	int64_t origin_ns; /* times are told since then; INT64_MIN: none */
};

/* Colours repeat what the words beside them say, and never more. */
enum ink {
	INK_PLAIN,
	INK_STRONG,
	INK_FAINT,
	INK_BAD,
	INK_DOUBT,
	INK_GOOD,
	INK_COUNT,
};

/* Writes `text` as it is, made safe, in an ink. */
void layout_text(const struct layout *layout, enum ink ink, const char *text);

/* Writes spaces. */
void layout_space(const struct layout *layout, unsigned columns);

/* Writes `text` broken at spaces into lines that begin at `indent`, and ends
 * the last. The cursor stands at column `at`: the first line goes on there
 * (at <= indent: with spaces up to it). A newline in the text breaks too. */
void layout_wrap(const struct layout *layout, unsigned at, unsigned indent,
	enum ink ink, const char *text);

/* A label at `indent`, and text beside it, wrapped under itself. */
void layout_labelled(const struct layout *layout, unsigned indent,
	const char *label, const char *text);

/* Columns that `text` fills once made safe. */
unsigned layout_columns(const char *text);

enum { NAME_TEXT = 152 };
/* A foreign name as a part of one line, whatever it holds; cut off. */
const char *name_text(char text[NAME_TEXT], const char *name);

enum { COUNT_TEXT = 32, DURATION_TEXT = 32 };
/* "1,204,331" */
const char *count_text(char text[COUNT_TEXT], uint64_t count);

/* What the noun behind the count ends in. */
static inline const char *count_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}
/* "2 h 14 min", "351.2 s", "20.3 ms" */
const char *duration_text(char text[DURATION_TEXT], int64_t duration_ns);

#endif

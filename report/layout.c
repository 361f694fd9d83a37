#include "report/layout.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "capture/safe_text.h"

static const char *const inks[] = {
	[INK_PLAIN] = "",
	[INK_STRONG] = "\033[1m",
	[INK_FAINT] = "\033[2m",
	[INK_BAD] = "\033[1;31m",
	[INK_DOUBT] = "\033[33m",
	[INK_GOOD] = "\033[32m",
};
static_assert(sizeof(inks) / sizeof(inks[0]) == INK_COUNT, "every ink");

static void ink_on(const struct layout *layout, enum ink ink)
{
	if (layout->style->is_colored && ink != INK_PLAIN)
		(void)fputs(inks[ink], layout->out);
}

static void ink_off(const struct layout *layout, enum ink ink)
{
	if (layout->style->is_colored && ink != INK_PLAIN)
		(void)fputs("\033[0m", layout->out);
}

static unsigned columns_of(const char *text, size_t length)
{
	unsigned sum = 0;

	while (length > 0) {
		char step[SAFE_STEP_BYTES];
		size_t step_bytes;
		unsigned columns;
		size_t taken = safe_text_step(
			text, length, step, &step_bytes, &columns);

		sum += columns;
		text += taken;
		length -= taken;
	}
	return sum;
}

unsigned layout_columns(const char *text)
{
	return columns_of(text, strlen(text));
}

void layout_text(const struct layout *layout, enum ink ink, const char *text)
{
	ink_on(layout, ink);
	safe_text_write(layout->out, text, strlen(text));
	ink_off(layout, ink);
}

void layout_space(const struct layout *layout, unsigned columns)
{
	(void)fprintf(layout->out, "%*s", (int)columns, "");
}

/* A number stands on one line with its unit. */
static bool begins_with_unit(const char *text)
{
	static const char *const units[] = {
		"ns", "µs", "ms", "s", "min", "h", "%", "ppm"};

	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t length = strlen(units[i]);

		if (strncmp(text, units[i], length) == 0 &&
			strchr(" \n,;:.)", text[length]))
			return true;
	}
	return false;
}

static size_t word_length(const char *text)
{
	size_t length = strcspn(text, " \n");

	if (length > 0 && text[length] == ' ' &&
		text[length - 1] >= '0' && text[length - 1] <= '9' &&
		begins_with_unit(text + length + 1))
		length += 1 + strcspn(text + length + 1, " \n");
	return length;
}

void layout_wrap(const struct layout *layout, unsigned at, unsigned indent,
	enum ink ink, const char *text)
{
	bool is_line_empty = true;

	if (at < indent) {
		layout_space(layout, indent - at);
		at = indent;
	}
	ink_on(layout, ink);
	while (*text != '\0') {
		size_t length = word_length(text);
		unsigned columns = columns_of(text, length);

		if (!is_line_empty && length > 0 &&
			at + 1 + columns > layout->style->columns) {
			(void)fputc('\n', layout->out);
			layout_space(layout, indent);
			at = indent;
			is_line_empty = true;
		}
		if (length > 0) {
			if (!is_line_empty) {
				(void)fputc(' ', layout->out);
				at++;
			}
			safe_text_write(layout->out, text, length);
			at += columns;
			is_line_empty = false;
		}
		text += length;
		if (*text == '\n') {
			(void)fputc('\n', layout->out);
			layout_space(layout, indent);
			at = indent;
			is_line_empty = true;
		}
		if (*text != '\0')
			text++;
	}
	ink_off(layout, ink);
	(void)fputc('\n', layout->out);
}

void layout_labelled(const struct layout *layout, unsigned indent,
	const char *label, const char *text)
{
	enum { LABEL_COLUMNS = 8 };
	unsigned columns = layout_columns(label);

	layout_space(layout, indent);
	layout_text(layout, INK_STRONG, label);
	if (columns < LABEL_COLUMNS) {
		layout_wrap(layout, indent + columns, indent + LABEL_COLUMNS,
			INK_PLAIN, text);
		return;
	}
	layout_space(layout, 1);
	layout_wrap(layout, indent + columns + 1, indent + LABEL_COLUMNS,
		INK_PLAIN, text);
}

const char *name_text(char text[NAME_TEXT], const char *name)
{
	(void)safe_text_copy(text, NAME_TEXT, name, strlen(name));
	return text;
}

const char *count_text(char text[COUNT_TEXT], uint64_t count)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
	char *to = text;

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

const char *duration_text(char text[DURATION_TEXT], int64_t duration_ns)
{
	double seconds = (double)duration_ns / 1e9;
	uint64_t whole =
		duration_ns > 0 ? (uint64_t)duration_ns / 1000000000 : 0;

	if (duration_ns < 0)
		(void)snprintf(text, DURATION_TEXT, "%.3f s", seconds);
	else if (duration_ns < 1000000)
		(void)snprintf(text, DURATION_TEXT, "%.3f ms", seconds * 1e3);
	else if (duration_ns < 1000000000)
		(void)snprintf(text, DURATION_TEXT, "%.1f ms", seconds * 1e3);
	else if (whole < 600)
		(void)snprintf(text, DURATION_TEXT, "%.1f s", seconds);
	else if (whole < 7200)
		(void)snprintf(text, DURATION_TEXT,
			"%" PRIu64 " min %" PRIu64 " s", whole / 60,
			whole % 60);
	else if (whole < 172800)
		(void)snprintf(text, DURATION_TEXT,
			"%" PRIu64 " h %" PRIu64 " min", whole / 3600,
			whole / 60 % 60);
	else
		(void)snprintf(text, DURATION_TEXT,
			"%" PRIu64 " d %" PRIu64 " h", whole / 86400,
			whole / 3600 % 24);
	return text;
}

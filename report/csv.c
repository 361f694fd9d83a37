#include "report/csv.h"

#include <inttypes.h>
#include <string.h>

#include "capture/safe_text.h"

/* Where a spreadsheet would begin a formula; those of East Asian width too. It
 * would behind a tab or a carriage return, of which safe_text leaves none. */
static bool is_formula(const char *text)
{
	static const char *const signs[] = {"=", "+", "-", "@", "\xef\xbc\x9d",
		"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

	for (unsigned i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

void csv_text(FILE *out, const char *text)
{
	bool is_escaped = is_formula(text + strspn(text, " "));

	if (!strpbrk(text, ",\"") && !is_escaped) {
		safe_text_write(out, text, strlen(text));
		return;
	}
	(void)fputs(is_escaped ? "\"'" : "\"", out);
	for (const char *end; *text; text = end) {
		end = strchrnul(text, '"');
		safe_text_write(out, text, (size_t)(end - text));
		if (*end == '"') {
			(void)fputs("\"\"", out);
			end++;
		}
	}
	(void)fputc('"', out);
}

void csv_seconds(FILE *out, int64_t time_ns)
{
	const uint64_t second_ns = 1000000000;
	uint64_t size_ns = time_ns < 0 ? -(uint64_t)time_ns : (uint64_t)time_ns;

	(void)fprintf(out, "%s%" PRIu64 ".%09" PRIu64, time_ns < 0 ? "-" : "",
		size_ns / second_ns, size_ns % second_ns);
}

/* Whether the value is to be written; the comma before it is, or its name. */
static bool begins(struct csv_line *line, const char *name)
{
	if (line->has_fields)
		(void)fputc(',', line->out);
	line->has_fields = true;
	if (line->is_header)
		(void)fputs(name, line->out);
	return !line->is_header;
}

void csv_line_string(struct csv_line *line, const char *name, const char *text)
{
	if (begins(line, name) && text)
		csv_text(line->out, text);
}

void csv_line_number(struct csv_line *line, const char *name, uint64_t number)
{
	if (begins(line, name))
		(void)fprintf(line->out, "%" PRIu64, number);
}

void csv_line_seconds(struct csv_line *line, const char *name, int64_t time_ns)
{
	if (begins(line, name) && time_ns != INT64_MIN)
		csv_seconds(line->out, time_ns);
}

void csv_line_truth(struct csv_line *line, const char *name, bool is_true)
{
	csv_line_string(line, name, is_true ? "true" : NULL);
}

void csv_line_end(struct csv_line *line)
{
	(void)fputc('\n', line->out);
	line->has_fields = false;
	line->is_header = false;
}

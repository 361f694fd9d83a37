#include "tests/support/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/packet_text.h"

enum { LARGEST_TRACE_BYTES = 256 << 20 };

static const char expect[] = "expect ";

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	free(trace->packets);
	free(trace->lines);
	free(trace->expectations);
	free(trace->text);
	free(trace->space);
	free(trace);
}

static unsigned count_lines(const char *text, size_t length)
{
	unsigned count = 1;

	for (size_t i = 0; i < length; i++)
		count += text[i] == '\n';
	return count;
}

static struct trace *trace_new(const char *text, size_t length)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	unsigned most = count_lines(text, length);

	if (!trace)
		return NULL;
	trace->packets = calloc(most, sizeof(*trace->packets));
	trace->lines = calloc(most, sizeof(*trace->lines));
	trace->expectations = calloc(most, sizeof(*trace->expectations));
	trace->text = malloc(length + 1);
	trace->space = malloc(length + 1);
	if (!trace->packets || !trace->lines || !trace->expectations ||
		!trace->text || !trace->space) {
		trace_free(trace);
		return NULL;
	}
	memcpy(trace->text, text, length);
	trace->text[length] = '\0';
	return trace;
}

static bool is_blank(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\r';
}

/* One line, without its end and without blanks around it; `indent` is what
 * was taken off its start. `space` lies where the line lies in the text. */
static bool read_line(struct trace *trace, char *line, size_t length,
	size_t indent, unsigned number, const char *name,
	struct failure *failure)
{
	struct text_error error;
	struct packet *packet = &trace->packets[trace->packet_count];
	uint8_t *space = trace->space + (line - trace->text);

	if (length == 0 || line[0] == '#')
		return true;
	if (length >= sizeof(expect) - 1 &&
		memcmp(line, expect, sizeof(expect) - 1) == 0) {
		struct trace_expectation *expectation =
			&trace->expectations[trace->expectation_count++];

		line += sizeof(expect) - 1;
		while (is_blank(*line))
			line++;
		*expectation = (struct trace_expectation){line, number};
		return true;
	}
	if (!packet_parse(line, length, space, packet, &error))
		return failure_set(failure, EXIT_INPUT_CUT, "%s:%u:%u: %s",
			name, number, error.column + (unsigned)indent,
			error.text);
	trace->lines[trace->packet_count] = number;
	packet->frame = ++trace->packet_count;
	return true;
}

struct trace *trace_parse(const char *text, size_t length, const char *name,
	struct failure *failure)
{
	struct trace *trace = trace_new(text, length);
	char *line, *end;
	unsigned number = 1;

	if (!trace) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory for the trace", name);
		return NULL;
	}
	end = trace->text + length;
	for (line = trace->text; line < end; number++) {
		char *newline = memchr(line, '\n', (size_t)(end - line));
		char *stop = newline ? newline : end;
		char *start = line;
		char *last = stop;

		while (start < last && is_blank(*start))
			start++;
		while (last > start && is_blank(last[-1]))
			last--;
		*last = '\0';
		if (!read_line(trace, start, (size_t)(last - start),
			    (size_t)(start - line), number, name, failure)) {
			trace_free(trace);
			return NULL;
		}
		line = stop + 1;
	}
	return trace;
}

struct trace *trace_read(const char *path, struct failure *failure)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t used = 0, capacity = 0;
	struct trace *trace = NULL;

	if (!file) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s can't be opened: %s", path, strerror(errno));
		return NULL;
	}
	for (;;) {
		size_t got;

		if (capacity - used < 65536) {
			char *grown;

			capacity = capacity ? capacity * 2 : 1 << 17;
			grown = capacity > LARGEST_TRACE_BYTES
					? NULL
					: realloc(text, capacity);
			if (!grown) {
				(void)failure_set(failure, EXIT_INPUT_CUT,
					"%s is too large for a trace", path);
				goto done;
			}
			text = grown;
		}
		got = fread(text + used, 1, capacity - used, file);
		used += got;
		if (got == 0)
			break;
	}
	if (ferror(file))
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s can't be read: %s", path, strerror(errno));
	else
		trace = trace_parse(text, used, path, failure);
done:
	free(text);
	(void)fclose(file); /* it was only read */
	return trace;
}

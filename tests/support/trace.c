#include "tests/support/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/trace_lines.h"

enum { LARGEST_TRACE_BYTES = 256 << 20 };

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	while (trace->memory) {
		struct trace_memory *next = trace->memory->next;

		free(trace->memory);
		trace->memory = next;
	}
	free(trace->packets);
	free(trace->lines);
	free(trace->expectations);
	free(trace);
}

char *trace_keep(struct trace *trace, const void *bytes, size_t length)
{
	struct trace_memory *kept = malloc(sizeof(*kept) + length + 1);

	if (!kept)
		return NULL;
	kept->next = trace->memory;
	trace->memory = kept;
	memcpy(kept->bytes, bytes, length);
	kept->bytes[length] = '\0';
	return kept->bytes;
}

struct trace *trace_parse(const char *text, size_t length, const char *name,
	struct failure *failure)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	struct conversation *conversation = malloc(sizeof(*conversation));
	bool is_good = false;

	if (!trace || !conversation) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory for the trace", name);
	} else {
		conversation_begin(conversation);
		is_good = trace_lines_read(
			trace, conversation, text, length, name, failure);
	}
	free(conversation);
	if (is_good)
		return trace;
	trace_free(trace);
	return NULL;
}

char *trace_file_read(const char *path, size_t *length, struct failure *failure)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL, *grown;
	size_t capacity = 0, got;

	*length = 0;
	if (!file) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s can't be opened: %s", path, strerror(errno));
		return NULL;
	}
	do {
		if (capacity - *length < 65536) {
			capacity = capacity ? capacity * 2 : 1 << 17;
			grown = capacity > LARGEST_TRACE_BYTES
					? NULL
					: realloc(text, capacity);
			if (!grown) {
				(void)failure_set(failure, EXIT_INPUT_CUT,
					"%s is too large for a trace", path);
				goto failed;
			}
			text = grown;
		}
		got = fread(text + *length, 1, capacity - *length, file);
		*length += got;
	} while (got > 0);
	if (!ferror(file)) {
		(void)fclose(file); /* it was only read */
		return text;
	}
	(void)failure_set(failure, EXIT_INPUT_CUT, "%s can't be read: %s", path,
		strerror(errno));
failed:
	free(text);
	(void)fclose(file); /* it was only read */
	return NULL;
}

struct trace *trace_read(const char *path, struct failure *failure)
{
	size_t length;
	char *text = trace_file_read(path, &length, failure);
	struct trace *trace =
		text ? trace_parse(text, length, path, failure) : NULL;

	free(text);
	return trace;
}

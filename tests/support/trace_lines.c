#include "tests/support/trace_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "tests/support/end_text.h"
#include "tests/support/packet_text.h"
#include "tests/support/text_values.h"

enum {
	MOST_PACKETS = 1 << 22,
	PATH_BYTES = 1024,
};

/* Reading one text. */
struct lines {
	struct trace *trace;
	struct conversation *conversation;
	char *text; /* is cut into strings */
	size_t length;
	const char *name;
	struct failure *failure;
	uint8_t *space;	 /* for a payload */
	unsigned number; /* of the line, from 1 */
	unsigned told;	 /* of the line, or of the one that includes it */
	bool is_included;
};

struct line {
	char *start; /* without blanks around it, terminated */
	size_t length;
	unsigned indent; /* columns before `start` */
};

static bool read_all(struct lines *lines);

static bool fail(const struct lines *lines, const struct line *line,
	const struct text_error *error)
{
	unsigned indent = error->lines ? 0 : line->indent;

	return failure_set(lines->failure, EXIT_INPUT_CUT, "%s:%u:%u: %s",
		lines->name, lines->number + error->lines,
		error->column + indent, error->text);
}

static bool no_memory(const struct lines *lines)
{
	return failure_set(lines->failure, EXIT_INPUT_CUT,
		"%s: no memory for the trace", lines->name);
}

/* Room for one more packet and one more expectation. */
static bool make_room(const struct lines *lines)
{
	struct trace *trace = lines->trace;
	void *packets, *numbers, *expectations;

	if (trace->packet_count >= MOST_PACKETS)
		return failure_set(lines->failure, EXIT_INPUT_CUT,
			"%s has too many packets", lines->name);
	packets = array_grown(trace->packets, trace->packet_count,
		&trace->room[0], sizeof(*trace->packets));
	if (packets)
		trace->packets = packets;
	numbers = array_grown(trace->lines, trace->packet_count,
		&trace->room[1], sizeof(*trace->lines));
	if (numbers)
		trace->lines = numbers;
	expectations =
		array_grown(trace->expectations, trace->expectation_count,
			&trace->room[2], sizeof(*trace->expectations));
	if (expectations)
		trace->expectations = expectations;
	return (packets && numbers && expectations) || no_memory(lines);
}

/* Names of files are plain words: nothing beside the folder is opened. */
static bool is_file_name(const struct word *word)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	for (unsigned i = 0; i < word->length; i++)
		if (!memchr(letters, word->start[i], sizeof(letters) - 1))
			return false;
	return word->length > 0 && word->length < 100;
}

static bool include(
	struct lines *lines, const struct line *line, struct text_words *words)
{
	struct word name = word_next(words), rest = word_next(words);
	const char *slash = strrchr(lines->name, '/');
	int folder = slash ? (int)(slash - lines->name) + 1 : 0;
	struct lines included = *lines;
	char path[PATH_BYTES], *text;
	size_t length;

	if (!is_file_name(&name)) {
		(void)words_fail(
			words, &name, "the name of a file is expected");
		return fail(lines, line, words->error);
	}
	if (rest.length > 0 || lines->is_included) {
		(void)words_fail(words, rest.length > 0 ? &rest : &name,
			rest.length > 0 ? "nothing may follow"
					: "what is included may not include");
		return fail(lines, line, words->error);
	}
	(void)snprintf(path, sizeof(path), "%.*sinclude/%.*s.trace", folder,
		lines->name, (int)name.length, name.start);
	text = trace_file_read(path, &length, lines->failure);
	if (!text)
		return false;
	included.text = trace_keep(lines->trace, text, length);
	included.length = length;
	free(text);
	if (!included.text)
		return no_memory(lines);
	included.name = path;
	included.is_included = true;
	return read_all(&included);
}

static bool is_blank(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\r';
}

static void expect(
	struct lines *lines, const struct line *line, const struct word *word)
{
	char *text = line->start + (word->start - line->start) + word->length;
	struct trace *trace = lines->trace;

	while (is_blank(*text))
		text++;
	trace->expectations[trace->expectation_count++] =
		(struct trace_expectation){text, lines->told};
	/* it may go on on the next line */
	for (; *text; text++)
		if (*text == '\t' || *text == '\n' ||
			(*text == '\\' && text[1] == '\n'))
			*text = ' ';
}

/* The packet that stands behind the others is one of them. */
static void add_packet(const struct lines *lines)
{
	struct trace *trace = lines->trace;

	trace->lines[trace->packet_count] = lines->told;
	trace->packets[trace->packet_count].frame = trace->packet_count + 1;
	trace->packet_count++;
}

/* A packet, perhaps with its copy, or time that passes. */
static bool read_packet(struct lines *lines, const struct line *line)
{
	struct trace *trace = lines->trace;
	struct packet *packet = &trace->packets[trace->packet_count];
	struct text_error error = {0};
	struct text_words words = words_of(line->start, line->length, &error);
	struct word time = word_next(&words), next = word_next(&words);
	int64_t time_ns;

	if (next.length == 0 && !next.is_quoted && !words_have_failed(&words)) {
		if (!value_time(&words, &time, lines->conversation->time_ns,
			    &time_ns))
			return fail(lines, line, &error);
		if (time_ns != INT64_MIN)
			lines->conversation->time_ns = time_ns;
		return true;
	}
	if (!packet_parse_in(lines->conversation, line->start, line->length,
		    lines->space, packet, &error))
		return fail(lines, line, &error);
	if (packet->payload == lines->space) {
		packet->payload = (const uint8_t *)trace_keep(
			trace, lines->space, packet->payload_captured);
		if (!packet->payload)
			return no_memory(lines);
		lines->conversation->last.payload = packet->payload;
	}
	add_packet(lines);
	if (!lines->conversation->copied)
		return true;
	if (!make_room(lines))
		return false;
	packet = &trace->packets[trace->packet_count];
	*packet = conversation_copy(lines->conversation->copied, packet - 1);
	add_packet(lines);
	return true;
}

static bool read_line(struct lines *lines, const struct line *line)
{
	static const char times[] = "+-0123456789";
	struct text_error error = {0};
	struct text_words words = words_of(line->start, line->length, &error);
	struct word first = word_next(&words);

	if (first.length == 0 && !first.is_quoted)
		return true; /* nothing, or a comment */
	if (!lines->is_included)
		lines->told = lines->number;
	if (!make_room(lines))
		return false;
	if (word_is(&first, "include"))
		return include(lines, line, &words);
	if (word_is(&first, "expect")) {
		expect(lines, line, &first);
		return true;
	}
	if (memchr(times, first.start[0], sizeof(times) - 1))
		return read_packet(lines, line);
	if (!end_parse(line->start, line->length, lines->conversation, &error))
		return fail(lines, line, &error);
	return true;
}

/* The end of a line, which a backslash puts off; it has so many newlines. A
 * comment ends where it ends. */
static char *line_end(char *start, char *end, unsigned *newlines)
{
	char *at = start;

	*newlines = 1;
	while (at < end && *at != '\n') {
		if (*at == '\\' && at + 1 < end && at[1] == '\n' &&
			*start != '#') {
			++*newlines;
			at++;
		}
		at++;
	}
	return at;
}

static bool read_all(struct lines *lines)
{
	char *at = lines->text, *end = at + lines->length;

	for (lines->number = 1; at < end;) {
		struct line line;
		char *start = at, *stop, *last;
		unsigned newlines;

		while (start < end && is_blank(*start))
			start++;
		stop = last = line_end(start, end, &newlines);
		while (last > start && is_blank(last[-1]))
			last--;
		*last = '\0';
		line = (struct line){
			start, (size_t)(last - start), (unsigned)(start - at)};
		if (!read_line(lines, &line))
			return false;
		lines->number += newlines;
		at = stop + 1;
	}
	return true;
}

bool trace_lines_read(struct trace *trace, struct conversation *conversation,
	const char *text, size_t length, const char *name,
	struct failure *failure)
{
	struct lines lines = {
		.trace = trace,
		.conversation = conversation,
		.text = trace_keep(trace, text, length),
		.length = length,
		.name = name,
		.failure = failure,
		.space = malloc(PAYLOAD_BYTES),
	};
	bool is_good = lines.text && lines.space ? read_all(&lines)
						 : no_memory(&lines);

	free(lines.space);
	return is_good;
}

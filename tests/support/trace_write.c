#include "tests/support/trace_write.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/end_describe.h"
#include "tests/support/packet_compare.h"
#include "tests/support/packet_fields.h"
#include "tests/support/packet_text.h"
#include "tests/support/text_writer.h"
#include "tests/support/trace_ends.h"
#include "tests/support/trace_includes.h"

enum { AHEAD = 256 /* packets that are looked at */ };

/* The sequence number of a segment is told where a later packet names it:
 * one that is sent again, acknowledged selectively, or quoted. */
static bool is_named_by(const struct packet *later, const struct packet *packet)
{
	if (later->kind == PACKET_ICMP)
		return later->quoted.has_sequence &&
		       later->quoted.sequence == packet->sequence;
	if (later->kind != PACKET_TCP)
		return false;
	for (unsigned i = 0; i < later->sack_count; i++)
		if (later->sack[i].start == packet->sequence)
			return true;
	return packet_sequence_length(later) > 0 &&
	       later->sequence == packet->sequence &&
	       packet_is_along(later, packet) &&
	       !(packet->ip_id && later->ip_id == packet->ip_id);
}

static bool is_named_later(const struct trace_writing *writing, unsigned index)
{
	const struct packet *packet = &writing->packets[index];

	if (packet->kind != PACKET_TCP || packet->tcp_flags & TCP_SYN ||
		packet_sequence_length(packet) == 0)
		return false;
	for (unsigned i = index + 1; i < writing->count && i < index + AHEAD;
		i++)
		if (is_named_by(&writing->packets[i], packet))
			return true;
	return false;
}

/* Whether the next packet is the copy that the end's line wants. */
static bool is_copied(const struct trace_writing *writing, unsigned index,
	const struct conversation *conversation)
{
	const struct packet *packet = &writing->packets[index];
	const struct conversation_end *end = conversation_end_at(conversation,
		packet->family, &packet->source, packet->source_port);
	struct packet copy;

	if (!end || !end->is_copied || index + 1 == writing->count ||
		packet_is_again(conversation, packet))
		return false;
	copy = conversation_copy(end, packet);
	return packet_is_same(&writing->packets[index + 1], &copy);
}

/* Writes a packet, perhaps with its copy; returns how many, or 0. */
static unsigned write_packet(const struct trace_writing *writing,
	unsigned index, struct conversation *conversation, FILE *out,
	struct failure *failure)
{
	const struct packet *packet = &writing->packets[index];
	size_t capacity = (size_t)packet->payload_captured * 4 + 1024;
	char *line = malloc(capacity);
	unsigned count = 1 + is_copied(writing, index, conversation);
	struct packet_style style = {
		.is_sequence_shown = is_named_later(writing, index),
		.is_single = count == 1,
	};

	if (!line || !packet_format_in(
			     conversation, packet, style, line, capacity)) {
		free(line);
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"packet %u is too large for a line", index + 1);
		return 0;
	}
	(void)fprintf(out, "%s\n", line); /* errors are asked at the end */
	free(line);
	return count;
}

/* Whether notes come between packets that an include would make. */
static bool has_notes(
	const struct trace_writing *writing, unsigned index, unsigned count)
{
	for (unsigned i = index + 1; writing->notes && i < index + count; i++)
		if (writing->notes[i])
			return true;
	return false;
}

/* The longest include whose packets are those from `index` on; how many. */
static unsigned write_include(const struct trace_writing *writing,
	const struct trace_includes *includes, unsigned index,
	struct conversation *conversation, FILE *out)
{
	struct conversation *after = malloc(2 * sizeof(*after)), *best;
	const char *name = NULL;
	unsigned most = 0;
	bool is_waiting = false;

	if (!after)
		return 0;
	best = after + 1;
	for (unsigned i = 0; i < 2 * includes->count; i++) {
		unsigned count;

		/* as it is, and after the time that passed */
		*after = *conversation;
		if (i >= includes->count)
			after->time_ns = writing->packets[index].time_ns;
		count = trace_include_match(
			&includes->include[i % includes->count],
			writing->packets + index, writing->count - index,
			after);
		if (count <= most || has_notes(writing, index, count))
			continue;
		most = count;
		name = includes->include[i % includes->count].name;
		is_waiting = i >= includes->count;
		*best = *after;
	}
	if (name) {
		char time[32] = "";
		struct text_writer writer = {
			.text = time, .capacity = sizeof(time)};

		if (is_waiting) {
			text_put_seconds(
				&writer, writing->packets[index].time_ns);
			(void)fprintf(out, "%s\n", time);
		}
		(void)fprintf(out, "include %s\n", name);
		*conversation = *best;
	}
	free(after);
	return most;
}

static void write_note(
	const struct trace_writing *writing, unsigned index, FILE *out)
{
	if (writing->notes && writing->notes[index])
		(void)fputs(writing->notes[index], out);
}

bool trace_write(
	const struct trace_writing *writing, FILE *out, struct failure *failure)
{
	struct conversation *conversation = malloc(sizeof(*conversation));
	struct trace_includes includes = {0};
	unsigned index = 0;
	bool is_good =
		conversation &&
		(!writing->includes || trace_includes_read(writing->includes,
					       &includes, failure));

	if (!conversation)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no memory for a conversation");
	else
		conversation_begin(conversation);
	while (is_good && index < writing->count) {
		unsigned included;

		write_note(writing, index, out);
		trace_ends_write(writing->packets, writing->count, index,
			conversation, out);
		included = includes.count ? write_include(writing, &includes,
						    index, conversation, out)
					  : 0;
		if (!included)
			included = write_packet(
				writing, index, conversation, out, failure);
		is_good = included > 0;
		index += included;
	}
	if (is_good)
		write_note(writing, index, out);
	if (is_good && ferror(out))
		is_good = failure_set(
			failure, EXIT_INPUT_CUT, "the trace can't be written");
	trace_includes_free(&includes);
	free(conversation);
	return is_good;
}

char *trace_write_text(const struct trace_writing *writing, size_t *length,
	struct failure *failure)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);
	bool is_good;

	if (!out) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the text of a trace");
		return NULL;
	}
	is_good = trace_write(writing, out, failure);
	if (fclose(out) != 0 && is_good)
		is_good = failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the text of a trace");
	if (is_good)
		return text;
	free(text);
	return NULL;
}

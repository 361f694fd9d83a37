/* pcap2trace [-r] FILE...: captures as a trace. -r: times count from the first
 * packet.
 * pcap2trace FILE.trace: a trace in the form in which it says least, for one
 * that gives addresses and numbers. Comments and expectations stay where they
 * are; the lines of ends are found anew. What is in include/ beside it is
 * included. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/array.h"
#include "capture/decode/packet_decode.h"
#include "tests/support/open_recording.h"
#include "tests/support/trace.h"
#include "tests/support/trace_lines.h"
#include "tests/support/trace_write.h"

/* The packets of captures, with payloads of their own. */
struct packets {
	struct packet *packet;
	unsigned count;
	uint32_t room;
};

static bool add(struct packets *packets, const struct packet *packet)
{
	struct packet *added = array_grown(packets->packet, packets->count,
		&packets->room, sizeof(*added));
	uint8_t *payload;

	if (!added)
		return false;
	packets->packet = added;
	added += packets->count;
	*added = *packet;
	if (packet->payload_captured) {
		payload = malloc(packet->payload_captured);
		if (!payload)
			return false;
		memcpy(payload, packet->payload, packet->payload_captured);
		added->payload = payload;
	}
	packets->count++;
	return true;
}

static void free_packets(struct packets *packets)
{
	for (unsigned i = 0; i < packets->count; i++)
		if (packets->packet[i].payload_captured)
			/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
			free((void *)(uintptr_t)packets->packet[i].payload);
	free(packets->packet);
}

/* Reads captures up to their end or damage; `failure` says which. */
static bool read_captures(struct recording *recording, struct packets *packets,
	struct failure *failure)
{
	struct batch *batch = batch_new(1 << 20);
	enum reading reading = READING_MORE;
	bool is_whole = true;

	while (batch && reading != READING_END) {
		reading = recording_read(recording, batch, failure);
		is_whole &= reading != READING_CUT;
		for (uint32_t i = 0; i < batch->count; i++) {
			struct packet packet;

			packet_decode(&batch->frames[i], &packet);
			if (!add(packets, &packet)) {
				batch_free(batch);
				return failure_set(failure, EXIT_INPUT_CUT,
					"no memory for the packets");
			}
		}
	}
	batch_free(batch);
	return is_whole;
}

static void count_from_first(const struct packets *packets)
{
	int64_t start_ns = INT64_MIN;

	for (unsigned i = 0; i < packets->count; i++) {
		int64_t *time_ns = &packets->packet[i].time_ns;

		if (start_ns == INT64_MIN)
			start_ns = *time_ns;
		if (*time_ns != INT64_MIN)
			*time_ns -= start_ns;
	}
}

static int write_captures(
	const char *const *paths, unsigned count, bool is_relative)
{
	struct failure failure;
	struct packets packets = {0};
	struct trace_writing writing = {0};
	struct recording *recording = open_and_begin(paths, count, &failure);
	bool is_whole;

	if (!recording) {
		fprintf(stderr, "%s\n", failure.text);
		return 1;
	}
	is_whole = read_captures(recording, &packets, &failure);
	recording_close(recording);
	if (!is_whole)
		fprintf(stderr, "%s\n", failure.text);
	if (is_relative)
		count_from_first(&packets);
	writing.packets = packets.packet;
	writing.count = packets.count;
	if (!trace_write(&writing, stdout, &failure)) {
		fprintf(stderr, "%s\n", failure.text);
		is_whole = false;
	}
	free_packets(&packets);
	return is_whole ? 0 : 1;
}

static bool is_note(const char *line, size_t length)
{
	while (length > 0 && (*line == ' ' || *line == '\t' || *line == '\r')) {
		line++;
		length--;
	}
	return length == 0 || *line == '#' ||
	       (length > 6 && memcmp(line, "expect", 6) == 0);
}

/* The lines of a trace's text that are to stay, each before the packet that it
 * stands before; to be freed with the strings. */
static char **notes_of(const struct trace *trace, const char *text)
{
	char **notes = calloc(trace->packet_count + 1, sizeof(*notes));
	unsigned index = 0;
	size_t length;
	FILE *note = NULL;

	if (!notes)
		return NULL;
	for (unsigned number = 1; *text; number++) {
		const char *end = strchrnul(text, '\n');

		while (index < trace->packet_count &&
			trace->lines[index] <= number) {
			index++;
			if (note)
				(void)fclose(note); /* a string in memory */
			note = NULL;
		}
		if (is_note(text, (size_t)(end - text))) {
			if (!note)
				note = open_memstream(&notes[index], &length);
			if (!note)
				break;
			(void)fprintf(note, "%.*s\n", (int)(end - text), text);
		}
		text = *end ? end + 1 : end;
	}
	if (note)
		(void)fclose(note);
	return notes;
}

static int write_again(const char *path)
{
	struct failure failure;
	struct trace *trace = trace_read(path, &failure);
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) + 1 : 0;
	char *text = NULL, *grown, **notes = NULL, *includes = NULL;
	struct trace_writing writing = {0};
	size_t length;
	int status = 1;

	if (trace)
		text = trace_file_read(path, &length, &failure);
	grown = text ? realloc(text, length + 1) : NULL;
	if (!grown) {
		fprintf(stderr, "%s\n", failure.text);
		goto done;
	}
	text = grown;
	text[length] = '\0';
	notes = notes_of(trace, text);
	if (!notes || asprintf(&includes, "%.*sinclude", folder, path) < 0)
		goto done;
	writing.packets = trace->packets;
	writing.count = trace->packet_count;
	writing.notes = (const char *const *)notes;
	writing.includes = access(includes, X_OK) == 0 ? includes : NULL;
	if (trace_write(&writing, stdout, &failure))
		status = 0;
	else
		fprintf(stderr, "%s\n", failure.text);
done:
	for (unsigned i = 0; notes && i <= trace->packet_count; i++)
		free(notes[i]);
	free(notes);
	free(includes);
	free(text);
	trace_free(trace);
	return status;
}

static bool is_trace(const char *path)
{
	size_t length = strlen(path);

	return length > 6 && strcmp(path + length - 6, ".trace") == 0;
}

int main(int argument_count, char **arguments)
{
	bool is_relative =
		argument_count > 1 && strcmp(arguments[1], "-r") == 0;
	int first = is_relative ? 2 : 1;

	if (first >= argument_count) {
		fprintf(stderr, "usage: pcap2trace [-r] FILE...\n"
				"       pcap2trace FILE.trace\n");
		return 2;
	}
	if (is_trace(arguments[first]) && argument_count == 2)
		return write_again(arguments[1]);
	return write_captures((const char *const *)(arguments + first),
		(unsigned)(argument_count - first), is_relative);
}

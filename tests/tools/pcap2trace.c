/* pcap2trace [-r] FILE...: captures as the lines of a trace. -r: times count
 * from the first packet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/decode/packet_decode.h"
#include "capture/packet.h"
#include "tests/support/packet_text.h"
#include "capture/file/recording.h"

enum { LARGEST_LINE = 1 << 19 };

static void print_batch(
	const struct batch *batch, int64_t *start_ns, char *line)
{
	for (uint32_t i = 0; i < batch->count; i++) {
		struct packet packet;

		packet_decode(&batch->frames[i], &packet);
		if (*start_ns == INT64_MIN)
			*start_ns = packet.time_ns;
		if (*start_ns != INT64_MAX && packet.time_ns != INT64_MIN)
			packet.time_ns -= *start_ns;
		if (packet_format(&packet, line, LARGEST_LINE))
			puts(line);
		else
			puts("# a packet too large for a line");
	}
}

int main(int argument_count, char **arguments)
{
	bool is_relative =
		argument_count > 1 && strcmp(arguments[1], "-r") == 0;
	int first = is_relative ? 2 : 1;
	int64_t start_ns = is_relative ? INT64_MIN : INT64_MAX;
	char *line = malloc(LARGEST_LINE);
	struct batch *batch = batch_new(1 << 20);
	struct recording *recording = NULL;
	struct failure failure;
	enum reading reading = READING_MORE;
	int status = 0;

	if (first >= argument_count || !line || !batch) {
		fprintf(stderr, "usage: pcap2trace [-r] FILE...\n");
		status = 2;
		goto done;
	}
	recording = recording_open((const char *const *)(arguments + first),
		(unsigned)(argument_count - first), &failure);
	if (!recording) {
		fprintf(stderr, "%s\n", failure.text);
		status = 1;
		goto done;
	}
	while (reading != READING_END) {
		reading = recording_read(recording, batch, &failure);
		if (reading == READING_CUT) {
			fprintf(stderr, "%s\n", failure.text);
			status = 1;
		}
		print_batch(batch, &start_ns, line);
	}
	recording_close(recording);
done:
	batch_free(batch);
	free(line);
	return status;
}

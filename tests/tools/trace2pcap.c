/* trace2pcap TRACE PCAP: a trace written by hand as a capture file (Ethernet,
 * nanoseconds), to be looked at with other tools. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/linktype.h"
#include "tests/support/packet_encode.h"
#include "tests/support/trace.h"

enum { LARGEST_FRAME_BYTES = 1 << 18 };

static bool write_numbers(FILE *file, const uint32_t *numbers, size_t count)
{
	return fwrite(numbers, sizeof(*numbers), count, file) == count;
}

static bool write_packet(
	FILE *file, const struct packet *packet, uint8_t *bytes)
{
	size_t length = packet_encode(
		packet, LINKTYPE_ETHERNET, bytes, LARGEST_FRAME_BYTES);
	uint32_t record[4] = {
		(uint32_t)(packet->time_ns / 1000000000),
		(uint32_t)(packet->time_ns % 1000000000),
		(uint32_t)length,
		(uint32_t)length,
	};

	if (length == 0 || packet->time_ns < 0) {
		fprintf(stderr, "packet %" PRIu64 " can't be written\n",
			packet->frame);
		return true;
	}
	return write_numbers(file, record, 4) &&
	       fwrite(bytes, 1, length, file) == length;
}

int main(int argument_count, char **arguments)
{
	/* magic of nanoseconds, version 2.4, zone, accuracy, snap, link */
	static const uint32_t header[6] = {0xa1b23c4d, 4u << 16 | 2, 0, 0,
		LARGEST_FRAME_BYTES, LINKTYPE_ETHERNET};
	uint8_t *bytes = malloc(LARGEST_FRAME_BYTES);
	struct failure failure;
	struct trace *trace;
	FILE *file;
	bool is_good;

	if (argument_count != 3 || !bytes) {
		fprintf(stderr, "usage: trace2pcap TRACE PCAP\n");
		free(bytes);
		return 2;
	}
	trace = trace_read(arguments[1], &failure);
	if (!trace) {
		fprintf(stderr, "%s\n", failure.text);
		free(bytes);
		return 1;
	}
	file = fopen(arguments[2], "wb");
	is_good = file && write_numbers(file, header, 6);
	for (unsigned i = 0; is_good && i < trace->packet_count; i++)
		is_good = write_packet(file, &trace->packets[i], bytes);
	if (file && fclose(file) != 0)
		is_good = false;
	if (!is_good)
		perror(arguments[2]);
	trace_free(trace);
	free(bytes);
	return !is_good;
}

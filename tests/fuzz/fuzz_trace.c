/* Any text as a trace; its packets can be written as a trace that has the same
 * packets and is written alike, and as bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/linktype.h"
#include "tests/support/packet_encode.h"
#include "tests/support/packet_compare.h"
#include "tests/support/packet_fields.h"
#include "tests/support/packet_text.h"
#include "tests/support/trace.h"
#include "tests/support/trace_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* beside which there is include/ */
static const char name[] = "tests/traces/fuzz";

/* To be freed. */
static char *written(const struct trace *trace, size_t *length)
{
	const struct trace_writing writing = {
		.packets = trace->packets, .count = trace->packet_count};
	struct failure failure;
	char *text = trace_write_text(&writing, length, &failure);

	if (!text)
		abort();
	return text;
}

static void check_same(const struct trace *trace, const struct trace *again)
{
	static char line[1 << 20], other[1 << 20];

	if (trace->packet_count != again->packet_count)
		abort();
	for (unsigned i = 0; i < trace->packet_count; i++) {
		const struct packet *packet = &trace->packets[i];

		if (!packet_is_same(packet, &again->packets[i]))
			abort();
		if (packet->payload_captured * 4 + 1024 > sizeof(line))
			continue;
		if (!packet_format(packet, line, sizeof(line)) ||
			!packet_format(
				&again->packets[i], other, sizeof(other)) ||
			strcmp(line, other) != 0)
			abort();
	}
}

/* The language repeats bytes as often as it is told; no packet has more than
 * this, and no line that is written in full need hold more. */
static bool fits_packets(const struct trace *trace)
{
	for (unsigned i = 0; i < trace->packet_count; i++)
		if (trace->packets[i].payload_captured > UINT16_MAX)
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[1 << 17];
	struct failure failure;
	struct trace *trace, *again;
	size_t length, other_length;
	char *text, *other;

	if (size > 8192)
		return 0;
	trace = trace_parse((const char *)data, size, name, &failure);
	if (!trace)
		return 0;
	for (unsigned i = 0; i < trace->packet_count; i++)
		(void)packet_encode(&trace->packets[i], LINKTYPE_ETHERNET,
			bytes, sizeof(bytes)); /* any length is right */
	if (!fits_packets(trace)) {
		trace_free(trace);
		return 0;
	}
	text = written(trace, &length);
	again = trace_parse(text, length, name, &failure);
	if (!again)
		abort();
	check_same(trace, again);
	other = written(again, &other_length);
	if (length != other_length || memcmp(text, other, length) != 0)
		abort();
	free(text);
	free(other);
	trace_free(trace);
	trace_free(again);
	return 0;
}

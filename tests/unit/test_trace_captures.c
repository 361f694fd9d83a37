/* Captures of real kernels, written as traces and read back: no packet may
 * change, whatever it left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture/array.h"
#include "capture/decode/packet_decode.h"
#include "capture/file/recording.h"
#include "tests/support/packet_text.h"
#include "tests/support/trace.h"
#include "tests/support/trace_write.h"

enum { LINE_BYTES = 1 << 19 };

struct packets {
	struct packet *packet; /* their payloads are their own */
	unsigned count;
	uint32_t room;
};

static void add(struct packets *packets, const struct packet *packet)
{
	struct packet *added = array_grown(packets->packet, packets->count,
		&packets->room, sizeof(*added));
	uint8_t *payload = malloc(packet->payload_captured + 1);

	assert_true(added && payload);
	packets->packet = added;
	added += packets->count++;
	*added = *packet;
	if (packet->payload_captured)
		memcpy(payload, packet->payload, packet->payload_captured);
	added->payload = payload;
}

static void read_capture(const char *path, struct packets *packets)
{
	struct failure failure;
	struct recording *recording = recording_open(&path, 1, &failure);
	struct batch *batch = batch_new(0);

	assert_true(recording && batch);
	while (recording_read(recording, batch, &failure) != READING_END)
		for (uint32_t i = 0; i < batch->count; i++) {
			struct packet packet;

			packet_decode(&batch->frames[i], &packet);
			add(packets, &packet);
		}
	batch_free(batch);
	recording_close(recording);
}

static void free_packets(struct packets *packets)
{
	for (unsigned i = 0; i < packets->count; i++)
		free((void *)(uintptr_t)packets->packet[i].payload);
	free(packets->packet);
}

static void assert_same_again(const char *path, const struct packets *packets)
{
	static char line[LINE_BYTES], other[LINE_BYTES];
	const struct trace_writing writing = {
		.packets = packets->packet, .count = packets->count};
	struct failure failure;
	size_t length;
	char *text = trace_write_text(&writing, &length, &failure);
	struct trace *trace =
		text ? trace_parse(text, length, path, &failure) : NULL;

	if (!trace)
		fail_msg("%s: %s", path, failure.text);
	assert_int_equal(trace->packet_count, packets->count);
	for (unsigned i = 0; i < packets->count; i++) {
		assert_true(
			packet_format(&packets->packet[i], line, sizeof(line)));
		assert_true(packet_format(
			&trace->packets[i], other, sizeof(other)));
		if (strcmp(line, other) != 0)
			fail_msg("%s, packet %u:\n%.900s\n%.900s", path, i + 1,
				line, other);
	}
	trace_free(trace);
	free(text);
}

static void captures_become_traces_and_the_same_packets(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob("tests/captures/lab/*.pcap", 0, NULL, &found), 0);
	assert_int_equal(glob("tests/captures/lab/*/*.pcapng", GLOB_APPEND,
				 NULL, &found),
		0);
	assert_true(found.gl_pathc > 600);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct packets packets = {0};

		read_capture(found.gl_pathv[i], &packets);
		assert_same_again(found.gl_pathv[i], &packets);
		free_packets(&packets);
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures_become_traces_and_the_same_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

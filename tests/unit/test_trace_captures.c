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

#include "tests/support/capture_packets.h"
#include "tests/support/packet_text.h"
#include "tests/support/trace.h"
#include "tests/support/trace_write.h"

enum { LINE_BYTES = 1 << 19 };

static void assert_same_again(
	const char *path, const struct capture_packets *packets)
{
	static char line[LINE_BYTES], other[LINE_BYTES];
	const struct trace_writing writing = {
		.packets = packets->packets, .count = packets->count};
	struct failure failure;
	size_t length;
	char *text = trace_write_text(&writing, &length, &failure);
	struct trace *trace =
		text ? trace_parse(text, length, path, &failure) : NULL;

	if (!trace) {
		fail_msg("%s: %s", path, failure.text);
		return;
	}
	assert_int_equal(trace->packet_count, packets->count);
	for (unsigned i = 0; i < packets->count; i++) {
		assert_true(packet_format(
			&packets->packets[i], line, sizeof(line)));
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
		struct capture_packets packets;
		struct failure failure;

		assert_true(capture_packets_read(
			&packets, found.gl_pathv[i], &failure));
		assert_same_again(found.gl_pathv[i], &packets);
		capture_packets_free(&packets);
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

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/frame.h"
#include "tests/support/packet_text.h"
#include "tests/support/sample_lines.h"

/* Lines that only text can say, beside those of sample_lines. */
static const char *const text_only[] = {
	"- 10.0.0.1:1 > 10.0.0.2:2 A seq 1 ack 1 len 1448",
	"-0.5 10.0.0.1:1 > 10.0.0.2:2 A seq 1 ack 1 \"SSH\" len 1448 "
	"dir in if 2 dev 3 ctx 77 tunnel gre",
	"1 10.0.0.1:1 > 10.0.0.2:2 A seq 1 ack 1 dir out option-bytes 20 "
	"odd short,no-options-seen",
	"1 10.0.0.1:1 > 10.0.0.2:2 S seq 1 mss 1400 option-bytes 8 "
	"order 0x1234 bytes 70 odd ip-length",
	/* fits into 40 bytes without the paddings that Linux puts in */
	"1 10.0.0.1:1 > 10.0.0.2:2 A seq 1 ack 1 sack 1-2,3-4,5-6 ts 1 2 "
	"mptcp option-bytes 40 order 0x99",
	"1 10.0.0.1 > 10.0.0.2 other sctp proto 132 bytes 100",
	"1 other arp",
	"6 10.0.0.254 > 10.0.0.1 icmp 3/4 len 100 ttl 63 quoting "
	"10.0.0.1:40000 > 192.0.2.7:22 ttl 62",
	"6 10.0.0.254 > 10.0.0.1 icmp 3/4 ttl 63",
};

static void assert_same_again(const char *line)
{
	uint8_t space[512];
	char text[2048];
	struct packet packet;
	struct text_error error;

	if (!packet_parse(line, strlen(line), space, &packet, &error))
		fail_msg("%s\n%u: %s", line, error.column, error.text);
	assert_int_not_equal(packet_format(&packet, text, sizeof(text)), 0);
	assert_string_equal(text, line);
}

static void a_line_becomes_a_packet_and_the_same_line(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SAMPLE_LINES; i++)
		assert_same_again(sample_lines[i]);
	for (unsigned i = 0; i < sizeof(text_only) / sizeof(*text_only); i++)
		assert_same_again(text_only[i]);
}

static void words_set_their_fields(void **state)
{
	static const char line[] =
		"1.000000002 10.0.0.1:40000 > 192.0.2.7:22 PA seq 0x10 ack 5 "
		"win 7 ttl 9 id 8 df tos 3 mss 1400 sackok ts 11 12 ws 13 "
		"sack 1-2,3-4 \"a\\n\" len 6 urg 1 dir in # and a remark";
	uint8_t space[sizeof(line)];
	struct text_error error;
	struct packet packet;

	(void)state;
	assert_true(
		packet_parse(line, sizeof(line) - 1, space, &packet, &error));
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.time_ns, 1000000002);
	assert_int_equal(packet.family, 4);
	assert_int_equal(packet.source.bytes[3], 1);
	assert_int_equal(packet.target.bytes[0], 192);
	assert_int_equal(packet.source_port, 40000);
	assert_int_equal(packet.target_port, 22);
	assert_int_equal(packet.tcp_flags, TCP_PSH | TCP_ACK);
	assert_int_equal(packet.sequence, 16);
	assert_int_equal(packet.acknowledged, 5);
	assert_int_equal(packet.window, 7);
	assert_int_equal(packet.ttl, 9);
	assert_int_equal(packet.ip_id, 8);
	assert_true(packet.is_df);
	assert_int_equal(packet.tos, 3);
	assert_int_equal(packet.mss, 1400);
	assert_int_equal(packet.timestamp_value, 11);
	assert_int_equal(packet.timestamp_echo, 12);
	assert_int_equal(packet.window_scale, 13);
	assert_int_equal(packet.sack_count, 2);
	assert_int_equal(packet.sack[1].end, 4);
	assert_int_equal(packet.payload_bytes, 6);
	assert_int_equal(packet.payload_captured, 2);
	assert_memory_equal(packet.payload, "a\n", 2);
	assert_int_equal(packet.urgent, 1);
	assert_int_equal(packet.direction, FRAME_INBOUND);
	/* MSS 4, SACK permitted 2, time stamps 10, scale 4, SACK 2+18: 40 */
	assert_int_equal(packet.option_bytes, 40);
	assert_int_equal(packet.ip_bytes, 20 + 60 + 6);
}

static void a_wrong_line_names_its_column(void **state)
{
	static const struct {
		const char *line;
		unsigned column;
	} wrong[] = {
		{"", 1},
		{"x 10.0.0.1:1 > 10.0.0.2:2 A seq 1", 1},
		{"1.0 10.0.0.1:1 < 10.0.0.2:2 A seq 1", 16},
		{"1.0 10.0.0:1 > 10.0.0.2:2 A seq 1", 5},
		{"1.0 10.0.0.1:70000 > 10.0.0.2:2 A seq 1", 14},
		{"1.0 10.0.0.1 > 10.0.0.2 A seq 1", 25},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 icmp 3/3", 29},
		{"1.0 client > 10.0.0.2:2 A seq 1", 5},
		{"+1.0 10.0.0.1:1 > 10.0.0.2:2 B", 30},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A no win", 34},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A \"ab\"*x", 36},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A \"ab\"*40000", 32},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A sack 1-2,,3-4", 36},
		{"1.0 again", 5},
		{"1.0 10.0.0.1:1 > [::1]:2 A seq 1", 18},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 AA seq 1", 29},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A sec 1", 31},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A seq x", 35},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A seq", 31},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A ttl 256", 35},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A sack 1", 36},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A \"abc", 32},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A \"a\\q\"", 32},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A \"abc\" len 2", 42},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 A odd strange", 35},
		{"1.0 10.0.0.1 > 10.0.0.2 icmp 3 ttl 4", 30},
		{"1.0 10.0.0.1:1 > 10.0.0.2:2 S md5 ts 1 2 sackok mss 5 ws 2 "
		 "sack 1-2",
			68},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const char *line = wrong[i].line;
		uint8_t space[512];
		struct packet packet;
		struct text_error error;

		assert_false(packet_parse(
			line, strlen(line), space, &packet, &error));
		if (error.column != wrong[i].column)
			fail_msg("`%s`: column %u, not %u: %s", line,
				error.column, wrong[i].column, error.text);
	}
}

static void too_little_room_gives_no_line(void **state)
{
	const char *line = sample_lines[0];
	uint8_t space[512];
	char text[2048];
	struct packet packet;
	struct text_error error;

	(void)state;
	assert_true(packet_parse(line, strlen(line), space, &packet, &error));
	for (size_t capacity = 0; capacity <= strlen(line); capacity++)
		assert_int_equal(packet_format(&packet, text, capacity), 0);
	assert_int_equal(
		packet_format(&packet, text, strlen(line) + 1), strlen(line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_becomes_a_packet_and_the_same_line),
		cmocka_unit_test(words_set_their_fields),
		cmocka_unit_test(a_wrong_line_names_its_column),
		cmocka_unit_test(too_little_room_gives_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

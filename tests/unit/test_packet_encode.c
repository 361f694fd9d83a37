#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/byte_writer.h"
#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/linktype.h"
#include "tests/support/packet_encode.h"
#include "tests/support/packet_text.h"
#include "capture/checksum.h"
#include "tests/support/sample_lines.h"

static void parse(const char *line, uint8_t *space, struct packet *packet)
{
	struct text_error error;

	if (!packet_parse(line, strlen(line), space, packet, &error))
		fail_msg("%s\n%u: %s", line, error.column, error.text);
}

static void assert_same_through_bytes(const char *line, uint16_t linktype)
{
	uint8_t space[512], bytes[2048];
	char before[2048], after[2048];
	struct packet packet, decoded;
	struct frame frame = {.bytes = bytes, .linktype = linktype};
	size_t length;

	parse(line, space, &packet);
	length = packet_encode(&packet, linktype, bytes, sizeof(bytes));
	assert_int_not_equal(length, 0);
	frame.time_ns = packet.time_ns;
	frame.captured_bytes = frame.original_bytes = (uint32_t)length;
	memset(&decoded, 0x5a, sizeof(decoded));
	packet_decode(&frame, &decoded);
	/* what lies behind the headers of a cut quote or fragment */
	assert_int_not_equal(packet_format(&packet, before, sizeof(before)), 0);
	decoded.direction = packet.direction;
	assert_int_not_equal(packet_format(&decoded, after, sizeof(after)), 0);
	assert_string_equal(before, after);
	assert_int_equal(packet.quirks, decoded.quirks);
	assert_int_equal(packet.ip_bytes, decoded.ip_bytes);
	assert_int_equal(packet.protocol, decoded.protocol);
	assert_int_equal(packet.option_order, decoded.option_order);
	assert_int_equal(packet.tcp_header_bytes, decoded.tcp_header_bytes);
	assert_int_equal(
		packet_encode(&packet, linktype, bytes, length - 1), 0);
}

static void a_packet_becomes_bytes_and_the_same_packet(void **state)
{
	static const uint16_t linktypes[] = {
		LINKTYPE_RAW, LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL2};

	(void)state;
	for (unsigned type = 0; type < 3; type++)
		for (unsigned i = 0; i < SAMPLE_LINES; i++)
			assert_same_through_bytes(
				sample_lines[i], linktypes[type]);
}

/* The sum over everything that a right checksum covers, itself included, is
 * all ones (RFC 1071). */
static void checksums_are_right(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SAMPLE_LINES; i++) {
		uint8_t space[512], bytes[2048], pseudo[2048];
		struct byte_writer writer = {
			.bytes = pseudo, .capacity = sizeof(pseudo)};
		struct packet packet;
		uint32_t header, address;
		size_t length;

		parse(sample_lines[i], space, &packet);
		length = packet_encode(
			&packet, LINKTYPE_RAW, bytes, sizeof(bytes));
		header = packet.family == 6 ? 40 : 20;
		address = packet.family == 6 ? 16 : 4;
		if (packet.family == 4)
			assert_int_equal(bytes_sum(bytes, 20), 0xffff);
		if (packet.kind == PACKET_FRAGMENT)
			continue;
		if (packet.kind != PACKET_ICMP || packet.family == 6) {
			write_bytes(&writer, packet.source.bytes, address);
			write_bytes(&writer, packet.target.bytes, address);
			write_u32(&writer, (uint32_t)(length - header));
			write_u32(&writer, packet.protocol);
		}
		write_bytes(&writer, bytes + header, length - header);
		assert_int_equal(bytes_sum(pseudo, writer.used), 0xffff);
	}
}

/* The checksum covers the bytes of a frame. Those of a line of text, of which
 * the payload alone is there, have none; and what stands before that payload
 * in memory belongs to somebody else. */
static void only_a_segment_of_a_frame_has_a_checksum(void **state)
{
	static const char line[] =
		"0.000000 10.0.0.1:40000 > 10.0.0.2:80 PA seq 7 ack 9 win 64 "
		"ttl 64 mss 1460 \"hello\"";
	uint8_t space[64], bytes[128];
	struct packet packet;
	struct frame frame = {.bytes = bytes, .linktype = LINKTYPE_RAW};
	size_t length;

	(void)state;
	parse(line, space, &packet);
	length = packet_encode(&packet, LINKTYPE_RAW, bytes, sizeof(bytes));
	/* as if the rest of the segment stood before the payload */
	packet.payload = bytes + length - packet.payload_bytes;
	assert_false(tcp_checksum_is_right(&packet));

	frame.captured_bytes = frame.original_bytes = (uint32_t)length;
	packet_decode(&frame, &packet);
	assert_int_equal(packet.payload_bytes, 5);
	assert_true(tcp_checksum_is_right(&packet));
	for (size_t i = 20; i < length; i++) {
		bytes[i] ^= 1;
		packet_decode(&frame, &packet);
		assert_false(tcp_checksum_is_right(&packet));
		bytes[i] ^= 1;
	}
	for (uint32_t cut = 20; cut < length; cut++) {
		frame.captured_bytes = cut;
		packet_decode(&frame, &packet);
		assert_false(tcp_checksum_is_right(&packet));
	}
}

static void what_does_not_fit_is_refused(void **state)
{
	struct packet packet = {.kind = PACKET_TCP,
		.family = 4,
		.options = OPTION_MD5 | OPTION_TIMESTAMP | OPTION_SACK,
		.sack_count = 2};
	uint8_t bytes[128];

	(void)state;
	assert_int_equal(
		packet_encode(&packet, LINKTYPE_RAW, bytes, sizeof(bytes)), 0);
	packet.options = 0;
	assert_int_equal(
		packet_encode(&packet, LINKTYPE_RAW, bytes, sizeof(bytes)), 40);
	packet.family = 0;
	assert_int_equal(
		packet_encode(&packet, LINKTYPE_RAW, bytes, sizeof(bytes)), 0);
}

/* Bytes around the buffer, and around a part of it, stay as they are. */
static void a_part_of_a_writer_stays_within_it(void **state)
{
	uint8_t bytes[16];

	(void)state;
	for (size_t room = 0; room < 8; room++) {
		memset(bytes, 0xee, sizeof(bytes));
		struct byte_writer writer = {bytes + 4, room, 0, false};

		write_u8(&writer, 1);
		struct byte_writer part = write_reserve(&writer, 4);

		write_u8(&writer, 6);
		for (uint16_t i = 2; i < 12; i += 2)
			write_u16(&part, (uint16_t)(i << 8 | (i + 1)));
		assert_int_equal(writer.is_full, room < 6);
		assert_true(part.is_full); /* the last did not fit */
		for (size_t i = 0; i < sizeof(bytes); i++) {
			bool is_part = i >= 5 && i < 9 && room >= 5;
			uint8_t expected = is_part ? (uint8_t)(i - 3)
					   : i == 4 && room >= 1 ? 1
					   : i == 9 && room >= 6 ? 6
								 : 0xee;

			assert_int_equal(bytes[i], expected);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packet_becomes_bytes_and_the_same_packet),
		cmocka_unit_test(checksums_are_right),
		cmocka_unit_test(only_a_segment_of_a_frame_has_a_checksum),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(a_part_of_a_writer_stays_within_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

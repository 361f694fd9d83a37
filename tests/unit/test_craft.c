#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/byte_writer.h"
#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/linktype.h"
#include "probe/engine/craft.h"

static const struct address own4 = {{192, 0, 2, 1}};
static const struct address target4 = {{198, 51, 100, 2}};
static const struct address own6 = {{0x20, 1, 0x0d, 0xb8, [15] = 1}};
static const struct address target6 = {{0x20, 1, 0x0d, 0xb8, [15] = 2}};

/* Raw sockets take a privilege that tests may not have. */
static struct craft *open_or_skip(uint8_t family)
{
	struct failure failure;
	struct craft *craft = NULL;

	if (geteuid() == 0)
		craft = craft_open(family, family == 4 ? &own4 : &own6,
			family == 4 ? &target4 : &target6, "lo", &failure);
	if (!craft)
		skip();
	return craft;
}

static struct probe_packet asking(enum probe_packet_kind kind)
{
	return (struct probe_packet){.kind = kind,
		.ttl = 7,
		.tos = 0x48,
		.is_df = true,
		.ip_id = 0x1234,
		.source_port = 50000,
		.target_port = 22,
		.sequence = 0xfffffff0,
		.acknowledged = 77,
		.tcp_flags = TCP_ACK,
		.window = 512};
}

static struct packet decoded(uint8_t *bytes, size_t count)
{
	struct frame frame = {.bytes = bytes,
		.captured_bytes = (uint32_t)count,
		.original_bytes = (uint32_t)count,
		.linktype = LINKTYPE_RAW};
	struct packet packet;

	packet_decode(&frame, &packet);
	return packet;
}

/* The sum over pseudo header and segment has to be all ones (RFC 1071). */
static uint32_t transport_sum(
	const uint8_t *bytes, size_t count, uint8_t family, uint8_t protocol)
{
	size_t header = family == 4 ? 20 : 40;
	uint32_t sum = bytes_sum(bytes + (family == 4 ? 12 : 8),
			       family == 4 ? 8 : 32) +
		       (uint32_t)(count - header) + protocol +
		       bytes_sum(bytes + header, count - header);

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void check_tcp(uint8_t family)
{
	struct craft *craft = open_or_skip(family);
	uint8_t bytes[PROBE_MOST_BYTES];

	for (uint32_t size = 68; size < 9000; size += 311) {
		struct probe_packet probe = asking(PROBE_PACKET_TCP);

		probe.ip_bytes = size;
		size_t count = craft_bytes(craft, &probe, bytes, sizeof(bytes));
		struct packet packet = decoded(bytes, count);

		assert_int_equal(count, size);
		assert_int_equal(packet.kind, PACKET_TCP);
		assert_int_equal(packet.quirks, 0);
		assert_int_equal(packet.ttl, 7);
		assert_int_equal(packet.tos, 0x48);
		assert_int_equal(packet.sequence, 0xfffffff0);
		assert_int_equal(packet.acknowledged, 77);
		assert_int_equal(packet.tcp_flags, TCP_ACK);
		assert_int_equal(
			packet.payload_bytes, size - (family == 4 ? 40 : 60));
		assert_int_equal(
			transport_sum(bytes, count, family, PROTOCOL_TCP),
			0xffff);
		if (family == 4) {
			assert_true(packet.is_df);
			assert_int_equal(packet.ip_id, 0x1234);
		} else {
			assert_int_equal(packet.flow_label, 0);
		}
	}
	craft_close(craft);
}

static void tcp_over_ip4_is_as_asked(void **state)
{
	(void)state;
	check_tcp(4);
}

static void tcp_over_ip6_is_as_asked(void **state)
{
	(void)state;
	check_tcp(6);
}

static void check_handshake(uint8_t family)
{
	struct craft *craft = open_or_skip(family);
	struct probe_packet probe = asking(PROBE_PACKET_TCP);
	uint8_t bytes[256];

	probe.tcp_flags = TCP_SYN;
	probe.mss = 1460;
	probe.has_options = true;
	probe.window_scale = 7;
	probe.has_timestamp = true;
	probe.timestamp_value = 0x01020304;
	size_t count = craft_bytes(craft, &probe, bytes, sizeof(bytes));
	struct packet packet = decoded(bytes, count);

	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.quirks, 0);
	assert_int_equal(packet.mss, 1460);
	assert_int_equal(packet.window_scale, 7);
	assert_int_equal(packet.timestamp_value, 0x01020304);
	assert_int_equal(packet.options, OPTION_MSS | OPTION_WINDOW_SCALE |
						 OPTION_SACK_PERMITTED |
						 OPTION_TIMESTAMP);
	assert_int_equal(
		transport_sum(bytes, count, family, PROTOCOL_TCP), 0xffff);
	assert_int_equal(probe_packet_bytes(family, &probe), count);
	craft_close(craft);
}

static void options_are_as_asked(void **state)
{
	(void)state;
	check_handshake(4);
	check_handshake(6);
}

static void check_datagrams(uint8_t family)
{
	struct craft *craft = open_or_skip(family);
	uint8_t bytes[PROBE_MOST_BYTES];
	uint8_t icmp = family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6;

	for (uint32_t size = 65; size < 3000; size += 97) {
		struct probe_packet echo = asking(PROBE_PACKET_ECHO);
		struct probe_packet udp = asking(PROBE_PACKET_UDP);

		echo.ip_bytes = udp.ip_bytes = size;
		size_t count = craft_bytes(craft, &echo, bytes, sizeof(bytes));
		struct packet packet = decoded(bytes, count);

		assert_int_equal(count, size);
		assert_int_equal(packet.kind, PACKET_ICMP);
		assert_int_equal(packet.icmp_type, family == 4 ? 8 : 128);
		assert_int_equal(packet.icmp_id, 50000);
		assert_int_equal(packet.icmp_sequence, 22);
		if (family == 6)
			assert_int_equal(
				transport_sum(bytes, count, 6, icmp), 0xffff);
		else
			assert_int_equal(
				bytes_sum(bytes + 20, count - 20), 0xffff);

		count = craft_bytes(craft, &udp, bytes, sizeof(bytes));
		packet = decoded(bytes, count);
		assert_int_equal(count, size);
		assert_int_equal(packet.kind, PACKET_UDP);
		assert_int_equal(packet.source_port, 50000);
		assert_int_equal(
			packet.payload_bytes, size - (family == 4 ? 28 : 48));
		assert_int_equal(
			transport_sum(bytes, count, family, PROTOCOL_UDP),
			0xffff);
	}
	craft_close(craft);
}

static void echo_and_udp_are_as_asked(void **state)
{
	(void)state;
	check_datagrams(4);
	check_datagrams(6);
}

static void what_does_not_fit_is_refused(void **state)
{
	struct craft *craft = open_or_skip(4);
	struct probe_packet probe = asking(PROBE_PACKET_TCP);
	uint8_t bytes[64];

	(void)state;
	probe.ip_bytes = PROBE_MOST_BYTES + 1;
	assert_int_equal(craft_bytes(craft, &probe, bytes, sizeof(bytes)), 0);
	probe.ip_bytes = 65;
	assert_int_equal(craft_bytes(craft, &probe, bytes, sizeof(bytes)), 0);
	craft_close(craft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_over_ip4_is_as_asked),
		cmocka_unit_test(tcp_over_ip6_is_as_asked),
		cmocka_unit_test(options_are_as_asked),
		cmocka_unit_test(echo_and_udp_are_as_asked),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

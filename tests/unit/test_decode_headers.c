/* Odd IP, TCP and ICMP headers: what is there is told, what is not is not
 * made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/decode/decode_options.h"
#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/linktype.h"
#include "tests/support/layers.h"

#define TCP_HEAD "9c40 0016 000003e9 00000007 "
#define TCP_BARE TCP_HEAD "5018 003f 0000 0000 "
#define IP4_ENDS "0a000001 c0000207 "
#define IP6_ENDS                                                               \
	"20010db8000000000000000000000001 20010db8000000000000000000000002 "

/* Decodes the layers as raw IP, `captured` bytes of them (0: all), so many
 * bytes more on the wire. */
static struct packet decode(const char *text, size_t captured, size_t more)
{
	struct layers layers;
	struct packet packet;
	struct frame frame = {.number = 1, .linktype = LINKTYPE_RAW};

	layers_begin(&layers);
	layers_wrap(&layers, text);
	frame.bytes = layers_bytes(&layers);
	frame.captured_bytes =
		(uint32_t)(captured ? captured : layers_length(&layers));
	frame.original_bytes = (uint32_t)(layers_length(&layers) + more);
	memset(&packet, 0xa5, sizeof(packet));
	packet_decode(&frame, &packet);
	return packet;
}

static void ipv4_options_are_skipped(void **state)
{
	struct packet packet = decode("4600 0030 0007 4000 4006 0000 " IP4_ENDS
				      "94040000 " TCP_BARE "61626364",
		0, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.sequence, 1001);
	assert_int_equal(packet.payload_bytes, 4);
	assert_int_equal(packet.ip_bytes, 48);
	assert_int_equal(packet.quirks, 0);
}

static void padding_is_not_payload(void **state)
{
	struct packet packet =
		decode("4500 0028 0007 4000 4006 0000 " IP4_ENDS TCP_BARE
		       "000000000000",
			0, 0);

	(void)state;
	assert_int_equal(packet.payload_bytes, 0);
	assert_int_equal(packet.quirks, 0);
}

static void length_zero_means_segmentation_offload(void **state)
{
	struct packet packet = decode(
		"4500 0000 0007 4000 4006 0000 " IP4_ENDS TCP_BARE "6162", 0,
		70000);

	(void)state;
	assert_int_equal(packet.quirks, QUIRK_OFFLOAD_LENGTH);
	assert_int_equal(packet.ip_bytes, 70042);
	assert_int_equal(packet.payload_bytes, 70002);
	assert_int_equal(packet.payload_captured, 2);
	packet = decode(
		"60000000 0000 06 40 " IP6_ENDS TCP_BARE "6162", 0, 70000);
	assert_int_equal(packet.quirks, QUIRK_OFFLOAD_LENGTH);
	assert_int_equal(packet.payload_bytes, 70002);
}

static void a_length_beyond_the_frame_is_odd(void **state)
{
	struct packet packet = decode(
		"4500 0030 0007 4000 4006 0000 " IP4_ENDS TCP_BARE "6162", 0,
		0);

	(void)state;
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.ip_bytes, 42); /* no more than came */
	assert_int_equal(packet.payload_bytes, 2);
	assert_int_equal(packet.payload_captured, 2);
	packet = decode("60000000 ffff 06 40 " IP6_ENDS TCP_BARE "6162", 0, 0);
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.ip_bytes, 62);
	assert_int_equal(packet.payload_bytes, 2);
	/* the snap length took bytes of the frame, and 8 were never there */
	packet = decode("4500 0030 0007 4000 4006 0000 " IP4_ENDS TCP_BARE
			"6162",
		0, 4);
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.payload_bytes, 6);
	assert_int_equal(packet.payload_captured, 2);
	packet = decode("4500 0040 0007 4000 4006 0000 " IP4_ENDS TCP_HEAD
			"5002 003f 0000 0000",
		0, 0);
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.payload_bytes, 0);
	packet = decode(
		"4500 0010 0007 4000 4006 0000 " IP4_ENDS TCP_BARE, 0, 0);
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.kind, PACKET_TCP);
}

/* Of a tunnel's packet that was cut on purpose the inner lengths are right:
 * the rest is in later fragments, or was left out by a mirror that says so. */
static void a_length_beyond_a_first_fragment_is_believed(void **state)
{
	struct packet packet = decode(
		"4500 0040 0007 2000 4004 0000 " IP4_ENDS
		"4500 03e8 0007 4000 4006 0000 " IP4_ENDS TCP_BARE "61626364",
		0, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.quirks, 0);
	assert_int_equal(packet.ip_bytes, 1000);
	assert_int_equal(packet.payload_bytes, 960);
	packet = decode("4500 0040 0007 0000 4004 0000 " IP4_ENDS
			"4500 03e8 0007 4000 4006 0000 " IP4_ENDS TCP_BARE
			"61626364",
		0, 0);
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.payload_bytes, 4);
	/* the T bit of ERSPAN II, then the same without it */
	packet = decode("ip4/47 1000 88be 00000001 1001 0465 00000000 "
			"020000000001020000000002 0800 "
			"4500 03e8 0007 4000 4006 0000 " IP4_ENDS TCP_BARE,
		0, 0);
	assert_int_equal(packet.tunnel, TUNNEL_ERSPAN);
	assert_int_equal(packet.quirks, 0);
	assert_int_equal(packet.payload_bytes, 960);
	packet = decode("ip4/47 1000 88be 00000001 1001 0065 00000000 "
			"020000000001020000000002 0800 "
			"4500 03e8 0007 4000 4006 0000 " IP4_ENDS TCP_BARE,
		0, 0);
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.payload_bytes, 0);
}

static void the_snap_length_hides_payload_only(void **state)
{
	struct packet packet = decode(
		"4500 05dc 0007 4000 4006 0000 " IP4_ENDS TCP_BARE, 0, 1460);

	(void)state;
	assert_int_equal(packet.quirks, 0);
	assert_int_equal(packet.payload_bytes, 1460);
	assert_int_equal(packet.payload_captured, 0);
}

static void eight_bytes_of_tcp_are_ports_and_sequence(void **state)
{
	struct packet packet = decode("ip4/6 " TCP_BARE, 28, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_OTHER);
	assert_int_equal(packet.skip_reason, SKIP_TRUNCATED);
	assert_int_equal(packet.quirks, QUIRK_SHORT);
	assert_int_equal(packet.source_port, 40000);
	assert_int_equal(packet.target_port, 22);
	assert_int_equal(packet.sequence, 1001);
	assert_int_equal(packet.acknowledged, 0);
}

static void the_window_is_enough_for_tcp(void **state)
{
	struct packet packet =
		decode("ip4/6 " TCP_HEAD
		       "8018 003f 0000 0000 0101080a 00000001 00000002 "
		       "616263",
			36, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.quirks, QUIRK_SHORT | QUIRK_NO_OPTIONS_SEEN);
	assert_int_equal(packet.tcp_flags, TCP_PSH | TCP_ACK);
	assert_int_equal(packet.window, 63);
	assert_int_equal(packet.option_bytes, 12);
	assert_int_equal(packet.payload_bytes, 3);
	packet = decode("ip4/6 " TCP_HEAD
			"8018 003f 0000 0000 0101080a 00000001 00000002 "
			"616263",
		40, 0);
	assert_int_equal(packet.quirks, QUIRK_NO_OPTIONS_SEEN);
	assert_int_equal(packet.window, 63);
	assert_int_equal(packet.options, 0);
	assert_int_equal(packet.payload_bytes, 3);
}

static void an_impossible_data_offset_claims_no_payload(void **state)
{
	struct packet packet =
		decode("ip4/6 " TCP_HEAD "4018 003f 0000 0000 6162", 0, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.quirks, QUIRK_TCP_HEADER);
	assert_int_equal(packet.payload_bytes, 0);
	packet = decode("ip4/6 " TCP_HEAD "f018 003f 0000 0000 6162", 0, 0);
	assert_int_equal(packet.quirks, QUIRK_TCP_HEADER | QUIRK_TCP_OPTIONS);
	assert_int_equal(packet.payload_bytes, 0);
}

static void flags_that_no_stack_sends_are_odd(void **state)
{
	static const char *const odd[] = {"5003", "5006", "5005", "5000"};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		char text[128];

		(void)snprintf(text, sizeof(text),
			"ip4/6 " TCP_HEAD "%s 003f 0000 0000", odd[i]);
		assert_int_equal(decode(text, 0, 0).quirks, QUIRK_FLAGS);
	}
	assert_int_equal(
		decode("ip4/6 " TCP_HEAD "5011 003f 0000 0000", 0, 0).quirks,
		0);
	assert_int_equal(
		decode("ip4/6 0000 0016 000003e9 00000007 5010 003f 0000 0000",
			0, 0)
			.quirks,
		QUIRK_PORT_ZERO);
}

static void first_and_later_fragments_are_told_apart(void **state)
{
	struct packet packet = decode(
		"4500 002c 0007 2000 4006 0000 " IP4_ENDS TCP_BARE "61626364",
		0, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_true(packet.is_first_fragment);
	assert_int_equal(packet.quirks, QUIRK_FRAGMENT);
	assert_int_equal(packet.payload_bytes, 4);
	packet = decode("4500 002c 0007 0003 4006 0000 " IP4_ENDS TCP_BARE
			"61626364",
		0, 0);
	assert_int_equal(packet.kind, PACKET_FRAGMENT);
	assert_int_equal(packet.protocol, PROTOCOL_TCP);
	assert_int_equal(packet.source_port, 0);
	packet = decode(
		"4500 0028 0007 8000 4006 0000 " IP4_ENDS TCP_BARE, 0, 0);
	assert_int_equal(packet.quirks, QUIRK_RESERVED_BIT);
}

static void extension_headers_are_walked(void **state)
{
	struct packet packet =
		decode("6ababcde 0038 00 40 " IP6_ENDS "3c00 0502 0000 0100 "
		       "2b01 01020000 00000000 00000000 0000 0600 "
		       "000000000000 " TCP_BARE "61626364",
			0, 0);

	(void)state;
	/* hop by hop, destination, routing, then TCP */
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.sequence, 1001);
	assert_int_equal(packet.tos, 0xab);
	assert_int_equal(packet.flow_label, 0xabcde);
	assert_int_equal(packet.payload_bytes, 4);
	assert_int_equal(packet.quirks, 0);
}

static void an_atomic_fragment_is_whole(void **state)
{
	struct packet packet =
		decode("ip6/44 0600 0000 12345678 " TCP_BARE "61", 0, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_false(packet.is_first_fragment);
	assert_int_equal(packet.payload_bytes, 1);
	packet = decode("ip6/44 0600 0001 12345678 " TCP_BARE "61", 0, 0);
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_true(packet.is_first_fragment);
	packet = decode("ip6/44 0600 0009 12345678 " TCP_BARE "61", 0, 0);
	assert_int_equal(packet.kind, PACKET_FRAGMENT);
	assert_int_equal(packet.protocol, PROTOCOL_TCP);
}

static void a_jumbogram_says_its_length(void **state)
{
	struct packet packet = decode("60000000 0000 00 40 " IP6_ENDS
				      "0600 c204 00011174 " TCP_BARE,
		0, 69976);

	(void)state;
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.quirks, 0);
	assert_int_equal(packet.ip_bytes, 40 + 0x11174);
	assert_int_equal(packet.payload_bytes, 69976);
	packet = decode("60000000 0000 00 40 " IP6_ENDS
			"0600 c204 00011174 " TCP_BARE,
		0, 0);
	assert_int_equal(packet.quirks, QUIRK_IP_LENGTH);
	assert_int_equal(packet.ip_bytes, 68);
	assert_int_equal(packet.payload_bytes, 0);
}

static void an_endless_extension_chain_is_left(void **state)
{
	char text[512] = "ip6/60";
	struct packet packet;

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		strcat(text, " 3c00010400000000");
	packet = decode(text, 0, 0);
	assert_int_equal(packet.kind, PACKET_OTHER);
	assert_int_equal(packet.skip_reason, SKIP_DEPTH);
	assert_int_equal(packet.quirks, QUIRK_EXTENSION_CHAIN);
}

struct option_case {
	const char *bytes;
	uint32_t options, quirks;
};

/* Padded to their data offset by the test. */
static const struct option_case option_cases[] = {
	{"020405b4 0402080a0000000a0000000b 0103030e",
		OPTION_MSS | OPTION_SACK_PERMITTED | OPTION_TIMESTAMP |
			OPTION_WINDOW_SCALE,
		0},
	{"0101080a 0000000a0000000b", OPTION_TIMESTAMP, 0},
	{"0101050a 0000000100000002", OPTION_SACK, 0},
	{"1e0c7000 0000000000000000", OPTION_MPTCP | OPTION_MPTCP_FASTCLOSE, 0},
	{"fe04f989", OPTION_FAST_OPEN, 0}, {"fe04e2d4", OPTION_UNKNOWN, 0},
	{"1c048005", OPTION_USER_TIMEOUT, 0},
	{"1d060102aaaa0101", OPTION_AUTHENTICATION, 0},
	{"1d030101", 0, QUIRK_TCP_OPTIONS},
	{"02030505", 0, QUIRK_TCP_OPTIONS}, /* MSS of length 3 */
	{"02000505", 0, QUIRK_TCP_OPTIONS}, /* length 0 */
	{"02010505", 0, QUIRK_TCP_OPTIONS}, /* length 1 */
	{"02ff0505", 0, QUIRK_TCP_OPTIONS}, /* overruns */
	{"01010102", 0, QUIRK_TCP_OPTIONS}, /* no length */
	{"00020505", 0, 0},		  /* behind the end */
	{"020405b4 02040218", OPTION_MSS, QUIRK_TCP_OPTIONS}, /* twice */
	{"0101050b 0000000100000002 00010101", 0, QUIRK_TCP_OPTIONS},
	{"1e040000 1e042000", OPTION_MPTCP, 0}, /* may be twice */
};

static void options_are_read_and_malformed_ones_noted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(option_cases) / sizeof(*option_cases);
		i++) {
		const struct option_case *it = &option_cases[i];
		struct layers layers;
		struct packet packet = {0};

		layers_begin(&layers);
		layers_wrap(&layers, it->bytes);
		decode_tcp_options(
			&packet, cursor_on(layers_bytes(&layers),
					 (uint32_t)layers_length(&layers),
					 (uint32_t)layers_length(&layers)));
		if (packet.options != it->options ||
			packet.quirks != it->quirks)
			fail_msg("%s: options %#x, quirks %#x", it->bytes,
				packet.options, packet.quirks);
		assert_int_not_equal(packet.option_order, 0);
	}
}

static void the_order_of_options_shows(void **state)
{
	struct packet one = decode("ip4/6 " TCP_HEAD
				   "7002 003f 0000 0000 020405b4 01030307",
		0, 0);
	struct packet other = decode("ip4/6 " TCP_HEAD
				     "7002 003f 0000 0000 01030307 020405b4",
		0, 0);
	struct packet fast =
		decode("ip4/6 " TCP_HEAD
		       "8010 003f 0000 0000 0101080a 0000000a 0000000b",
			0, 0);
	struct packet slow = decode(
		"ip4/6 " TCP_HEAD
		"9010 003f 0000 0000 0101080a 0000000a 0000000b 00000000",
		0, 0);

	(void)state;
	assert_int_equal(one.options, other.options);
	assert_int_equal(one.mss, 1460);
	assert_int_equal(one.window_scale, 7);
	assert_int_not_equal(one.option_order, other.option_order);
	assert_int_equal(fast.timestamp_value, 10);
	assert_int_equal(fast.timestamp_echo, 11);
	/* the usual twelve bytes take a way of their own */
	assert_int_equal(slow.timestamp_value, 10);
	assert_int_equal(
		option_order_add(fast.option_order, 0), slow.option_order);
}

static void an_icmp_error_quotes_what_caused_it(void **state)
{
	struct packet packet = decode("ip4/1 0304 0000 0000 0578 4510 05dc "
				      "1234 4000 3e06 0000 " IP4_ENDS TCP_BARE,
		0, 0);
	const struct quotation *quoted = &packet.quoted;

	(void)state;
	assert_int_equal(packet.kind, PACKET_ICMP);
	assert_int_equal(packet.icmp_type, 3);
	assert_int_equal(packet.icmp_code, 4);
	assert_int_equal(packet.icmp_mtu, 1400);
	assert_int_equal(quoted->family, 4);
	assert_int_equal(quoted->total_bytes, 1500);
	assert_int_equal(quoted->ip_id, 0x1234);
	assert_int_equal(quoted->ttl, 62);
	assert_int_equal(quoted->tos, 0x10);
	assert_true(quoted->is_df);
	assert_true(quoted->has_acknowledged);
	assert_int_equal(quoted->tcp_flags, TCP_PSH | TCP_ACK);
	/* read through `quoted` */
	/* NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores) */
	packet = decode("ip4/1 0304 0000 0000 0578 4510 05dc 1234 4000 3e06 "
			"0000 " IP4_ENDS "9c40 0016 000003e9",
		0, 0);
	assert_true(quoted->has_sequence);
	assert_int_equal(quoted->sequence, 1001);
	assert_int_equal(quoted->source_port, 40000);
	assert_false(quoted->has_acknowledged);
	packet = decode(
		"ip4/1 0304 0000 0000 0578 4510 05dc 1234 4000 3e06", 0, 0);
	assert_int_equal(packet.kind, PACKET_ICMP);
	assert_int_equal(quoted->family, 0);
	assert_int_equal(packet.icmp_mtu, 1400);
}

static void a_quoted_later_fragment_has_no_ports(void **state)
{
	struct packet packet = decode("ip4/1 0301 0000 0000 0000 4500 05dc "
				      "1234 00b9 3e06 0000 " IP4_ENDS TCP_BARE,
		0, 0);

	(void)state;
	assert_int_equal(packet.quoted.family, 4);
	assert_false(packet.quoted.has_ports);
}

static void icmp6_quotes_through_extension_headers(void **state)
{
	struct packet packet =
		decode("ip6/58 0200 0000 00000578 60012345 05b4 00 3e " IP6_ENDS
		       "2c00 010400000000 0600 0001 12345678 " TCP_HEAD,
			0, 0);

	(void)state;
	assert_int_equal(packet.kind, PACKET_ICMP);
	assert_int_equal(packet.icmp_mtu, 1400);
	assert_int_equal(packet.quoted.family, 6);
	assert_int_equal(packet.quoted.total_bytes, 1500);
	assert_int_equal(packet.quoted.ttl, 62);
	assert_int_equal(packet.quoted.protocol, PROTOCOL_TCP);
	assert_true(packet.quoted.has_sequence);
	assert_false(packet.quoted.has_acknowledged);
	assert_int_equal(packet.quoted.sequence, 1001);
}

static void echo_has_identifier_and_sequence(void **state)
{
	struct packet packet = decode("ip4/1 0800 0000 0102 0304", 0, 0);

	(void)state;
	assert_int_equal(packet.icmp_id, 0x0102);
	assert_int_equal(packet.icmp_sequence, 0x0304);
	assert_int_equal(packet.icmp_mtu, 0);
	assert_int_equal(packet.quoted.family, 0);
	packet = decode("ip6/58 8000 0000 0102 0304", 0, 0);
	assert_int_equal(packet.icmp_id, 0x0102);
}

static void teredo_is_entered_when_it_is_teredo(void **state)
{
	static const char inner[] = "6000 0000 0014 06 40 "
				    "20010000000000000000000000000001 "
				    "20010db8000000000000000000000002 ";
	char text[512];
	struct packet packet;

	(void)state;
	(void)snprintf(
		text, sizeof(text), "ip4/17 udp/3544 %s" TCP_BARE, inner);
	packet = decode(text, 0, 0);
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.tunnel, TUNNEL_TEREDO);
	assert_int_equal(packet.context, 0);
	(void)snprintf(text, sizeof(text),
		"ip4/17 udp/3544 0001 0000 0000000000000000 00 "
		"0000 0102 03040506 %s" TCP_BARE,
		inner);
	packet = decode(text, 0, 0);
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.tunnel, TUNNEL_TEREDO);
	/* the right shape between other addresses */
	(void)snprintf(text, sizeof(text),
		"ip4/17 udp/3544 60000000 0014 06 40 " IP6_ENDS TCP_BARE);
	packet = decode(text, 0, 0);
	assert_int_equal(packet.kind, PACKET_UDP);
}

static void a_cooked_frame_tells_direction_and_device(void **state)
{
	struct layers layers;
	struct packet packet;
	struct frame frame = {.linktype = LINKTYPE_LINUX_SLL2};

	(void)state;
	layers_begin(&layers);
	layers_wrap(&layers, "0800 0000 00000007 0001 04 06 0200000000010000 "
			     "ip4/6 " TCP_BARE);
	frame.bytes = layers_bytes(&layers);
	frame.captured_bytes = frame.original_bytes =
		(uint32_t)layers_length(&layers);
	packet_decode(&frame, &packet);
	assert_int_equal(packet.direction, FRAME_OUTBOUND);
	assert_int_equal(packet.device, 7);
	layers.bytes[layers.start + 10] = 0;
	packet_decode(&frame, &packet);
	assert_int_equal(packet.direction, FRAME_INBOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_options_are_skipped),
		cmocka_unit_test(padding_is_not_payload),
		cmocka_unit_test(length_zero_means_segmentation_offload),
		cmocka_unit_test(a_length_beyond_the_frame_is_odd),
		cmocka_unit_test(a_length_beyond_a_first_fragment_is_believed),
		cmocka_unit_test(the_snap_length_hides_payload_only),
		cmocka_unit_test(eight_bytes_of_tcp_are_ports_and_sequence),
		cmocka_unit_test(the_window_is_enough_for_tcp),
		cmocka_unit_test(an_impossible_data_offset_claims_no_payload),
		cmocka_unit_test(flags_that_no_stack_sends_are_odd),
		cmocka_unit_test(first_and_later_fragments_are_told_apart),
		cmocka_unit_test(extension_headers_are_walked),
		cmocka_unit_test(an_atomic_fragment_is_whole),
		cmocka_unit_test(a_jumbogram_says_its_length),
		cmocka_unit_test(an_endless_extension_chain_is_left),
		cmocka_unit_test(options_are_read_and_malformed_ones_noted),
		cmocka_unit_test(the_order_of_options_shows),
		cmocka_unit_test(an_icmp_error_quotes_what_caused_it),
		cmocka_unit_test(a_quoted_later_fragment_has_no_ports),
		cmocka_unit_test(icmp6_quotes_through_extension_headers),
		cmocka_unit_test(echo_has_identifier_and_sequence),
		cmocka_unit_test(teredo_is_entered_when_it_is_teredo),
		cmocka_unit_test(a_cooked_frame_tells_direction_and_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

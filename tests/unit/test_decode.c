#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "tests/support/packet_encode.h"
#include "tests/support/packet_text.h"
#include "capture/checksum.h"
#include "tests/support/decode_samples.h"
#include "tests/support/layers.h"

static const char segment4[] =
	"1 10.0.0.1:40000 > 192.0.2.7:22 PA seq 1001 ack 7 \"0123456789ab\" "
	"win 63 id 17323 df ts 101 637338632";
static const char segment6[] =
	"1 [fd77::1]:40000 > [fd77::7]:22 PA seq 1001 ack 7 \"0123456789ab\" "
	"win 63 ts 101 637338632";

/* Bytes in memory of their own and no more, so that the sanitizers see a read
 * past them. Decodes twice over different garbage: what is not set shows. */
static void decode(const uint8_t *bytes, size_t captured, size_t original,
	uint16_t linktype, struct packet *packet)
{
	struct packet again;
	uint8_t *exact = malloc(captured ? captured : 1);
	struct frame frame = {
		.time_ns = 1000000000,
		.number = 1,
		.bytes = exact,
		.captured_bytes = (uint32_t)captured,
		.original_bytes = (uint32_t)original,
		.linktype = linktype,
	};

	assert_non_null(exact);
	memcpy(exact, bytes, captured);
	memset(packet, 0xa5, sizeof(*packet));
	memset(&again, 0x5a, sizeof(again));
	packet_decode(&frame, packet);
	packet_decode(&frame, &again);
	assert_memory_equal(packet, &again, offsetof(struct packet, sack));
	assert_in_range(packet->kind, PACKET_OTHER, PACKET_FRAGMENT);
	assert_in_range(packet->skip_reason, 0, SKIP_COUNT - 1);
	assert_in_range(packet->tunnel, 0, TUNNEL_COUNT - 1);
	assert_in_range(packet->sack_count, 0, 4);
	assert_in_range(packet->option_bytes, 0, 40);
	assert_memory_equal(packet->sack, again.sack,
		packet->sack_count * sizeof(*packet->sack));
	if (packet->kind == PACKET_ICMP)
		assert_memory_equal(
			&packet->quoted, &again.quoted, sizeof(packet->quoted));
	if (packet->kind == PACKET_OTHER)
		assert_int_not_equal(packet->skip_reason, SKIP_NONE);
	if (packet->payload_captured > 0) {
		assert_true(packet->payload >= exact);
		assert_true(packet->payload + packet->payload_captured <=
			    exact + captured);
		assert_true(packet->payload_captured <= packet->payload_bytes);
	}
	(void)tcp_checksum_is_right(packet); /* reads nothing else */
	free(exact);
	packet->payload = packet->segment = NULL;
}

static void wrap(const struct wrapped_sample *sample, struct layers *layers)
{
	const char *line = sample->is_ip6 ? segment6 : segment4;
	uint8_t space[sizeof(segment4) + sizeof(segment6)], bytes[256];
	struct packet packet;
	struct text_error error;
	size_t length;

	assert_true(packet_parse(line, strlen(line), space, &packet, &error));
	length = packet_encode(&packet, LINKTYPE_RAW, bytes, sizeof(bytes));
	layers_begin(layers);
	layers_wrap(layers, sample->trailer);
	layers_put(layers, bytes, length);
	layers_wrap(layers, sample->outer);
}

static void a_segment_is_found_in_every_wrapping(void **state)
{
	(void)state;
	for (unsigned i = 0; i < WRAPPED_SAMPLES; i++) {
		const struct wrapped_sample *sample = &wrapped_samples[i];
		const char *line = sample->is_ip6 ? segment6 : segment4;
		struct layers layers;
		struct packet packet;
		char text[512];

		wrap(sample, &layers);
		decode(layers_bytes(&layers), layers_length(&layers),
			layers_length(&layers), sample->linktype, &packet);
		if (packet.kind != PACKET_TCP)
			fail_msg("%s: not TCP but %s", sample->name,
				skip_reason_word(packet.skip_reason));
		if (packet.tunnel != sample->tunnel ||
			(packet.context != 0) != sample->has_context ||
			packet.quirks != 0)
			fail_msg("%s: tunnel %s, context %u, quirks %#x",
				sample->name, tunnel_word(packet.tunnel),
				packet.context, packet.quirks);
		packet.tunnel = TUNNEL_NONE;
		packet.context = 0;
		packet.device = 0;
		packet.link_source = 0;
		packet.direction = FRAME_ANY_WAY;
		assert_int_equal(packet.payload_captured, 12);
		packet.payload = (const uint8_t *)"0123456789ab";
		assert_int_not_equal(
			packet_format(&packet, text, sizeof(text)), 0);
		if (strcmp(text, line) != 0)
			fail_msg("%s:\n%s\n%s", sample->name, text, line);
	}
}

static void what_is_not_decoded_says_why(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SKIP_SAMPLES; i++) {
		const struct skipped_sample *sample = &skipped_samples[i];
		struct layers layers;
		struct packet packet;

		layers_begin(&layers);
		layers_wrap(&layers, sample->bytes);
		decode(layers_bytes(&layers), layers_length(&layers),
			layers_length(&layers), sample->linktype, &packet);
		if (packet.kind != PACKET_OTHER ||
			packet.skip_reason != sample->skip_reason)
			fail_msg("%s: kind %u, %s", sample->name, packet.kind,
				skip_reason_word(packet.skip_reason));
	}
}

/* A snap length may hide, never lie. */
static void a_cut_frame_says_less_and_nothing_else(void **state)
{
	(void)state;
	for (unsigned i = 0; i < WRAPPED_SAMPLES; i++) {
		const struct wrapped_sample *sample = &wrapped_samples[i];
		struct layers layers;
		struct packet whole, cut;
		size_t length;

		wrap(sample, &layers);
		length = layers_length(&layers);
		decode(layers_bytes(&layers), length, length, sample->linktype,
			&whole);
		for (size_t left = 0; left < length; left++) {
			decode(layers_bytes(&layers), left, length,
				sample->linktype, &cut);
			if (cut.kind != PACKET_TCP)
				continue;
			if (cut.source_port != whole.source_port ||
				cut.sequence != whole.sequence ||
				cut.acknowledged != whole.acknowledged ||
				cut.tcp_flags != whole.tcp_flags ||
				cut.window != whole.window ||
				cut.payload_bytes != whole.payload_bytes ||
				cut.ip_bytes != whole.ip_bytes ||
				cut.context != whole.context ||
				cut.option_bytes != whole.option_bytes ||
				cut.ttl != whole.ttl)
				fail_msg("%s cut to %zu bytes", sample->name,
					left);
			if (cut.options != whole.options &&
				!(cut.quirks & QUIRK_NO_OPTIONS_SEEN))
				fail_msg("%s cut to %zu bytes lost options "
					 "silently",
					sample->name, left);
		}
	}
}

static void flip_every_bit(struct layers *layers, uint16_t linktype)
{
	size_t length = layers_length(layers);
	uint8_t *bytes = layers->bytes + layers->start;
	struct packet packet;

	for (size_t bit = 0; bit < length * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		decode(bytes, length, length, linktype, &packet);
		decode(bytes, length - length / 3, length, linktype, &packet);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void no_flipped_bit_does_harm(void **state)
{
	struct layers layers;

	(void)state;
	for (unsigned i = 0; i < WRAPPED_SAMPLES; i++) {
		wrap(&wrapped_samples[i], &layers);
		flip_every_bit(&layers, wrapped_samples[i].linktype);
	}
	for (unsigned i = 0; i < SKIP_SAMPLES; i++) {
		layers_begin(&layers);
		layers_wrap(&layers, skipped_samples[i].bytes);
		if (layers_length(&layers) > 0)
			flip_every_bit(&layers, skipped_samples[i].linktype);
	}
}

/* Every link type with every sample's bytes: most don't fit. */
static void no_bytes_under_a_wrong_link_type_do_harm(void **state)
{
	(void)state;
	for (unsigned i = 0; i < WRAPPED_SAMPLES; i++) {
		struct layers layers;

		wrap(&wrapped_samples[i], &layers);
		for (unsigned linktype = 0; linktype < 300; linktype++) {
			struct packet packet;

			decode(layers_bytes(&layers), layers_length(&layers),
				layers_length(&layers), (uint16_t)linktype,
				&packet);
		}
	}
}

static void endless_nesting_is_cut_off(void **state)
{
	struct layers layers;
	struct packet packet;

	(void)state;
	layers_begin(&layers);
	for (unsigned i = 0; i < 60; i++)
		layers_wrap(&layers, "ip4/4");
	decode(layers_bytes(&layers), layers_length(&layers),
		layers_length(&layers), LINKTYPE_RAW, &packet);
	assert_int_equal(packet.skip_reason, SKIP_DEPTH);
	assert_true(packet.quirks & QUIRK_TUNNEL_DEPTH);
	layers_begin(&layers);
	for (unsigned i = 0; i < 200; i++)
		layers_wrap(&layers, "8100 0001");
	layers_wrap(&layers, MACS);
	decode(layers_bytes(&layers), layers_length(&layers),
		layers_length(&layers), LINKTYPE_ETHERNET, &packet);
	assert_int_equal(packet.skip_reason, SKIP_DEPTH);
}

/* Both directions of a connection must share a context. */
static void a_context_does_not_depend_on_the_direction(void **state)
{
	static const char there[] = "ip4/47 2000 0800 00000007";
	struct layers layers;
	struct packet one, other;
	struct wrapped_sample sample = {"GRE", LINKTYPE_RAW, there, ""};

	(void)state;
	wrap(&sample, &layers);
	decode(layers_bytes(&layers), layers_length(&layers),
		layers_length(&layers), LINKTYPE_RAW, &one);
	/* the outer ends swapped, another key */
	layers.bytes[layers.start + 15] = 2;
	layers.bytes[layers.start + 19] = 1;
	layers.bytes[layers.start + 27] = 9;
	decode(layers_bytes(&layers), layers_length(&layers),
		layers_length(&layers), LINKTYPE_RAW, &other);
	assert_int_not_equal(one.context, 0);
	assert_int_equal(one.context, other.context);
	/* another end is another context */
	layers.bytes[layers.start + 19] = 3;
	decode(layers_bytes(&layers), layers_length(&layers),
		layers_length(&layers), LINKTYPE_RAW, &other);
	assert_int_not_equal(one.context, other.context);
}

static void other_protocols_on_tunnel_ports_stay_udp(void **state)
{
	static const char *const strangers[] = {
		"ip4/17 udp/4789 01000000 00006400 " ETHERNET_IP4,
		"ip4/17 udp/8472 68656c6c6f",
		"ip4/17 udp/6081 01006558 00006400",
		"ip4/17 udp/2152 32010000 00000000",
		"ip4/17 udp/3544 60000000 0000 06 40",
	};

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct layers layers;
		struct packet packet;

		layers_begin(&layers);
		layers_wrap(&layers, strangers[i]);
		decode(layers_bytes(&layers), layers_length(&layers),
			layers_length(&layers), LINKTYPE_RAW, &packet);
		assert_int_equal(packet.kind, PACKET_UDP);
		assert_int_equal(packet.tunnel, TUNNEL_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_segment_is_found_in_every_wrapping),
		cmocka_unit_test(what_is_not_decoded_says_why),
		cmocka_unit_test(a_cut_frame_says_less_and_nothing_else),
		cmocka_unit_test(no_flipped_bit_does_harm),
		cmocka_unit_test(no_bytes_under_a_wrong_link_type_do_harm),
		cmocka_unit_test(endless_nesting_is_cut_off),
		cmocka_unit_test(a_context_does_not_depend_on_the_direction),
		cmocka_unit_test(other_protocols_on_tunnel_ports_stay_udp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

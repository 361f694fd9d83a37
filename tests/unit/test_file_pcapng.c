#include "tests/support/capture_bytes.h"

#include "capture/file/file_clock.h"
#include "capture/linktype.h"

static void any_resolution_becomes_nanoseconds(void **state)
{
	const struct {
		uint8_t resolution;
		int64_t offset_s;
		uint64_t ticks;
		int64_t time_ns;
	} cases[] = {
		{6, 0, 1700000000123456, 1700000000123456000},
		{9, 0, 1700000000123456789, 1700000000123456789},
		{0, 0, 1700000000, 1700000000000000000},
		{3, 0, 1700000000123, 1700000000123000000},
		{12, 0, 1700000000123456, 1700000000123},
		{0x80 | 20, 0, 1700000000ull << 20 | 1 << 19,
			1700000000500000000},
		{0x80 | 0, 0, 5, 5000000000},
		{0x80 | 32, 0, 1700000000ull << 32 | 1u << 31,
			1700000000500000000},
		{9, 1000, 1, 1000000000001},
		{6, -1, 1500000, 500000000},
		{6, -2, 1500000, -500000000},
		/* too fine for any tick to count */
		{127, 0, UINT64_MAX, 0},
		{0x80 | 127, 0, UINT64_MAX, 0},
		{0x80 | 63, 0, UINT64_MAX, 1999999999},
		{28, 0, UINT64_MAX, 1},
		/* beyond what fits */
		{0, 0, UINT64_MAX, INT64_MIN},
		{6, 0, UINT64_MAX, INT64_MIN},
		{9, 0, (uint64_t)INT64_MAX + 1, INT64_MIN},
		{9, 0, INT64_MAX, INT64_MAX},
		{9, 1, INT64_MAX, INT64_MIN},
		{9, INT64_MAX, 0, INT64_MIN},
		{9, INT64_MIN, 0, INT64_MIN},
		{9, 9223372036, 0, 9223372036000000000},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct file_clock clock = {.resolution = cases[i].resolution,
			.offset_s = cases[i].offset_s};
		file_clock_prepare(&clock);
		assert_int_equal(file_clock_time(&clock, cases[i].ticks),
			cases[i].time_ns);
		assert_int_equal(file_clock_ns(&clock, cases[i].ticks),
			cases[i].time_ns);
	}
	assert_int_equal(file_clock_ticks_per_second(6), 1000000);
	assert_int_equal(file_clock_ticks_per_second(127), INT64_MAX);
	assert_int_equal(file_clock_ticks_per_second(0x80 | 10), 1024);
	assert_int_equal(file_clock_ticks_per_second(0xff), INT64_MAX);
}

static void interfaces_differ_in_link_type_snap_length_and_clock(void **state)
{
	(void)state;
	for (unsigned swapped = 0; swapped < 2; swapped++) {
		struct bytes bytes = bytes_new(swapped);
		section(&bytes);
		interface(&bytes, 1, 262144, -1, 0);
		interface(&bytes, LINKTYPE_LINUX_SLL2, 96, 9, 0);
		packet(&bytes, 1, 1700000000000000007, 1, 33);
		interface(&bytes, 12, 0, 3, 100);
		packet(&bytes, 0, 1700000000000007, 2, 60);
		packet(&bytes, 2, 7, 3, 0);
		struct result *result = read_bytes(&bytes);
		assert_whole(result);
		assert_int_equal(result->count, 3);
		assert_int_equal(result->interfaces, 3);
		assert_int_equal(result->frames[0].interface, 1);
		assert_int_equal(
			result->frames[0].linktype, LINKTYPE_LINUX_SLL2);
		assert_int_equal(
			result->frames[0].time_ns, 1700000000000000007);
		assert_int_equal(result->frames[0].captured_bytes, 33);
		assert_int_equal(result->frames[1].interface, 0);
		assert_int_equal(result->frames[1].linktype, 1);
		assert_int_equal(
			result->frames[1].time_ns, 1700000000000007000);
		assert_int_equal(result->frames[2].linktype, LINKTYPE_RAW);
		assert_int_equal(result->frames[2].time_ns, 100007000000);
		free(result);
		free(bytes.data);
	}
}

static void sections_follow_in_either_byte_order(void **state)
{
	struct bytes bytes = bytes_new(false);

	(void)state;
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	interface(&bytes, 1, 0, 6, 0);
	packet(&bytes, 1, 5, 1, 20);
	bytes.is_swapped = true;
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0); /* the same as before */
	packet(&bytes, 0, 6, 2, 20);
	interface(&bytes, 101, 0, 9, 0); /* another than before */
	packet(&bytes, 1, 7, 3, 20);
	bytes.is_swapped = false;
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	packet(&bytes, 0, 8, 4, 20);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 4);
	assert_int_equal(result->interfaces, 3);
	const uint32_t interfaces[] = {1, 0, 2, 0};
	const int64_t times[] = {5000, 6, 7, 8};
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(result->frames[i].interface, interfaces[i]);
		assert_int_equal(result->frames[i].time_ns, times[i]);
		assert_int_equal(result->frames[i].number, i + 1);
	}
	free(result);
	/* an interface of the section before is not one of this section */
	section(&bytes);
	packet(&bytes, 0, 9, 5, 20);
	result = read_bytes(&bytes);
	assert_int_equal(result->count, 4);
	assert_non_null(strstr(result->failure.text, "packet 5 at byte "));
	assert_non_null(strstr(result->failure.text, "of interface 0"));
	free(result);
	free(bytes.data);
}

static void simple_and_obsolete_packets_are_packets(void **state)
{
	(void)state;
	for (unsigned swapped = 0; swapped < 2; swapped++) {
		struct bytes bytes = bytes_new(swapped);
		section(&bytes);
		interface(&bytes, 1, 32, 9, 0);
		interface(&bytes, 101, 0, 9, 0);
		size_t at = begin_block(&bytes, 3);
		put32(&bytes, 1500);
		put_payload(&bytes, 1, 32);
		end_block(&bytes, at);
		at = begin_block(&bytes, 3);
		put32(&bytes, 29);
		put_payload(&bytes, 1, 29);
		end_block(&bytes, at);
		at = begin_block(&bytes, 2);
		put16(&bytes, 1);
		put16(&bytes, 0xffff);
		put32(&bytes, 0);
		put32(&bytes, 77);
		put32(&bytes, 21);
		put32(&bytes, 22);
		put_payload(&bytes, 3, 21);
		pad(&bytes);
		uint32_t outbound = swapped ? 0x02000000 : 2;
		option(&bytes, 2, &outbound, 4);
		end_block(&bytes, at);
		struct result *result = read_bytes(&bytes);
		assert_whole(result);
		assert_int_equal(result->count, 3);
		assert_int_equal(result->odd, 0);
		assert_int_equal(result->frames[0].time_ns, INT64_MIN);
		assert_int_equal(result->frames[0].captured_bytes, 32);
		assert_int_equal(result->frames[0].original_bytes, 1500);
		assert_int_equal(result->frames[1].captured_bytes, 29);
		assert_int_equal(result->frames[2].interface, 1);
		assert_int_equal(result->frames[2].linktype, 101);
		assert_int_equal(result->frames[2].time_ns, 77);
		assert_int_equal(result->frames[2].captured_bytes, 21);
		assert_int_equal(result->frames[2].original_bytes, 22);
		assert_int_equal(result->frames[2].direction, FRAME_OUTBOUND);
		free(result);
		free(bytes.data);
	}
}

static void unknown_blocks_are_passed_over_at_any_size(void **state)
{
	struct bytes bytes = bytes_new(false);
	const uint32_t types[] = {4, 5, 10, 0x77777777, 0x80000001, 0};
	const size_t sizes[] = {0, 4, 100, 20000, 300000, 1};

	(void)state;
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	for (unsigned i = 0; i < 6; i++) {
		size_t at = begin_block(&bytes, types[i]);
		put_payload(&bytes, i, sizes[i]);
		end_block(&bytes, at);
		packet(&bytes, 0, i, i, 10);
	}
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 6);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(result->frames[i].number, i + 1);
	free(result);
	free(bytes.data);
}

static void blocks_that_wireshark_numbers_leave_a_gap(void **state)
{
	struct bytes bytes = bytes_new(true);
	const uint32_t types[] = {9, 0xbad, 0x40000bad, 0x204, 0x216, 0x221};

	(void)state;
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	packet(&bytes, 0, 0, 0, 10);
	for (unsigned i = 0; i < 6; i++) {
		size_t at = begin_block(&bytes, types[i]);
		put_payload(&bytes, i, 40);
		end_block(&bytes, at);
	}
	packet(&bytes, 0, 0, 0, 10);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 2);
	assert_int_equal(result->frames[1].number, 8);
	free(result);
	free(bytes.data);
}

/* A packet whose option list is the given bytes. */
static void packet_with_options(
	struct bytes *bytes, const void *options, size_t length)
{
	size_t at = begin_block(bytes, 6);

	put32(bytes, 0);
	put64(bytes, 0);
	put32(bytes, 5);
	put32(bytes, 5);
	put_payload(bytes, 0, 5);
	pad(bytes);
	put(bytes, options, length);
	end_block(bytes, at);
}

static void options_are_read_as_far_as_they_are_sound(void **state)
{
	static const uint8_t inbound[] = {2, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0};
	static const uint8_t after_comment[] = {1, 0, 5, 0, 'h', 'e', 'l', 'l',
		'o', 0, 0, 0, 2, 0, 4, 0, 2, 0, 0, 0};
	static const uint8_t after_end[] = {0, 0, 0, 0, 2, 0, 4, 0, 2, 0, 0, 0};
	static const uint8_t overrun[] = {1, 0, 0xff, 0xff, 2, 0, 4, 0};
	static const uint8_t short_flags[] = {2, 0, 2, 0, 1, 0, 0, 0};
	const uint8_t expected[] = {FRAME_INBOUND, FRAME_OUTBOUND,
		FRAME_ANY_WAY, FRAME_ANY_WAY, FRAME_ANY_WAY};
	struct bytes bytes = bytes_new(false);

	(void)state;
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	packet_with_options(&bytes, inbound, sizeof(inbound));
	packet_with_options(&bytes, after_comment, sizeof(after_comment));
	packet_with_options(&bytes, after_end, sizeof(after_end));
	packet_with_options(&bytes, overrun, sizeof(overrun));
	packet_with_options(&bytes, short_flags, sizeof(short_flags));
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(result->frames[i].direction, expected[i]);
	free(result);
	free(bytes.data);
}

static void a_comment_of_64_kib_is_passed_over(void **state)
{
	struct bytes bytes = bytes_new(false);
	static const uint8_t longest_comment[] = {1, 0, 0xff, 0xff};
	uint8_t *options = calloc(1, 65536 + 4);

	(void)state;
	memcpy(options, longest_comment, sizeof(longest_comment));
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	packet_with_options(&bytes, options, 65536 + 4);
	packet(&bytes, 0, 0, 0, 10);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 2);
	free(result);
	free(options);
	free(bytes.data);
}

static void names_of_interfaces_are_kept_as_far_as_they_fit(void **state)
{
	struct bytes bytes = bytes_new(false);
	char name[200];

	(void)state;
	memset(name, 'x', sizeof(name));
	section(&bytes);
	size_t at = begin_block(&bytes, 1);
	put32(&bytes, 1);
	put32(&bytes, 0);
	option(&bytes, 2, "wlan0", 5);
	end_block(&bytes, at);
	at = begin_block(&bytes, 1);
	put32(&bytes, 1);
	put32(&bytes, 0);
	option(&bytes, 2, name, sizeof(name));
	end_block(&bytes, at);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_string_equal(result->interface_names[0], "wlan0");
	assert_int_equal(strlen(result->interface_names[1]), 63);
	free(result);
	free(bytes.data);
}

static void impossible_block_lengths_are_damage(void **state)
{
	const uint32_t lengths[] = {
		0, 3, 8, 11, 12, 28, 33, 41, 0x7ffffffc, 0xfffffff0};

	(void)state;
	for (unsigned i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct bytes bytes = bytes_new(false);
		section(&bytes);
		interface(&bytes, 1, 0, 9, 0);
		packet(&bytes, 0, 1, 1, 8);
		size_t at = bytes.length;
		packet(&bytes, 0, 1, 1, 8);
		packet(&bytes, 0, 1, 1, 8);
		set32(&bytes, at + 4, lengths[i]);
		struct result *result = read_bytes(&bytes);
		assert_int_equal(result->count, 1);
		assert_int_equal(result->cuts, 1);
		assert_non_null(
			strstr(result->failure.text, "packet 2 at byte 96: "));
		free(result);
		free(bytes.data);
	}
}

static void a_block_must_end_as_it_began(void **state)
{
	const uint32_t types[] = {6, 5};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct bytes bytes = bytes_new(false);
		section(&bytes);
		interface(&bytes, 1, 0, 9, 0);
		size_t at = bytes.length;
		packet(&bytes, 0, 1, 1, 8);
		set32(&bytes, at, types[i]);
		set32(&bytes, bytes.length - 4, 44);
		struct result *result = read_bytes(&bytes);
		assert_int_equal(result->count, 0);
		assert_non_null(strstr(result->failure.text,
			"40 bytes long by its start and 44 by its end"));
		free(result);
		free(bytes.data);
	}
}

static void more_captured_than_the_block_holds_is_damage(void **state)
{
	const uint32_t lengths[] = {9, 100, 0xffffffff};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct bytes bytes = bytes_new(false);
		section(&bytes);
		interface(&bytes, 1, 0, 9, 0);
		size_t at = bytes.length;
		packet(&bytes, 0, 1, 1, 8);
		set32(&bytes, at + 20, lengths[i]);
		struct result *result = read_bytes(&bytes);
		assert_int_equal(result->count, 0);
		assert_non_null(strstr(result->failure.text,
			"captured bytes in a block that has room for 8"));
		free(result);
		free(bytes.data);
	}
}

static void interfaces_without_end_are_damage(void **state)
{
	struct bytes bytes = bytes_new(false);

	(void)state;
	section(&bytes);
	for (unsigned i = 0; i < 4096; i++)
		interface(&bytes, 1, i, -1, 0);
	packet(&bytes, 4095, 1, 1, 8);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->frames[0].interface, 4095);
	free(result);
	interface(&bytes, 1, 0, -1, 0);
	result = read_bytes(&bytes);
	assert_int_equal(result->count, 1);
	assert_non_null(strstr(result->failure.text, "more than 4096"));
	free(result);
	free(bytes.data);
}

static void sections_of_other_versions_and_orders_are_damage(void **state)
{
	struct bytes bytes = bytes_new(false);

	(void)state;
	section(&bytes);
	bytes.data[12] = 2;
	struct result *result = read_bytes(&bytes);
	assert_non_null(strstr(result->failure.text, "version 2.0"));
	free(result);
	bytes.data[8] = 0;
	result = read_bytes(&bytes);
	assert_non_null(strstr(result->failure.text, "byte order mark"));
	free(result);
	free(bytes.data);
}

static struct bytes small_file(bool is_swapped, size_t ends[4])
{
	struct bytes bytes = bytes_new(is_swapped);

	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	packet(&bytes, 0, 1, 1, 21);
	ends[0] = bytes.length;
	packet(&bytes, 0, 2, 2, 20);
	ends[1] = bytes.length;
	size_t at = begin_block(&bytes, 5);
	put_payload(&bytes, 0, 13);
	end_block(&bytes, at);
	interface(&bytes, 101, 0, 0x8a, -5);
	packet(&bytes, 1, 3, 3, 7);
	ends[2] = bytes.length;
	at = begin_block(&bytes, 3);
	put32(&bytes, 9);
	put_payload(&bytes, 0, 9);
	end_block(&bytes, at);
	ends[3] = bytes.length;
	return bytes;
}

static void a_file_cut_anywhere_gives_its_whole_packets(void **state)
{
	size_t ends[4];

	(void)state;
	for (unsigned swapped = 0; swapped < 2; swapped++) {
		struct bytes bytes = small_file(swapped, ends);
		try_every_cut(&bytes, ends, 4);
		free(bytes.data);
	}
}

static void no_flipped_bit_does_harm(void **state)
{
	size_t ends[4];

	(void)state;
	for (unsigned swapped = 0; swapped < 2; swapped++) {
		struct bytes bytes = small_file(swapped, ends);
		try_every_flip(&bytes);
		free(bytes.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_resolution_becomes_nanoseconds),
		cmocka_unit_test(
			interfaces_differ_in_link_type_snap_length_and_clock),
		cmocka_unit_test(sections_follow_in_either_byte_order),
		cmocka_unit_test(simple_and_obsolete_packets_are_packets),
		cmocka_unit_test(unknown_blocks_are_passed_over_at_any_size),
		cmocka_unit_test(blocks_that_wireshark_numbers_leave_a_gap),
		cmocka_unit_test(options_are_read_as_far_as_they_are_sound),
		cmocka_unit_test(a_comment_of_64_kib_is_passed_over),
		cmocka_unit_test(
			names_of_interfaces_are_kept_as_far_as_they_fit),
		cmocka_unit_test(impossible_block_lengths_are_damage),
		cmocka_unit_test(a_block_must_end_as_it_began),
		cmocka_unit_test(more_captured_than_the_block_holds_is_damage),
		cmocka_unit_test(interfaces_without_end_are_damage),
		cmocka_unit_test(
			sections_of_other_versions_and_orders_are_damage),
		cmocka_unit_test(a_file_cut_anywhere_gives_its_whole_packets),
		cmocka_unit_test(no_flipped_bit_does_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

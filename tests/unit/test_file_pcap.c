#include "tests/support/capture_bytes.h"

#include "capture/linktype.h"

static const uint32_t microseconds = 0xa1b2c3d4;
static const uint32_t nanoseconds = 0xa1b23c4d;
static const uint32_t kuznetzov = 0xa1b2cd34;

static void both_byte_orders_and_both_clocks_read_alike(void **state)
{
	(void)state;
	for (unsigned variant = 0; variant < 4; variant++) {
		bool is_nano = variant & 2;
		struct bytes bytes = bytes_new(variant & 1);
		pcap_header(&bytes, is_nano ? nanoseconds : microseconds, 65535,
			LINKTYPE_RAW);
		pcap_record(&bytes, 1700000000, is_nano ? 123456000 : 123456,
			60, 1500);
		pcap_record(&bytes, 1700000001, 0, 0, 60);
		struct result *result = read_bytes(&bytes);
		assert_whole(result);
		assert_int_equal(result->count, 2);
		assert_int_equal(
			result->frames[0].time_ns, 1700000000123456000);
		assert_int_equal(result->frames[0].captured_bytes, 60);
		assert_int_equal(result->frames[0].original_bytes, 1500);
		assert_int_equal(result->frames[0].linktype, LINKTYPE_RAW);
		assert_int_equal(result->frames[0].number, 1);
		assert_int_equal(
			result->frames[1].time_ns, 1700000001000000000);
		assert_int_equal(result->frames[1].captured_bytes, 0);
		assert_int_equal(result->frames[1].number, 2);
		assert_int_equal(result->interfaces, 1);
		assert_int_equal(result->odd, 0);
		free(result);
		free(bytes.data);
	}
}

static void seconds_beyond_2038_are_not_negative(void **state)
{
	struct bytes bytes = bytes_new(false);

	(void)state;
	pcap_header(&bytes, nanoseconds, 0, 1);
	pcap_record(&bytes, 0xffffffff, 999999999, 4, 4);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->frames[0].time_ns, 4294967295999999999);
	free(result);
	free(bytes.data);
}

static void records_of_patched_libpcap_say_their_direction(void **state)
{
	(void)state;
	for (unsigned swapped = 0; swapped < 2; swapped++) {
		const uint8_t types[] = {0, 4, 1, 200};
		const uint8_t expected[] = {FRAME_INBOUND, FRAME_OUTBOUND,
			FRAME_INBOUND, FRAME_ANY_WAY};
		struct bytes bytes = bytes_new(swapped);
		pcap_header(&bytes, kuznetzov, 1500, 1);
		for (unsigned i = 0; i < 4; i++) {
			put32(&bytes, 7 + i);
			put32(&bytes, 5);
			put32(&bytes, 20);
			put32(&bytes, 20);
			put32(&bytes, 3); /* interface */
			put16(&bytes, 0x800);
			put(&bytes, &types[i], 1);
			put(&bytes, "", 1);
			put_payload(&bytes, i, 20);
		}
		struct result *result = read_bytes(&bytes);
		assert_whole(result);
		assert_int_equal(result->count, 4);
		for (unsigned i = 0; i < 4; i++) {
			assert_int_equal(
				result->frames[i].direction, expected[i]);
			assert_int_equal(result->frames[i].time_ns,
				(7 + i) * 1000000000ll + 5000);
		}
		free(result);
		free(bytes.data);
	}
}

static void lengths_of_old_writers_are_turned_round(void **state)
{
	const uint16_t versions[][2] = {{2, 2}, {543, 0}, {2, 3}};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct bytes bytes = bytes_new(false);
		pcap_header(&bytes, microseconds, 68, 1);
		memcpy(bytes.data + 4, &versions[i], 4);
		put32(&bytes, 1);
		put32(&bytes, 2);
		put32(&bytes, 1500); /* on the wire */
		put32(&bytes, 68);   /* captured */
		put_payload(&bytes, 0, 68);
		struct result *result = read_bytes(&bytes);
		assert_whole(result);
		assert_int_equal(result->count, 1);
		assert_int_equal(result->frames[0].captured_bytes, 68);
		assert_int_equal(result->frames[0].original_bytes, 1500);
		free(result);
		free(bytes.data);
	}
}

static void impossible_lengths_and_times_are_mended_and_counted(void **state)
{
	struct bytes bytes = bytes_new(false);

	(void)state;
	pcap_header(&bytes, microseconds, 65535, 1);
	pcap_record(&bytes, 100, 5000000, 10, 10);
	pcap_record(&bytes, 101, 0, 40, 10);
	pcap_record(&bytes, 50, 0, 40, 40); /* backwards is not impossible */
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 3);
	assert_int_equal(result->odd, 2);
	assert_int_equal(result->frames[0].time_ns, 100999999999);
	assert_int_equal(result->frames[1].captured_bytes, 40);
	assert_int_equal(result->frames[1].original_bytes, 40);
	assert_int_equal(result->frames[2].time_ns, 50000000000);
	free(result);
	free(bytes.data);
}

static void a_snap_length_bounds_no_frame_below_the_usual(void **state)
{
	struct bytes bytes = bytes_new(false);

	(void)state;
	pcap_header(&bytes, microseconds, 96, 1);
	pcap_record(&bytes, 1, 0, 262144, 262144);
	pcap_record(&bytes, 2, 0, 40, 40);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 2);
	free(result);
	free(bytes.data);
}

static void without_a_snap_length_frames_may_be_large(void **state)
{
	struct bytes bytes = bytes_new(true);

	(void)state;
	pcap_header(&bytes, microseconds, 0, 1);
	pcap_record(&bytes, 1, 0, 10, 10);
	pcap_record(&bytes, 2, 0, 900000, 900000);
	pcap_record(&bytes, 3, 0, 10, 10);
	struct result *result = read_bytes(&bytes);
	assert_whole(result);
	assert_int_equal(result->count, 3);
	assert_int_equal(result->frames[1].captured_bytes, 900000);
	free(result);
	free(bytes.data);
}

static void a_hostile_length_is_damage_after_the_whole_packets(void **state)
{
	const uint32_t lengths[] = {262145, 0x7fffffff, 0xffffffff};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct bytes bytes = bytes_new(false);
		pcap_header(&bytes, microseconds, 65535, 1);
		pcap_record(&bytes, 1, 0, 60, 60);
		pcap_record(&bytes, 2, 0, 60, 60);
		put32(&bytes, 3);
		put32(&bytes, 0);
		put32(&bytes, lengths[i]);
		put32(&bytes, lengths[i]);
		put_payload(&bytes, 1, 1000);
		struct result *result = read_bytes(&bytes);
		assert_int_equal(result->count, 2);
		assert_int_equal(result->cuts, 1);
		assert_int_equal(result->failure.exit_code, EXIT_INPUT_CUT);
		assert_non_null(
			strstr(result->failure.text, "packet 3 at byte 176: "));
		free(result);
		free(bytes.data);
	}
}

static void link_types_lose_their_upper_half_and_their_aliases(void **state)
{
	const struct {
		uint32_t written;
		uint16_t read;
	} cases[] = {
		{0x14000001, LINKTYPE_ETHERNET}, /* with a 2-byte FCS */
		{12, LINKTYPE_RAW},
		{14, LINKTYPE_RAW},
		{4242, 4242},
	};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct bytes bytes = bytes_new(i % 2);
		pcap_header(&bytes, microseconds, 0, cases[i].written);
		pcap_record(&bytes, 1, 0, 4, 4);
		struct result *result = read_bytes(&bytes);
		assert_whole(result);
		assert_int_equal(result->frames[0].linktype, cases[i].read);
		free(result);
		free(bytes.data);
	}
}

static struct bytes small_file(bool is_swapped, size_t ends[4])
{
	struct bytes bytes = bytes_new(is_swapped);

	pcap_header(&bytes, microseconds, 65535, 1);
	for (unsigned i = 0; i < 4; i++) {
		pcap_record(&bytes, 1 + i, 10, 20 + i * 7, 100);
		ends[i] = bytes.length;
	}
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

static void a_cut_is_told_with_file_byte_and_packet(void **state)
{
	size_t ends[4];
	struct bytes bytes = small_file(false, ends);
	struct result *result = read_part(&bytes, ends[1] + 16 + 10);

	(void)state;
	assert_int_equal(result->count, 2);
	assert_int_equal(result->cuts, 1);
	assert_non_null(strstr(result->failure.text,
		": packet 3 at byte 103: the file ends within a packet, of "
		"which 26 of 50 bytes are there"));
	free(result);
	result = read_part(&bytes, ends[1] + 3);
	assert_non_null(strstr(result->failure.text,
		": packet 3 at byte 103: the file ends within the header of a "
		"packet, of which 3 of 16 bytes are there"));
	free(result);
	free(bytes.data);
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
		cmocka_unit_test(both_byte_orders_and_both_clocks_read_alike),
		cmocka_unit_test(seconds_beyond_2038_are_not_negative),
		cmocka_unit_test(
			records_of_patched_libpcap_say_their_direction),
		cmocka_unit_test(lengths_of_old_writers_are_turned_round),
		cmocka_unit_test(
			impossible_lengths_and_times_are_mended_and_counted),
		cmocka_unit_test(a_snap_length_bounds_no_frame_below_the_usual),
		cmocka_unit_test(without_a_snap_length_frames_may_be_large),
		cmocka_unit_test(
			a_hostile_length_is_damage_after_the_whole_packets),
		cmocka_unit_test(
			link_types_lose_their_upper_half_and_their_aliases),
		cmocka_unit_test(a_file_cut_anywhere_gives_its_whole_packets),
		cmocka_unit_test(a_cut_is_told_with_file_byte_and_packet),
		cmocka_unit_test(no_flipped_bit_does_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

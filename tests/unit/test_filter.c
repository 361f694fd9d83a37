#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture/decode/decode_link.h"
#include "capture/live/filter.h"
#include "capture/linktype.h"

/* IPv4 10.0.0.1 -> 10.0.0.2, TCP 40000 -> 22, RST */
static const uint8_t raw[40] = {0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10,
	0, 0, 1, 10, 0, 0, 2, 0x9c, 0x40, 0, 22, 0, 0, 0, 1, 0, 0, 0, 0, 0x50,
	4, 0, 0, 0, 0, 0, 0};

static struct frame framed(
	uint16_t linktype, uint8_t *buffer, const uint8_t *header, size_t bytes)
{
	if (bytes)
		memcpy(buffer, header, bytes);
	memcpy(buffer + bytes, raw, sizeof(raw));
	return (struct frame){.bytes = buffer,
		.captured_bytes = (uint32_t)(bytes + sizeof(raw)),
		.original_bytes = (uint32_t)(bytes + sizeof(raw)),
		.linktype = linktype};
}

static const uint8_t ethernet[14] = {[12] = 8};
static const uint8_t netanalyzer[18] = {[16] = 8}; /* 4 bytes, Ethernet */
static const uint8_t cooked[16] = {[1] = 4, [3] = 1, [14] = 8};
/* protocol, reserved, interface 3, ARPHRD_ETHER, outgoing, address */
static const uint8_t cooked_2[20] = {8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6};

static void one_expression_fits_every_link_type(void **state)
{
	uint8_t buffers[5][64];
	struct failure failure;
	struct filter *filter = filter_new("tcp port 22", &task_here, &failure);
	struct filter *other = filter_new("tcp port 23", &task_here, &failure);
	const struct frame frames[] = {
		framed(LINKTYPE_ETHERNET, buffers[0], ethernet, 14),
		framed(LINKTYPE_LINUX_SLL, buffers[1], cooked, 16),
		framed(LINKTYPE_LINUX_SLL2, buffers[2], cooked_2, 20),
		framed(LINKTYPE_RAW, buffers[3], NULL, 0),
		framed(LINKTYPE_NETANALYZER, buffers[4], netanalyzer, 18),
	};

	(void)state;
	assert_non_null(filter);
	assert_non_null(other);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 5; i++) {
			assert_true(filter_matches(filter, &frames[i]));
			assert_false(filter_matches(other, &frames[i]));
		}
	assert_null(filter_problem(filter));
	filter_free(filter);
	filter_free(other);
}

static void cooked_expressions_match_cooked_frames_only(void **state)
{
	uint8_t buffer[64], other_buffer[64];
	struct failure failure;
	struct filter *third =
		filter_new("ifindex 3 and outbound", &task_here, &failure);
	struct filter *fourth = filter_new("ifindex 4", &task_here, &failure);
	struct frame frame = framed(LINKTYPE_LINUX_SLL2, buffer, cooked_2, 20);
	struct frame plain =
		framed(LINKTYPE_ETHERNET, other_buffer, ethernet, 14);

	(void)state;
	assert_non_null(third);
	assert_non_null(fourth);
	assert_true(filter_matches(third, &frame));
	assert_false(filter_matches(fourth, &frame));
	assert_null(filter_problem(third));
	assert_false(filter_matches(third, &plain));
	assert_non_null(strstr(filter_problem(third), "link type 1 "));
	assert_true(filter_matches(third, &frame));
	filter_free(third);
	filter_free(fourth);
}

static void a_cut_frame_matches_only_what_is_there(void **state)
{
	uint8_t buffer[64];
	struct failure failure;
	struct filter *resets =
		filter_new("tcp[13] & 4 != 0", &task_here, &failure);
	struct filter *long_ones =
		filter_new("greater 54", &task_here, &failure);
	struct frame frame = framed(LINKTYPE_ETHERNET, buffer, ethernet, 14);

	(void)state;
	assert_true(filter_matches(resets, &frame));
	frame.captured_bytes = 14 + 20 + 13;
	assert_false(filter_matches(resets, &frame));
	assert_true(filter_matches(long_ones, &frame));
	frame.captured_bytes = 0;
	assert_false(filter_matches(resets, &frame));
	filter_free(resets);
	filter_free(long_ones);
}

static void nonsense_is_refused_in_one_sentence(void **state)
{
	struct failure failure;

	(void)state;
	assert_null(filter_new("tcp port", &task_here, &failure));
	assert_int_equal(failure.exit_code, EXIT_USAGE);
	assert_non_null(strstr(failure.text, "filter \"tcp port\": "));
	assert_null(filter_new("port ssh\x1b[31m", &task_here, &failure));
	assert_null(strchr(failure.text, '\x1b'));
}

static void unknown_link_types_are_left_out_and_named(void **state)
{
	struct failure failure;
	struct filter *filter = filter_new("tcp", &task_here, &failure);
	struct frame frame = {.bytes = raw,
		.captured_bytes = 40,
		.original_bytes = 40,
		.linktype = 4242};

	(void)state;
	assert_false(filter_matches(filter, &frame));
	assert_non_null(strstr(filter_problem(filter), "link type 4242 "));
	filter_free(filter);
}

/* Of some, libpcap knows no more than the length. */
static void what_is_decoded_is_filtered(void **state)
{
	struct failure failure;
	struct filter *filter = filter_new("greater 20", &task_here, &failure);
	char name[32];

	(void)state;
	for (unsigned i = 0; i < link_type_count() + 2; i++) {
		bool is_decoded = link_type_of((uint16_t)i) != NULL;
		struct frame frame = {.bytes = raw,
			.captured_bytes = 40,
			.original_bytes = 40,
			.linktype = (uint16_t)i};

		(void)filter_matches(filter, &frame);
		(void)snprintf(name, sizeof(name), "link type %u ", i);
		const char *problem = filter_problem(filter);
		assert_int_equal(problem && strstr(problem, name), !is_decoded);
	}
	filter_free(filter);
}

/* What comes back from where it was compiled, cut or with one bit turned.
 * Compiled once: that takes the time. */
static size_t cut_at, turned_bit;
static struct task_result whole;

static bool change(const struct task *task, struct task_result *result,
	struct failure *failure)
{
	if (!whole.bytes && !task_here.do_task(task, &whole, failure))
		return false;
	/* no larger than it is, so that the sanitizers see its end */
	size_t count = cut_at < whole.count ? cut_at : whole.count;
	uint8_t *copy = malloc(count ? count : 1);

	memcpy(copy, whole.bytes, count);
	if (turned_bit / 8 < count)
		copy[turned_bit / 8] ^= (uint8_t)(1 << turned_bit % 8);
	*result = (struct task_result){copy, count};
	return true;
}

static const struct task_place changing = {change};

static void try_changed(const struct frame *frame)
{
	struct failure failure = {.text = ""};
	struct filter *filter = filter_new("tcp port 22", &changing, &failure);

	if (filter)
		(void)filter_matches(filter, frame);
	else
		assert_non_null(strstr(failure.text, "can't be run"));
	filter_free(filter);
}

static void what_a_filter_was_compiled_to_is_checked(void **state)
{
	uint8_t buffer[64];
	struct frame frame = framed(LINKTYPE_ETHERNET, buffer, ethernet, 14);
	struct failure failure;
	unsigned refused = 0;

	(void)state;
	cut_at = turned_bit = SIZE_MAX;
	try_changed(&frame);
	assert_true(whole.count > 1000);
	for (cut_at = 0; cut_at < whole.count; cut_at++)
		try_changed(&frame);
	for (turned_bit = 0; turned_bit < whole.count * 8; turned_bit++)
		try_changed(&frame);
	/* the highest bits of the first link type's place, and of its program's
	 * length */
	for (turned_bit = 7; turned_bit < 64; turned_bit += 32)
		refused += filter_new("tcp", &changing, &failure) == NULL;
	assert_int_equal(refused, 2);
	free(whole.bytes);
}

static bool loop(const struct task *task, struct task_result *result,
	struct failure *failure)
{
	/* for the first link type two instructions: back to here; return */
	static const uint8_t bytes[] = {0, 0, 0, 0, 0, 0, 0, 2, 0, 5, 0, 0,
		0xff, 0xff, 0xff, 0xff, 0, 6, 0, 0, 0, 0, 0, 0};

	(void)task;
	(void)failure;
	*result = (struct task_result){malloc(sizeof(bytes)), sizeof(bytes)};
	memcpy(result->bytes, bytes, sizeof(bytes));
	return true;
}

static void a_program_without_end_is_not_run(void **state)
{
	const struct task_place looping = {loop};
	struct failure failure;

	(void)state;
	assert_null(filter_new("tcp", &looping, &failure));
	assert_non_null(strstr(failure.text, "can't be run"));
}

static void chains_of_headers_may_be_asked_for(void **state)
{
	uint8_t buffer[64];
	struct failure failure;
	struct frame frame = framed(LINKTYPE_ETHERNET, buffer, ethernet, 14);
	struct filter *filter =
		filter_new("ip protochain 6", &task_here, &failure);

	(void)state;
	assert_non_null(filter);
	assert_true(filter_matches(filter, &frame));
	filter_free(filter);
}

static void the_library_says_its_version(void **state)
{
	(void)state;
	assert_non_null(strstr(filter_library_version(), "libpcap"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_expression_fits_every_link_type),
		cmocka_unit_test(cooked_expressions_match_cooked_frames_only),
		cmocka_unit_test(a_cut_frame_matches_only_what_is_there),
		cmocka_unit_test(nonsense_is_refused_in_one_sentence),
		cmocka_unit_test(unknown_link_types_are_left_out_and_named),
		cmocka_unit_test(what_is_decoded_is_filtered),
		cmocka_unit_test(what_a_filter_was_compiled_to_is_checked),
		cmocka_unit_test(a_program_without_end_is_not_run),
		cmocka_unit_test(chains_of_headers_may_be_asked_for),
		cmocka_unit_test(the_library_says_its_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

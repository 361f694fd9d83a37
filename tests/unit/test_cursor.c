#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/cursor.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

static void numbers_come_in_network_order(void **state)
{
	struct cursor cursor = cursor_on(bytes, 11, 11);

	(void)state;
	assert_int_equal(cursor_u8(&cursor), 1);
	assert_int_equal(cursor_u16(&cursor), 0x0203);
	assert_int_equal(cursor_u32(&cursor), 0x04050607);
	assert_int_equal(cursor_u16_little(&cursor), 0x0908);
	assert_int_equal(cursor.left, 2);
	assert_false(cursor_is_short(&cursor));
}

static void a_short_read_gives_zero_and_stays_short(void **state)
{
	struct cursor cursor = cursor_on(bytes, 3, 20);
	uint8_t target[4] = {7, 7, 7, 7};

	(void)state;
	assert_int_equal(cursor_u32(&cursor), 0);
	assert_true(cursor_is_short(&cursor));
	assert_int_equal(cursor_u8(&cursor), 0);
	assert_int_equal(cursor_u16(&cursor), 0);
	cursor_copy(&cursor, target, 1);
	assert_int_equal(target[0], 7);
	cursor_skip(&cursor, 0);
	assert_true(cursor_is_short(&cursor));
	assert_int_equal(cursor.beyond, 17);
}

static void a_cut_never_leaves_its_parent(void **state)
{
	struct cursor parent = cursor_on(bytes, 8, 20);
	struct cursor inside = cursor_cut(&parent, 5);
	struct cursor across = cursor_cut(&parent, 12);
	struct cursor outside = cursor_cut(&parent, 100);

	(void)state;
	assert_int_equal(inside.left, 5);
	assert_int_equal(inside.beyond, 0);
	assert_int_equal(across.left, 8);
	assert_int_equal(across.beyond, 4);
	assert_int_equal(outside.left, 8);
	assert_int_equal(cursor_wire_bytes(&outside), 100);
}

static void a_cut_of_a_short_cursor_is_short(void **state)
{
	struct cursor parent = cursor_on(bytes, 2, 20);
	struct cursor child;

	(void)state;
	cursor_skip(&parent, 3);
	child = cursor_cut(&parent, 2);
	assert_true(cursor_is_short(&child));
	assert_int_equal(cursor_u8(&child), 0);
}

static void peeking_does_not_move(void **state)
{
	struct cursor cursor = cursor_on(bytes, 3, 3);

	(void)state;
	assert_int_equal(cursor_peek(&cursor, 2), 3);
	assert_int_equal(cursor_peek(&cursor, 3), -1);
	assert_int_equal(cursor_peek_u16(&cursor, 1), 0x0203);
	assert_int_equal(cursor_peek_u16(&cursor, 2), -1);
	assert_int_equal(cursor.left, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_in_network_order),
		cmocka_unit_test(a_short_read_gives_zero_and_stays_short),
		cmocka_unit_test(a_cut_never_leaves_its_parent),
		cmocka_unit_test(a_cut_of_a_short_cursor_is_short),
		cmocka_unit_test(peeking_does_not_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What was told by the clock: found until it is removed, and bounded. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "cli/foretold.h"

/* Two of each chain. */
static struct incident numbered(uint32_t number)
{
	return (struct incident){.frame = number / 2,
		.flow.client.port = (uint16_t)(1 + number % 2),
		.mechanism = MECHANISM_ABORT};
}

static void fill(struct foretold_list *list)
{
	for (uint32_t i = 0; i < FORETOLD_MOST; i++) {
		struct incident incident = numbered(i);
		struct foreseen_flow flow = {.slot = i};

		assert_true(foretold_add(list, &incident, &flow));
	}
}

static void it_is_bounded(void **state)
{
	static struct foretold_list list;
	struct incident first = numbered(0), more = numbered(FORETOLD_MOST);
	struct foreseen_flow flow = {.slot = FORETOLD_MOST};

	(void)state;
	fill(&list);
	assert_false(foretold_add(&list, &more, &flow));
	assert_null(foretold_find(&list, &more));
	foretold_remove(&list, foretold_find(&list, &first));
	assert_true(foretold_add(&list, &more, &flow));
	assert_int_equal(foretold_find(&list, &more)->flow.slot, FORETOLD_MOST);
	foretold_release(&list);
}

/* The others stay, whichever place they have then, and no place is empty. */
static void what_is_removed_leaves_no_place(void **state)
{
	static struct foretold_list list;

	(void)state;
	fill(&list);
	for (uint32_t i = 0; i < FORETOLD_MOST; i++) {
		struct incident incident = numbered(i);

		if (i % 3)
			foretold_remove(
				&list, foretold_find(&list, &incident));
	}
	assert_int_equal(list.count, (FORETOLD_MOST + 2) / 3);
	for (uint32_t i = 0; i < FORETOLD_MOST; i++) {
		struct incident incident = numbered(i);
		const struct foretold *entry = foretold_find(&list, &incident);

		if (i % 3)
			assert_null(entry);
		else
			assert_int_equal(entry->flow.slot, i);
	}
	for (uint32_t i = 0; i < FORETOLD_MOST; i += 3) {
		struct incident incident = numbered(i);

		foretold_remove(&list, foretold_find(&list, &incident));
	}
	assert_int_equal(list.count, 0);
	foretold_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_bounded),
		cmocka_unit_test(what_is_removed_leaves_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

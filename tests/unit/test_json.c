/* The JSON writer: commas, nesting, numbers at their ends. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "report/json.h"

struct page {
	char *text;
	size_t size;
	struct json json;
};

static void begin(struct page *page)
{
	page->text = NULL;
	FILE *out = open_memstream(&page->text, &page->size);
	assert_non_null(out);
	json_begin(&page->json, out);
}

static void is(struct page *page, const char *expected)
{
	assert_int_equal(fclose(page->json.out), 0);
	assert_string_equal(page->text, expected);
	free(page->text);
}

static void a_record_is_one_line_with_its_type_first(void **state)
{
	struct page page;

	(void)state;
	begin(&page);
	json_record(&page.json, "hop");
	json_number(&page.json, "ttl", 3);
	json_record_end(&page.json);
	json_record(&page.json, "hop");
	json_record_end(&page.json);
	is(&page, "{\"type\":\"hop\",\"ttl\":3}\n{\"type\":\"hop\"}\n");
}

static void members_are_parted_by_commas_at_every_depth(void **state)
{
	struct page page;

	(void)state;
	begin(&page);
	json_record(&page.json, "x");
	json_array(&page.json, "a");
	json_array_end(&page.json);
	json_array(&page.json, "b");
	json_object(&page.json, NULL);
	json_boolean(&page.json, "t", true);
	json_boolean(&page.json, "f", false);
	json_object_end(&page.json);
	json_string(&page.json, NULL, "s\"");
	json_array_end(&page.json);
	json_signed(&page.json, "n", -1);
	json_record_end(&page.json);
	is(&page, "{\"type\":\"x\",\"a\":[],\"b\":[{\"t\":true,\"f\":false},"
		  "\"s\\\"\"],\"n\":-1}\n");
}

static void times_keep_every_nanosecond(void **state)
{
	struct page page;

	(void)state;
	begin(&page);
	json_record(&page.json, "x");
	json_time(&page.json, "a", 1700000000000000000);
	json_time(&page.json, "b", 1700000000123456789);
	json_time(&page.json, "c", -1);
	json_time(&page.json, "d", INT64_MAX);
	json_time(&page.json, "e", INT64_MIN + 1);
	json_time(&page.json, "none", INT64_MIN);
	json_seconds(&page.json, "idle_s", 351200000000);
	json_record_end(&page.json);
	is(&page, "{\"type\":\"x\",\"a\":\"1700000000.000000000\","
		  "\"b\":\"1700000000.123456789\",\"c\":\"-0.000000001\","
		  "\"d\":\"9223372036.854775807\","
		  "\"e\":\"-9223372036.854775807\","
		  "\"idle_s\":351.200000000}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_one_line_with_its_type_first),
		cmocka_unit_test(members_are_parted_by_commas_at_every_depth),
		cmocka_unit_test(times_keep_every_nanosecond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

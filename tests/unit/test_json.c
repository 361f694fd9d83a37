/* The JSON writer: commas, nesting, numbers at their ends. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

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

/* Of an unbuffered stream: how often it was written to, and how much. */
struct tally {
	unsigned writes;
	size_t bytes;
	uint64_t hash;
};

static ssize_t count_write(void *cookie, const char *bytes, size_t count)
{
	struct tally *tally = cookie;

	tally->writes++;
	tally->bytes += count;
	for (size_t i = 0; i < count; i++)
		tally->hash = tally->hash * 31 + (unsigned char)bytes[i];
	return (ssize_t)count;
}

static FILE *tallied(struct tally *tally)
{
	FILE *out = fopencookie(
		tally, "w", (cookie_io_functions_t){.write = count_write});

	assert_non_null(out);
	assert_int_equal(setvbuf(out, NULL, _IONBF, 0), 0);
	return out;
}

static void write_strings(struct json *json, unsigned count, const char *value)
{
	json_record(json, "x");
	for (unsigned i = 0; i < count; i++)
		json_string(json, "key", value);
	json_record_end(json);
}

static void a_record_is_handed_over_page_by_page(void **state)
{
	struct tally tally = {0};
	FILE *out = tallied(&tally);
	struct json json;

	(void)state;
	json_begin(&json, out);
	write_strings(&json, 100, "a \" and a \n");
	assert_int_equal(tally.writes, 1);
	write_strings(&json, 10000, "a \" and a \n");
	assert_true(tally.bytes > 20 * JSON_PAGE_BYTES);
	assert_true(
		tally.writes - 1 <= 1 + tally.bytes / (JSON_PAGE_BYTES - 64));
	assert_int_equal(fclose(out), 0);
}

/* Strings of every length around the page's: no byte is lost, doubled or out of
 * order where a page ends. */
static void nothing_is_lost_where_a_page_ends(void **state)
{
	static char value[3 * JSON_PAGE_BYTES];

	(void)state;
	for (size_t bytes = JSON_PAGE_BYTES - 40; bytes < JSON_PAGE_BYTES + 40;
		bytes++) {
		struct tally tally = {0}, expected = {0};
		FILE *out = tallied(&tally), *plain = tallied(&expected);
		struct json json;

		for (size_t i = 0; i < 2 * bytes; i++)
			value[i] = (char)('a' + i % 26);
		value[2 * bytes] = '\0';
		json_begin(&json, out);
		json_record(&json, "x");
		json_string(&json, "two", value);
		value[bytes] = '\0';
		json_string(&json, "one", value);
		json_record_end(&json);
		(void)fprintf(plain, "{\"type\":\"x\",\"two\":\"%s", value);
		value[bytes] = (char)('a' + bytes % 26);
		(void)fprintf(plain, "%s\",\"one\":\"%.*s\"}\n", value + bytes,
			(int)bytes, value);
		assert_int_equal(fclose(out), 0);
		assert_int_equal(fclose(plain), 0);
		assert_int_equal(tally.bytes, expected.bytes);
		assert_true(tally.hash == expected.hash);
	}
}

static void numbers_are_whole_at_their_ends(void **state)
{
	struct page page;

	(void)state;
	begin(&page);
	json_record(&page.json, "x");
	json_number(&page.json, "a", 0);
	json_number(&page.json, "b", UINT64_MAX);
	json_signed(&page.json, "c", INT64_MIN);
	json_signed(&page.json, "d", INT64_MAX);
	json_real(&page.json, "e", -2.25, 1);
	json_real(&page.json, "f", 1e300, 0);
	json_record_end(&page.json);
	assert_int_equal(fclose(page.json.out), 0);
	assert_non_null(strstr(page.text,
		"\"a\":0,\"b\":18446744073709551615,"
		"\"c\":-9223372036854775808,\"d\":9223372036854775807,"
		"\"e\":-2.2,\"f\":1000000000000000052504760255204420"));
	free(page.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_one_line_with_its_type_first),
		cmocka_unit_test(members_are_parted_by_commas_at_every_depth),
		cmocka_unit_test(times_keep_every_nanosecond),
		cmocka_unit_test(a_record_is_handed_over_page_by_page),
		cmocka_unit_test(nothing_is_lost_where_a_page_ends),
		cmocka_unit_test(numbers_are_whole_at_their_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The writer of HTML reports: texts that repeat, times, what ends a script. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "report/page/page.h"

struct written {
	char *bytes;
	size_t count;
	FILE *out;
	struct report_page *page;
};

static void begin(struct written *written)
{
	written->bytes = NULL;
	written->out = open_memstream(&written->bytes, &written->count);
	assert_non_null(written->out);
	written->page = page_begin(written->out);
	assert_non_null(written->page);
}

/* The data block, which ends where the scripts begin. */
static char *data_of(struct written *written)
{
	static const char before[] = "id=\"data\">\n";

	page_end(written->page);
	assert_int_equal(fclose(written->out), 0);
	char *data = strstr(written->bytes, before);
	assert_non_null(data);
	data += strlen(before);
	char *end = strstr(data, "</script>");
	assert_non_null(end);
	*end = '\0';
	return data;
}

static void a_text_is_written_once_and_then_its_number(void **state)
{
	struct written written;

	(void)state;
	begin(&written);
	json_row(page_json(written.page));
	page_text(written.page, "a");
	page_text(written.page, "b");
	page_text(written.page, "a");
	page_text(written.page, NULL);
	page_text(written.page, "");
	json_row_end(page_json(written.page));
	assert_string_equal(data_of(&written), "[\"a\",\"b\",0,\"\",2]\n");
	free(written.bytes);
}

static void nothing_in_a_text_ends_the_block(void **state)
{
	struct written written;

	(void)state;
	begin(&written);
	json_row(page_json(written.page));
	page_text(written.page, "</script><!--");
	json_string(page_json(written.page), NULL, "<a<");
	json_row_end(page_json(written.page));
	assert_string_equal(data_of(&written),
		"[\"\\u003c/script>\\u003c!--\",\"\\u003ca\\u003c\"]\n");
	free(written.bytes);
}

static void a_text_longer_than_the_writers_page_is_escaped_too(void **state)
{
	enum { LONG = 3 * JSON_PAGE_BYTES };
	char text[LONG + 1];
	struct written written;

	(void)state;
	memset(text, 'x', LONG);
	text[LONG] = '\0';
	text[0] = text[LONG / 2] = text[LONG - 1] = '<';
	begin(&written);
	json_row(page_json(written.page));
	page_text(written.page, text);
	json_row_end(page_json(written.page));
	const char *data = data_of(&written);
	assert_int_equal(strlen(data), LONG + 3 * 5 + strlen("[\"\"]\n"));
	assert_null(strchr(data, '<'));
	free(written.bytes);
}

/* More texts than are numbered: the rest stand in brackets, and those that have
 * a number keep it. */
static void memory_for_texts_is_bounded(void **state)
{
	enum { TEXTS = 40000 };
	struct written written;
	unsigned numbered = 0, others = 0;

	(void)state;
	begin(&written);
	for (unsigned i = 0; i < TEXTS; i++) {
		char text[16];

		(void)snprintf(text, sizeof(text), "text %u", i);
		json_row(page_json(written.page));
		page_text(written.page, text);
		json_row_end(page_json(written.page));
	}
	json_row(page_json(written.page));
	page_text(written.page, "text 0");
	json_row_end(page_json(written.page));
	char *data = data_of(&written), *rest = NULL;
	const char *last = NULL;

	for (char *line = strtok_r(data, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		numbered += line[1] == '"';
		others += line[1] == '[';
		last = line;
	}
	assert_int_equal(numbered + others, TEXTS);
	assert_in_range(numbered, TEXTS / 4, TEXTS / 2);
	assert_string_equal(last, "[0]");
	free(written.bytes);
}

static void times_count_from_the_pages_first(void **state)
{
	struct written written;

	(void)state;
	begin(&written);
	json_row(page_json(written.page));
	page_time(written.page, 5);
	page_set_first_time(written.page, 1700000000000000000);
	page_time(written.page, 1700000000000000007);
	page_time(written.page, INT64_MIN);
	page_set_first_time(written.page, -3);
	page_time(written.page, INT64_MAX);
	json_row_end(page_json(written.page));
	assert_string_equal(data_of(&written), "[\"\",7,\"\",\"\"]\n");
	free(written.bytes);
}

static void bytes_are_counted_for_the_bound(void **state)
{
	struct written written;

	(void)state;
	begin(&written);
	json_row(page_json(written.page));
	page_text(written.page, "abc");
	json_row_end(page_json(written.page));
	assert_int_equal(page_data_bytes(written.page), strlen("[\"abc\"]\n"));
	uint64_t frame = page_frame_bytes();
	(void)data_of(&written);
	assert_int_equal(written.count, frame + strlen("[\"abc\"]\n"));
	free(written.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_written_once_and_then_its_number),
		cmocka_unit_test(nothing_in_a_text_ends_the_block),
		cmocka_unit_test(
			a_text_longer_than_the_writers_page_is_escaped_too),
		cmocka_unit_test(memory_for_texts_is_bounded),
		cmocka_unit_test(times_count_from_the_pages_first),
		cmocka_unit_test(bytes_are_counted_for_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

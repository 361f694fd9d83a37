/* The Community ID, against a vector of its specification, and times of day. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/connection_json.h"

static struct flow_name example(void)
{
	return (struct flow_name){
		.family = 4,
		.client = {{{128, 232, 110, 120}}, 34855},
		.server = {{{66, 35, 250, 204}}, 80},
	};
}

static void the_id_is_the_specifications(void **state)
{
	struct flow_name flow = example();
	char text[COMMUNITY_ID_TEXT];

	(void)state;
	assert_string_equal(community_id(text, &flow),
		"1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
}

static void both_directions_have_one_id(void **state)
{
	struct flow_name flow = example(), back = example();
	char text[COMMUNITY_ID_TEXT], other[COMMUNITY_ID_TEXT];

	(void)state;
	back.client = flow.server;
	back.server = flow.client;
	assert_string_equal(
		community_id(text, &flow), community_id(other, &back));
	back.server.port++;
	assert_string_not_equal(
		community_id(text, &flow), community_id(other, &back));
	/* one address on both sides: the ports tell */
	flow.server.address = flow.client.address;
	back = flow;
	back.client.port = flow.server.port;
	back.server.port = flow.client.port;
	assert_string_equal(
		community_id(text, &flow), community_id(other, &back));
}

static char *wall_time(int64_t time_ns)
{
	struct json json;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	json_begin(&json, out);
	json_record(&json, "test");
	wall_time_json(&json, "at", time_ns);
	json_record_end(&json);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void times_of_day_are_those_of_rfc_3339(void **state)
{
	const struct {
		int64_t time_ns;
		const char *text;
	} cases[] = {
		{1700000000123456789, "\"at\":\"2023-11-14T22:13:20.123456Z\""},
		{0, "\"at\":\"1970-01-01T00:00:00.000000Z\""},
		{-1000, "\"at\":\"1969-12-31T23:59:59.999999Z\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = wall_time(cases[i].time_ns);

		assert_non_null(strstr(text, cases[i].text));
		free(text);
	}
	char *none = wall_time(INT64_MIN);

	assert_null(strstr(none, "at\""));
	free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_id_is_the_specifications),
		cmocka_unit_test(both_directions_have_one_id),
		cmocka_unit_test(times_of_day_are_those_of_rfc_3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Reports for scripts: the fields of culprit-json(5), and nothing not known. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "report/report_json.h"
#include "tests/support/sample_incident.h"

static char *render(const struct report_source *source)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	report_json(source, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void an_incident_has_the_fields_of_the_manual(void **state)
{
	struct sample sample = {.count = 1};
	struct report_source source = sample_source(&sample);
	char *text = render(&source);
	const char *expected =
		"{\"type\":\"incident\",\"file\":\"b.pcap\",\"flow\":{"
		"\"client\":\"10.0.0.1:40000\",\"server\":\"10.0.0.2:22\"},"
		"\"connection\":{\"client_ip\":\"10.0.0.1\","
		"\"client_port\":40000,\"server_ip\":\"10.0.0.2\","
		"\"server_port\":22,\"community_id\":"
		"\"1:6ss4qdJ0A66GEUdTP+xe+3biIN4=\"},"
		"\"frame\":2,\"time\":\"1700000352.000000000\","
		"\"wall_time\":\"2023-11-14T22:19:12.000000Z\","
		"\"mechanism\":\"state-expired\",\"sender\":\"server\","
		"\"culprit\":\"nat-timeout\",\"grade\":\"likely\",\"hop\":4,"
		"\"also\":[{\"mechanism\":\"unknown-connection\","
		"\"sender\":\"server\",\"culprit\":\"server\","
		"\"why\":\"the server restarted\"}],"
		"\"evidence\":[{\"fact\":\"reset-ttl-matches-sender\","
		"\"holds\":true,\"frame\":2,\"against\":10,\"found\":\"54\","
		"\"found_value\":54,\"expected\":\"54\",\"expected_value\":54,"
		"\"weight\":\"neutral\"},{\"fact\":\"sender-had-sent-fin\","
		"\"weight\":\"neutral\"}],"
		"\"undecided\":[{\"fact\":\"port at the server\","
		"\"settled_by\":\"a capture at the server\"}],"
		"\"advice\":\"ServerAliveInterval 115\",";

	(void)state;
	text[strlen(expected)] = '\0';
	assert_string_equal(text, expected);
	free(text);
}

static void rows_that_were_outranked_are_named(void **state)
{
	struct sample sample = {.count = 1};
	struct report_source source = sample_source(&sample);
	char *text = render(&source);

	(void)state;
	assert_non_null(strstr(text,
		"\"signature\":\"expired-by-timer\",\"outranked\":["
		"\"unknown-after-silence\",\"unknown-connection\"],"));
	free(text);
}

static void what_is_not_known_is_left_out(void **state)
{
	struct sample sample = {.count = 1};
	struct report_source source = sample_source(&sample);
	char *text = render(&source);

	(void)state;
	assert_null(strstr(text, "\"mtu\""));
	assert_null(strstr(text, "\"pattern\""));
	assert_null(strstr(text, "\"wire_text\""));
	assert_null(strstr(text, "\"tunnel\""));
	free(text);
	source.totals.first_ns = INT64_MIN;
	source.totals.last_ns = INT64_MIN;
	source.incident_count = 0;
	text = render(&source);
	assert_null(strstr(text, "_time"));
	free(text);
}

static void the_summary_comes_last_and_counts(void **state)
{
	struct sample sample = {.count = 3};
	struct report_source source = sample_source(&sample);
	char *text = render(&source);
	char *last = strrchr(text, '\n');

	(void)state;
	assert_non_null(last);
	*last = '\0';
	last = strrchr(text, '\n') + 1;
	const char *expected =
		"{\"type\":\"summary\",\"schema\":2,\"files\":[\"a.pcap\",\"b."
		"pcap\"],"
		"\"packets\":1204331,\"bytes\":99,\"flows\":18220,"
		"\"incidents\":3,\"by_culprit\":{\"nat-timeout\":3},";
	last[strlen(expected)] = '\0';
	assert_string_equal(last, expected);
	free(text);
}

static void hostile_names_stay_inside_their_strings(void **state)
{
	static const char *const paths[] = {"a\"},\n\033[2J\xff.pcap"};
	struct sample sample = {.count = 0};
	struct report_source source = sample_source(&sample);

	(void)state;
	source.paths = paths;
	source.path_count = 1;
	char *text = render(&source);
	assert_non_null(strstr(
		text, "\"file\":\"a\\\"},\\n\\u001b[2J\xef\xbf\xbd.pcap\""));
	assert_ptr_equal(strchr(text, '\n'), strrchr(text, '\n'));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_incident_has_the_fields_of_the_manual),
		cmocka_unit_test(rows_that_were_outranked_are_named),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(the_summary_comes_last_and_counts),
		cmocka_unit_test(hostile_names_stay_inside_their_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

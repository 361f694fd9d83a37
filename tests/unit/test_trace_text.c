/* Traces as text: what follows when a line leaves it out, what is wrong with a
 * line, and how packets are written as a trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/packet_compare.h"
#include "tests/support/packet_fields.h"
#include "tests/support/packet_text.h"
#include "tests/support/sample_lines.h"
#include "tests/support/sample_traces.h"
#include "tests/support/trace.h"
#include "tests/support/trace_write.h"

/* beside which include/ is looked for */
static const char name[] = "tests/traces/story";

static struct trace *read_trace(const char *text)
{
	struct failure failure;
	struct trace *trace = trace_parse(text, strlen(text), name, &failure);

	if (!trace)
		fail_msg("%s\n%s", text, failure.text);
	return trace;
}

/* All that text can say of a packet. */
static void assert_same_packets(const char *sentence, const struct trace *trace,
	const struct trace *full)
{
	if (trace->packet_count != full->packet_count)
		fail_msg("%s: %u packets, not %u", sentence,
			trace->packet_count, full->packet_count);
	for (unsigned i = 0; i < trace->packet_count; i++) {
		char found[1024], expected[1024];

		assert_int_not_equal(
			packet_format(&trace->packets[i], found, sizeof(found)),
			0);
		assert_int_not_equal(packet_format(&full->packets[i], expected,
					     sizeof(expected)),
			0);
		if (strcmp(found, expected) != 0)
			fail_msg("%s:\n%s\n%s", sentence, found, expected);
		assert_true(
			packet_is_same(&trace->packets[i], &full->packets[i]));
		assert_int_equal(trace->packets[i].frame, i + 1);
	}
}

static void what_a_line_leaves_out_follows(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SAMPLE_TRACES; i++) {
		struct trace *trace = read_trace(sample_traces[i].trace);
		struct trace *full = read_trace(sample_traces[i].full);

		assert_same_packets(sample_traces[i].sentence, trace, full);
		trace_free(trace);
		trace_free(full);
	}
}

static void a_trace_has_packets_and_expectations(void **state)
{
	struct trace *trace = read_trace("# a story\n"
					 "\n"
					 "  0.0 client > server S \"hello\"\n"
					 "include handshake\n"
					 "0.1 server > client R \"bye\"\r\n"
					 "expect   port-closed \n"
					 "expect a \\\n\tb\n"
					 "0.2 server > client R");

	(void)state;
	assert_int_equal(trace->packet_count, 6);
	assert_int_equal(trace->packets[5].frame, 6);
	assert_int_equal(trace->lines[0], 3);
	assert_int_equal(trace->lines[1], 4);
	assert_int_equal(trace->lines[3], 4);
	assert_int_equal(trace->lines[4], 5);
	assert_int_equal(trace->lines[5], 9);
	assert_memory_equal(trace->packets[0].payload, "hello", 5);
	assert_memory_equal(trace->packets[4].payload, "bye", 3);
	assert_int_equal(trace->expectation_count, 2);
	assert_string_equal(trace->expectations[0].text, "port-closed");
	assert_int_equal(trace->expectations[0].line, 6);
	assert_string_equal(trace->expectations[1].text, "a    b");
	trace_free(trace);
}

static void a_wrong_trace_says_where_and_what_was_expected(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{"# a story\n  1.0 10.0.0.1:1 > nobody A",
			"story:2:20: an address or the name of an end is "
			"expected, not `nobody`"},
		{"expct none", "story:1:1: a time, an end and its address, "
			       "`expect` or `include` is expected, not "
			       "`expct`"},
		{"0 client > server PA \\\n  \"a\" \\\n wim 5",
			"story:3:2: the word of a field is expected, not "
			"`wim`"},
		{"client seq 5", "story:1:8: the word of a field that all its "
				 "packets have is expected, not `seq`"},
		{"client ttl 300", "story:1:12: a number up to 255 is "
				   "expected, not `300`"},
		{"client \"a\"", "story:1:9: no payload may stand here, not "
				 "`a`"},
		{"client again", "story:1:13: how much later is expected, as "
				 "in +0.000002"},
		{"client again +1 win 5", "story:1:17: one of ttl dir if dev "
					  "ctx tunnel is expected, not `win`"},
		{"Other 10.0.0.1", "story:1:1: a time, the name of an end, "
				   "`expect` or `include` is expected, not "
				   "`Other`"},
		{"box 10.0.0.1\n0 box > server A",
			"story:2:16: TCP and UDP have ports, others have "
			"none, not `A`"},
		{"0 client:5 > server icmp 3/3",
			"story:1:21: TCP and UDP have ports, others have "
			"none, not `icmp`"},
		{"0 client > [::1]:5 A", "story:1:12: both ends must be of "
					 "one IP version, not `[::1]:5`"},
		{"0 again", "story:1:3: a packet and a time are expected "
			    "before, not `again`"},
		{"0 client > server A\n0 again win 3",
			"story:2:9: one of ttl dir if dev ctx tunnel is "
			"expected, not `win`"},
		{"box 10.0.0.1\n0 box > client icmp 3/4 quoting seq 5",
			"story:2:38: the ends of the packet that is quoted "
			"are expected"},
		{"include", "story:1:8: the name of a file is expected"},
		{"include ../x", "story:1:9: the name of a file is expected, "
				 "not `../x`"},
		{"include handshake now", "story:1:19: nothing may follow, "
					  "not `now`"},
		{"include nothing", "include/nothing.trace can't be opened: "
				    "No such file or directory"},
		{"nonsense", "story:1:1: a time, an end and its address, "
			     "`expect` or `include` is expected, not "
			     "`nonsense`"},
		{"1.0.0 client > server A", "story:1:1: a time in seconds is "
					    "expected, not `1.0.0`"},
		{"+8999999999 client > server A\n+8999999999",
			"story:2:1: the time is too large, not "
			"`+8999999999`"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct failure failure;
		const char *says;

		if (trace_parse(wrong[i].text, strlen(wrong[i].text), name,
			    &failure))
			fail_msg("`%s` is no trace", wrong[i].text);
		says = strstr(failure.text, wrong[i].says);
		if (!says || strcmp(says, wrong[i].says) != 0)
			fail_msg("`%s`:\n%s\n%s", wrong[i].text, failure.text,
				wrong[i].says);
	}
}

/* What trace_write makes of packets; to be freed. */
static char *written(const struct trace *trace, bool with_includes)
{
	const struct trace_writing writing = {
		.packets = trace->packets,
		.count = trace->packet_count,
		.includes = with_includes ? "tests/traces/include" : NULL,
	};
	struct failure failure;
	size_t length;
	char *text = trace_write_text(&writing, &length, &failure);

	if (!text)
		fail_msg("%s", failure.text);
	return text;
}

static void assert_same_again(const char *sentence, const struct trace *trace)
{
	for (unsigned i = 0; i < 2; i++) {
		char *text = written(trace, i), *again;
		struct trace *back = read_trace(text);

		assert_same_packets(sentence, back, trace);
		again = written(back, i);
		assert_string_equal(text, again);
		trace_free(back);
		free(text);
		free(again);
	}
}

static void packets_become_a_trace_and_the_same_packets(void **state)
{
	char *samples = NULL;
	size_t length;
	FILE *all = open_memstream(&samples, &length);
	struct trace *trace;

	(void)state;
	assert_non_null(all);
	for (unsigned i = 0; i < SAMPLE_LINES; i++)
		(void)fprintf(all, "%s\n", sample_lines[i]);
	assert_int_equal(fclose(all), 0);
	trace = read_trace(samples);
	assert_same_again("samples", trace);
	trace_free(trace);
	free(samples);
	for (unsigned i = 0; i < SAMPLE_TRACES; i++) {
		trace = read_trace(sample_traces[i].full);
		assert_same_again(sample_traces[i].sentence, trace);
		trace_free(trace);
	}
}

/* From the wire to what is worth saying. */
static void a_trace_says_what_is_different(void **state)
{
	static const char said[] =
		"server ttl 61\n"
		"router2 10.77.2.2 ttl 63\n"
		"+0        client > server  S\n"
		"+0.02     server > client  SA\n"
		"+0.0001   client > server  A\n"
		"+0.1      client > server  PA seq 1 \"a\"*20 len 1448\n"
		"+0.001    router2 > client icmp 3/4 mtu 1400 "
		"quoting seq 1 len 1500 df\n"
		"+1        client > server  PA seq 1 len 1448\n"
		"+0.000002 again ttl 63 dev 2\n"
		"+0.02     server > client  R  win 0 id 0 no ts\n"
		"-         client > server  none no df\n"
		"0.5       client > server  A\n";
	struct trace *trace = read_trace(said);
	char *text = written(trace, false);

	(void)state;
	assert_string_equal(text, said);
	free(text);
	text = written(trace, true);
	assert_non_null(strstr(text, "server ttl 61\n"
				     "router2 10.77.2.2 ttl 63\n"
				     "include handshake\n"
				     "+0.1      client"));
	free(text);
	trace_free(trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_line_leaves_out_follows),
		cmocka_unit_test(a_trace_has_packets_and_expectations),
		cmocka_unit_test(
			a_wrong_trace_says_where_and_what_was_expected),
		cmocka_unit_test(packets_become_a_trace_and_the_same_packets),
		cmocka_unit_test(a_trace_says_what_is_different),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

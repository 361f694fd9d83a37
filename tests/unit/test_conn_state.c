/* Every state of Zeek's conn_state, from the packets that make it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "analysis/analysis.h"
#include "tests/support/packet_text.h"

#define CLIENT " 10.0.0.1:40000 > 10.0.0.2:80 "
#define SERVER " 10.0.0.2:80 > 10.0.0.1:40000 "
#define SYN "0.00" CLIENT "S seq 7 win 64 ttl 64"
#define SYN_ACK "0.01" SERVER "SA seq 70 ack 8 win 64 ttl 60"
#define ACK "0.02" CLIENT "A seq 8 ack 71 win 64 ttl 64"
#define OPEN SYN, SYN_ACK, ACK
#define CLIENT_FIN "1.00" CLIENT "FA seq 8 ack 71 win 64 ttl 64"
#define SERVER_FIN "2.00" SERVER "FA seq 71 ack 8 win 64 ttl 60"
#define CLIENT_RST "3.00" CLIENT "R seq 8 win 0 ttl 64"
#define SERVER_RST "3.00" SERVER "RA seq 71 ack 8 win 0 ttl 60"
#define CLIENT_DATA "0.50" CLIENT "PA seq 8 ack 71 win 64 ttl 64 len 10"
#define SERVER_DATA "0.60" SERVER "PA seq 71 ack 18 win 64 ttl 60 len 10"

enum { LINES_MOST = 8 };

struct example {
	const char *word;
	const char *lines[LINES_MOST];
};

static const struct example examples[] = {
	{"S0", {SYN}},
	{"S0", {SYN, "1.0" CLIENT "S seq 7 win 64 ttl 64"}},
	{"S1", {OPEN}},
	{"S1", {SYN, SYN_ACK}},
	{"S1", {OPEN, CLIENT_DATA, SERVER_DATA}},
	{"SF", {OPEN, CLIENT_FIN, SERVER_FIN}},
	{"SF", {OPEN, CLIENT_FIN, SERVER_FIN, SERVER_RST}},
	{"SF", {OPEN, CLIENT_FIN, SERVER_FIN, CLIENT_RST}},
	{"SF", {CLIENT_DATA, CLIENT_FIN, SERVER_FIN}},
	{"REJ", {SYN, "0.01" SERVER "RA seq 0 ack 8 win 0 ttl 60"}},
	{"S2", {OPEN, CLIENT_FIN}},
	{"S3", {OPEN, SERVER_FIN}},
	{"RSTO", {OPEN, CLIENT_RST}},
	{"RSTO", {SYN, SYN_ACK, CLIENT_RST}},
	{"RSTO", {OPEN, SERVER_FIN, CLIENT_RST}},
	{"RSTR", {OPEN, SERVER_RST}},
	{"RSTR", {OPEN, CLIENT_FIN, SERVER_RST}},
	{"RSTOS0", {SYN, CLIENT_RST}},
	{"RSTRH", {SYN_ACK, SERVER_RST}},
	{"SH", {SYN, CLIENT_FIN}},
	{"SHR", {SYN_ACK, SERVER_FIN}},
	{"OTH", {CLIENT_DATA, SERVER_DATA}},
	{"OTH", {SYN_ACK}},
	{"OTH", {CLIENT_DATA, SERVER_DATA, SERVER_RST}},
	{"OTH", {SERVER_RST}},
	/* an acknowledgment of a connection before: half open */
	{"OTH", {SYN, "0.01" SERVER "A seq 500 ack 900 win 64 ttl 60"}},
};
enum { EXAMPLES = sizeof(examples) / sizeof(examples[0]) };

/* Of the one connection that the packets are of. */
static void summary_of(
	const struct example *example, struct flow_summary *summary)
{
	static const struct analysis_options options = {
		.is_listing_flows = true};
	struct failure failure;
	struct analysis *analysis = analysis_new(&options, &failure);

	assert_non_null(analysis);
	for (unsigned i = 0; i < LINES_MOST && example->lines[i]; i++) {
		const char *line = example->lines[i];
		uint8_t space[64];
		struct packet packet;
		struct text_error error;

		assert_true(packet_parse(
			line, strlen(line), space, &packet, &error));
		packet.frame = i + 1;
		analysis_packets(analysis, &packet, 1);
	}
	analysis_finish(analysis);
	assert_int_equal(analysis_flow_count(analysis), 1);
	analysis_flow(analysis, 0, summary);
	analysis_free(analysis);
}

static void the_packets_make_the_state(void **state)
{
	(void)state;
	for (unsigned i = 0; i < EXAMPLES; i++) {
		struct flow_summary summary;

		summary_of(&examples[i], &summary);
		if (strcmp(conn_state_word(summary.state),
			    examples[i].word) != 0)
			fail_msg("example %u: %s, not %s", i,
				conn_state_word(summary.state),
				examples[i].word);
	}
}

/* Histories that Zeek's manual and its tests show for such conversations, as
 * far as their letters are told. */
static const struct example histories[] = {
	{"S", {SYN, "1.0" CLIENT "S seq 7 win 64 ttl 64"}},
	{"Sr", {SYN, "0.01" SERVER "RA seq 0 ack 8 win 0 ttl 60"}},
	{"ShA", {OPEN}},
	{"ShADd", {OPEN, CLIENT_DATA, SERVER_DATA}},
	{"ShADdFf", {OPEN, CLIENT_DATA, SERVER_DATA, CLIENT_FIN, SERVER_FIN}},
	{"ShADaFfr",
		{OPEN, CLIENT_DATA,
			"0.55" SERVER "A seq 71 ack 18 win 64 ttl 60",
			CLIENT_FIN, SERVER_FIN, SERVER_RST}},
	{"ShAdR", {OPEN, SERVER_DATA, CLIENT_RST}},
	/* a FIN with payload is both */
	{"ShADF",
		{OPEN, "0.50" CLIENT
		       "FPA seq 8 ack 71 win 64 ttl 64 len 10"}},
	{"h", {SYN_ACK}},
	{"hr", {SYN_ACK, SERVER_RST}},
	{"Dd", {CLIENT_DATA, SERVER_DATA}},
	{"r", {SERVER_RST}},
	{"Sa", {SYN, "0.01" SERVER "A seq 500 ack 900 win 64 ttl 60"}},
};
enum { HISTORIES = sizeof(histories) / sizeof(histories[0]) };

static void the_packets_make_the_history(void **state)
{
	(void)state;
	for (unsigned i = 0; i < HISTORIES; i++) {
		struct flow_summary summary;

		summary_of(&histories[i], &summary);
		assert_string_equal(summary.history, histories[i].word);
	}
}

static void every_state_has_an_example(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CONN_STATE_COUNT; i++) {
		const char *word = conn_state_word((enum conn_state)i);
		bool has_example = false;

		for (unsigned j = 0; j < EXAMPLES; j++)
			has_example |= strcmp(examples[j].word, word) == 0;
		assert_true(has_example);
		assert_non_null(conn_state_meaning((enum conn_state)i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_packets_make_the_state),
		cmocka_unit_test(the_packets_make_the_history),
		cmocka_unit_test(every_state_has_an_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

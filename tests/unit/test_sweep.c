/* The sweep: it gives memory back, and no recording makes it look at more slots
 * than its packets allow. Work is counted, not time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/analysis_state.h"

enum { FLOWS = 20000, LATER = 2000, SLOTS_A_PACKET = 64 };

static const int64_t START_NS = 1700000000 * SECOND_NS;

static struct packet segment(uint32_t client, int64_t time_ns, uint64_t frame)
{
	return (struct packet){
		.time_ns = time_ns,
		.frame = frame,
		.kind = PACKET_TCP,
		.family = 4,
		.protocol = PROTOCOL_TCP,
		.ttl = 60,
		.source = {{10, (uint8_t)(client >> 16), (uint8_t)(client >> 8),
			(uint8_t)client}},
		.target = {{192, 0, 2, 7}},
		.source_port = 40000,
		.target_port = 443,
		.tcp_flags = TCP_ACK,
		.sequence = 1,
		.acknowledged = 1,
		.window = 501,
	};
}

static struct analysis *begin(void)
{
	const struct analysis_options options = {.seed = 1};
	struct failure failure;
	struct analysis *analysis = analysis_new(&options, &failure);

	assert_non_null(analysis);
	return analysis;
}

static void long_silences_cost_no_more_than_packets(void **state)
{
	struct analysis *analysis = begin();
	int64_t now_ns = START_NS;
	uint64_t frame = 0;

	(void)state;
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct packet packet = segment(i, now_ns += 1000, ++frame);

		analysis_packets(analysis, &packet, 1);
	}
	for (uint32_t i = 0; i < LATER; i++) {
		struct packet packet =
			segment(FLOWS, now_ns += 10 * SECOND_NS, ++frame);

		analysis_packets(analysis, &packet, 1);
	}
	assert_in_range(analysis->swept, LATER * SLOTS_A_PACKET,
		frame * SLOTS_A_PACKET);
	/* what it did not look at ends all the same */
	analysis_finish(analysis);
	assert_int_equal(analysis->totals.flows, FLOWS + 1);
	analysis_free(analysis);
}

/* SYNs that nobody answers, while packets of another connection go on. */
static void quiet_connections_are_given_back_in_time(void **state)
{
	struct analysis *analysis = begin();
	int64_t now_ns = START_NS;
	uint64_t frame = 0;

	(void)state;
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct packet packet = segment(i, now_ns += 1000, ++frame);

		packet.tcp_flags = TCP_SYN;
		analysis_packets(analysis, &packet, 1);
	}
	assert_int_equal(analysis->observer.flows.live, FLOWS);
	for (uint32_t i = 0; i < 15000; i++) {
		struct packet packet =
			segment(FLOWS, now_ns += SECOND_NS / 100, ++frame);

		analysis_packets(analysis, &packet, 1);
	}
	assert_int_equal(analysis->observer.flows.live, 1);
	analysis_free(analysis);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_silences_cost_no_more_than_packets),
		cmocka_unit_test(quiet_connections_are_given_back_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

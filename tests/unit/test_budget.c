/* The bound on all tables together, and who gives way in a flood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "analysis/analysis.h"
#include "analysis/flow/budget.h"

static const uint64_t MEGABYTE = 1000000;

static uint64_t fill(struct budget *budget, enum budget_share share)
{
	uint64_t taken = 0;

	while (budget_take(budget, share, MEGABYTE))
		taken += MEGABYTE;
	return taken;
}

static void all_tables_together_keep_to_the_bound(void **state)
{
	static const enum budget_share orders[][BUDGET_SHARE_COUNT] = {
		{BUDGET_FLOWS, BUDGET_DOSSIERS, BUDGET_RECORDS},
		{BUDGET_RECORDS, BUDGET_DOSSIERS, BUDGET_FLOWS},
		{BUDGET_DOSSIERS, BUDGET_FLOWS, BUDGET_RECORDS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct budget budget;
		uint64_t sum = 0;

		budget_init(&budget, 232 * MEGABYTE);
		for (unsigned j = 0; j < BUDGET_SHARE_COUNT; j++) {
			uint64_t taken = fill(&budget, orders[i][j]);

			assert_true(taken > 5 * MEGABYTE);
			sum += taken;
		}
		assert_in_range(sum, 225 * MEGABYTE, 232 * MEGABYTE);
	}
}

static void what_is_given_back_can_be_taken_by_another(void **state)
{
	struct budget budget;
	uint64_t flows;

	(void)state;
	budget_init(&budget, 250 * MEGABYTE);
	flows = fill(&budget, BUDGET_FLOWS);
	(void)fill(&budget, BUDGET_DOSSIERS);
	assert_int_equal(fill(&budget, BUDGET_DOSSIERS), 0);
	budget_give(&budget, BUDGET_FLOWS, 50 * MEGABYTE);
	assert_in_range(
		fill(&budget, BUDGET_DOSSIERS), 49 * MEGABYTE, 50 * MEGABYTE);
	assert_in_range(flows, 190 * MEGABYTE, 200 * MEGABYTE);
}

static void there_may_be_no_bound(void **state)
{
	struct budget budget;

	(void)state;
	budget_init(&budget, UINT64_MAX);
	for (int i = 0; i < BUDGET_SHARE_COUNT; i++)
		assert_true(budget_take(
			&budget, (enum budget_share)i, 1000000 * MEGABYTE));
}

/* A flood, and in it one connection that is served and reset. */
struct scene {
	struct analysis *analysis;
	uint64_t frame;
	int64_t time_ns;
};

static void send(struct scene *scene, uint32_t client, bool is_from_client,
	uint16_t flags, uint32_t sequence, uint32_t acknowledged,
	uint32_t payload_bytes)
{
	struct address ends[2] = {{{192, 0, 2, 7}}, {{10}}};
	struct packet packet = {.time_ns = scene->time_ns += 1000,
		.frame = ++scene->frame,
		.kind = PACKET_TCP,
		.family = 4,
		.protocol = 6,
		.ttl = is_from_client ? 64 : 60,
		.ip_id = (uint16_t)scene->frame,
		.is_df = true,
		.tcp_flags = flags,
		.sequence = sequence,
		.acknowledged = acknowledged,
		.payload_bytes = payload_bytes,
		.window = 500,
		.tcp_header_bytes = 20,
		.ip_bytes = 40 + payload_bytes,
		.wire_bytes = 54 + payload_bytes};

	ends[1].bytes[1] = (uint8_t)(client >> 16);
	ends[1].bytes[2] = (uint8_t)(client >> 8);
	ends[1].bytes[3] = (uint8_t)client;
	packet.source = ends[is_from_client];
	packet.target = ends[!is_from_client];
	packet.source_port = is_from_client ? 40000 : 443;
	packet.target_port = is_from_client ? 443 : 40000;
	analysis_packets(scene->analysis, &packet, 1);
}

/* In memory for a third of the flood. */
static void a_flood_leaves_dossiers_for_those_who_are_served(void **state)
{
	enum { SPOOFED = 500000, SERVED = 1 << 20 };
	struct analysis_options options = {.memory_bytes = 100 * MEGABYTE};
	struct failure failure;
	struct scene scene = {.analysis = analysis_new(&options, &failure)};
	struct analysis_totals totals;
	struct incident incident;
	unsigned aborted = 0;

	(void)state;
	assert_non_null(scene.analysis);
	send(&scene, SERVED, true, TCP_SYN, 99, 0, 0);
	send(&scene, SERVED, false, TCP_SYN | TCP_ACK, 499, 100, 0);
	send(&scene, SERVED, true, TCP_ACK, 100, 500, 0);
	send(&scene, SERVED, true, TCP_PSH | TCP_ACK, 100, 500, 10);
	send(&scene, SERVED, false, TCP_ACK, 500, 110, 0);
	for (uint32_t i = 1; i <= SPOOFED; i++) {
		send(&scene, i, true, TCP_SYN, i, 0, 0);
		send(&scene, i, false, TCP_SYN | TCP_ACK, 7, i + 1, 0);
	}
	/* each opens an evidence record */
	for (uint32_t i = 1; i <= SPOOFED; i++)
		send(&scene, i, false, TCP_SYN | TCP_ACK, 7, i + 1, 0);
	send(&scene, SERVED, false, TCP_RST | TCP_ACK, 500, 110, 0);
	analysis_finish(scene.analysis);
	analysis_totals(scene.analysis, &totals);
	assert_in_range(totals.evicted_flows, SPOOFED / 2, 2 * SPOOFED);
	assert_false(analysis_is_complete(&totals));
	assert_int_equal(totals.resets_seen, 1);
	assert_int_equal(totals.told_resets, 1);
	for (uint64_t i = 0; i < analysis_incident_count(scene.analysis); i++) {
		(void)analysis_incident(scene.analysis, i, &incident);
		aborted += incident.frame == scene.frame;
	}
	assert_int_equal(aborted, 1);
	analysis_free(scene.analysis);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_tables_together_keep_to_the_bound),
		cmocka_unit_test(what_is_given_back_can_be_taken_by_another),
		cmocka_unit_test(there_may_be_no_bound),
		cmocka_unit_test(
			a_flood_leaves_dossiers_for_those_who_are_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

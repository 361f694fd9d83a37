/* What a flow packs into one word comes out as it was put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/analysis.h"
#include "analysis/flow/flow.h"
#include "analysis/flow/flow_table.h"
#include "analysis/learned/capture_points.h"
#include "tests/support/packet_text.h"

static void every_tunnel_comes_out_of_a_flow(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TUNNEL_COUNT; i++) {
		struct flow flow = {.flags = FLOW_FLAGS_END - 1};

		flow_set_tunnel(&flow, (enum tunnel)i);
		assert_int_equal(flow_tunnel(&flow), i);
		assert_int_equal(flow_syns(&flow), 0);
		assert_int_equal(
			flow.flags & (FLOW_FLAGS_END - 1), FLOW_FLAGS_END - 1);
	}
}

static void syns_are_counted_and_touch_nothing_else(void **state)
{
	struct flow flow = {0};

	(void)state;
	flow_set_tunnel(&flow, TUNNEL_GTP);
	for (unsigned i = 1; i < 100; i++) {
		flow_count_syn(&flow);
		assert_int_equal(flow_syns(&flow),
			i < FLOW_SYNS_MOST ? i : FLOW_SYNS_MOST);
		assert_int_equal(flow_tunnel(&flow), TUNNEL_GTP);
		assert_false(flow_has_repeated(&flow, 0));
		assert_false(flow_has_repeated(&flow, 1));
	}
}

static void a_capture_point_gives_back_interface_and_direction(void **state)
{
	struct capture_points capture_points = {0};

	(void)state;
	for (uint32_t i = 0; i < 2 * CAPTURE_POINTS_MOST; i++)
		for (unsigned way = 0; way < FRAME_DIRECTION_COUNT; way++) {
			struct packet packet = {
				.interface = i, .direction = (uint8_t)way};
			uint8_t point = capture_points_of_packet(
				&capture_points, &packet);

			assert_int_equal(capture_point_way(point), way);
			assert_int_equal(capture_point_interface(point),
				i < CAPTURE_POINTS_MOST
					? i
					: CAPTURE_POINTS_MOST - 1);
		}
}

static void take(struct analysis *analysis, uint64_t frame, enum tunnel tunnel,
	const char *line)
{
	uint8_t space[64];
	struct packet packet;
	struct text_error error;

	assert_true(packet_parse(line, strlen(line), space, &packet, &error));
	packet.frame = frame;
	packet.tunnel = (uint8_t)tunnel;
	analysis_packets(analysis, &packet, 1);
}

/* A refused connection in each of them. */
static void an_incident_names_the_tunnel_of_its_packets(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TUNNEL_COUNT; i++) {
		static const struct analysis_options options;
		struct failure failure;
		struct analysis *analysis = analysis_new(&options, &failure);
		struct incident incident;

		assert_non_null(analysis);
		take(analysis, 1, (enum tunnel)i,
			"0.0 10.0.0.1:40000 > 10.0.0.2:80 S seq 7 win 64 "
			"ttl 64");
		take(analysis, 2, (enum tunnel)i,
			"0.1 10.0.0.2:80 > 10.0.0.1:40000 RA seq 0 ack 8 "
			"win 0 ttl 60");
		analysis_finish(analysis);
		assert_int_equal(analysis_incident_count(analysis), 1);
		analysis_incident(analysis, 0, &incident);
		assert_int_equal(incident.flow.tunnel, i);
		analysis_free(analysis);
	}
}

static struct flow *insert(
	struct flow_table *table, uint32_t number, uint8_t family)
{
	struct packet packet = {.family = family,
		.kind = PACKET_TCP,
		.source_port = 1024,
		.target_port = 80,
		.tcp_flags = TCP_SYN};
	struct flow_key key;

	memcpy(packet.source.bytes, &number, sizeof(number));
	packet.target.bytes[0] = 10;
	flow_key_of(&packet, 1, &key);
	return flow_table_insert(table, &key, &packet);
}

/* After a flood most slots are free: the search for a victim looks at the next
 * few of them and gives up. */
static void a_victim_is_looked_for_in_a_few_slots(void **state)
{
	enum { FLOWS = 10000, SLOTS = 128 };
	struct flow_table table;
	struct budget budget;
	struct flow *last = NULL;

	(void)state;
	budget_init(&budget, UINT64_MAX);
	assert_true(flow_table_init(&table, FLOWS, 1, &budget));
	for (uint32_t i = 0; i < FLOWS; i++)
		last = insert(&table, i, 4);
	assert_non_null(flow_table_victim(&table)); /* full: there is one */
	for (uint32_t i = 0; i < FLOWS; i++)
		if (flow_table_slot(&table, i) != last)
			flow_table_remove(&table, flow_table_slot(&table, i));
	table.hand = 0;
	assert_null(flow_table_victim(&table));
	assert_in_range(table.hand, 1, SLOTS);
	/* and comes to it in the end */
	for (unsigned i = 0; i < FLOWS / SLOTS; i++)
		if (flow_table_victim(&table))
			last = NULL;
	assert_null(last);
	flow_table_release(&table);
}

/* IPv6 names lie in chunks of their own, for which there is room when IPv4
 * flows have taken all that they get, whatever the bound. */
static void a_flood_of_ipv4_leaves_room_for_ipv6(void **state)
{
	enum { FROM = 30000000, TO = 44000000, STEP = 200000 }; /* bytes */

	(void)state;
	for (uint64_t bound = FROM; bound < TO; bound += STEP) {
		struct flow_table table;
		struct budget budget;
		uint32_t count = 0;

		budget_init(&budget, bound);
		assert_true(flow_table_init(&table, UINT32_MAX, 1, &budget));
		while (insert(&table, count, 4))
			count++;
		assert_in_range(count, 1000, 1000000);
		flow_table_remove(&table, flow_table_victim(&table));
		assert_non_null(insert(&table, 7, 6));
		flow_table_release(&table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tunnel_comes_out_of_a_flow),
		cmocka_unit_test(syns_are_counted_and_touch_nothing_else),
		cmocka_unit_test(
			a_capture_point_gives_back_interface_and_direction),
		cmocka_unit_test(an_incident_names_the_tunnel_of_its_packets),
		cmocka_unit_test(a_victim_is_looked_for_in_a_few_slots),
		cmocka_unit_test(a_flood_of_ipv4_leaves_room_for_ipv6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

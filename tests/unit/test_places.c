#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/learned/shared_packets.h"
#include "analysis/pairing.h"
#include "capture/numbers.h"

enum { CLIENT_PORT = 40000, SERVER_PORT = 22, DELAY_MS = 20 };

/* A packet of one direction, each another one. */
static struct packet packet_at(
	unsigned number, bool is_from_client, int64_t time_ns)
{
	return (struct packet){
		.kind = PACKET_TCP,
		.time_ns = time_ns,
		.source_port = is_from_client ? CLIENT_PORT : SERVER_PORT,
		.target_port = is_from_client ? SERVER_PORT : CLIENT_PORT,
		.sequence = 1000 + number,
		.acknowledged = 7000,
		.tcp_flags = TCP_ACK,
	};
}

/* Packets of both directions over some seconds, recorded at both ends; the
 * server's clock is ahead by `offset_ns` at first, and gains `skew_ppm`. */
static void record(struct shared_packets *shared, unsigned seconds,
	int64_t offset_ns, int skew_ppm)
{
	const int64_t start_ns = 1700000000 * SECOND_NS;
	enum { A_SECOND = 20 };

	for (unsigned i = 0; i < seconds * A_SECOND; i++) {
		bool is_from_client = i % 2;
		int64_t sent_ns = SECOND_NS / A_SECOND * i;
		int64_t come_ns = sent_ns + DELAY_MS * MILLISECOND_NS;
		int64_t here_ns = is_from_client ? sent_ns : come_ns;
		int64_t there_ns = is_from_client ? come_ns : sent_ns;
		struct packet packet =
			packet_at(i, is_from_client, start_ns + here_ns);

		shared_packets_add(shared, 0, &packet);
		packet.time_ns = start_ns + there_ns + offset_ns +
				 there_ns / 1000000 * skew_ppm;
		shared_packets_add(shared, 1, &packet);
	}
}

static void offset_and_skew_are_measured(void **state)
{
	struct shared_packets shared;
	struct clock_offset clock;

	(void)state;
	assert_true(shared_packets_init(&shared));
	record(&shared, 100, 37 * SECOND_NS, 50);
	clock = shared_packets_offset(&shared, 1);
	shared_packets_release(&shared);
	assert_true(clock.is_known);
	assert_int_equal(clock.packets, 2000);
	/* in the middle of 100 s, 50 ppm have made 2.5 ms of it */
	assert_in_range(clock.offset_ns, 37 * SECOND_NS + 2 * MILLISECOND_NS,
		37 * SECOND_NS + 3 * MILLISECOND_NS);
	assert_true(clock.skew_ppm > 45 && clock.skew_ppm < 55);
}

static void a_clock_behind_is_negative(void **state)
{
	struct shared_packets shared;
	struct clock_offset clock;

	(void)state;
	assert_true(shared_packets_init(&shared));
	record(&shared, 5, -3 * SECOND_NS, 0);
	clock = shared_packets_offset(&shared, 1);
	shared_packets_release(&shared);
	assert_true(clock.is_known);
	assert_int_equal(clock.offset_ns, -3 * SECOND_NS);
	assert_true(clock.skew_ppm == 0); /* five seconds tell none */
}

static void one_direction_tells_no_offset(void **state)
{
	struct shared_packets shared;

	(void)state;
	assert_true(shared_packets_init(&shared));
	for (unsigned i = 0; i < 100; i++) {
		struct packet packet = packet_at(i, true, i * SECOND_NS);

		shared_packets_add(&shared, 0, &packet);
		packet.time_ns += DELAY_MS * MILLISECOND_NS;
		shared_packets_add(&shared, 1, &packet);
	}
	assert_false(shared_packets_offset(&shared, 1).is_known);
	assert_int_equal(shared_packets_offset(&shared, 1).packets, 100);
	shared_packets_release(&shared);
}

static void other_packets_are_not_shared(void **state)
{
	struct shared_packets shared;
	struct packet packet = packet_at(1, true, 0);
	static const uint8_t bytes[] = "ab";

	(void)state;
	assert_true(shared_packets_init(&shared));
	packet.payload = bytes;
	packet.payload_bytes = packet.payload_captured = 1;
	shared_packets_add(&shared, 0, &packet);
	packet.payload = bytes + 1; /* other bytes */
	shared_packets_add(&shared, 1, &packet);
	packet.payload = bytes;
	packet.ip_id = 7; /* the same, sent again */
	shared_packets_add(&shared, 1, &packet);
	assert_int_equal(shared.shared, 0);
	packet.ip_id = 0;
	packet.ttl = 60;	   /* what routers change */
	packet.source_port = 1522; /* what a NAT does */
	shared_packets_add(&shared, 1, &packet);
	assert_int_equal(shared.shared, 1);
	shared_packets_add(&shared, 1, &packet); /* a mirror's copy */
	assert_int_equal(shared.shared, 1);
	shared_packets_release(&shared);
}

static struct conn_view view_of(unsigned number, unsigned place)
{
	struct conn_view view = {
		.port = {CLIENT_PORT, SERVER_PORT},
		.place = (uint8_t)place,
		.flags = FLOW_ORIENTED,
		.record = UINT32_MAX,
	};

	view.address[0].bytes[0] = (uint8_t)(number >> 8);
	view.address[0].bytes[1] = (uint8_t)number;
	view.address[1].bytes[0] = 192;
	for (unsigned i = 0; i < 2; i++)
		view.side[i] = (struct view_side){
			.flags = SIDE_SEEN | SIDE_SYN,
			.first_sequence = number * 77777 + i,
		};
	return view;
}

static void what_went_well_at_both_is_forgotten(void **state)
{
	struct pairing pairing;

	(void)state;
	assert_true(pairing_init(&pairing));
	pairing.place_count = 2;
	for (unsigned i = 0; i < 10000; i++) {
		struct conn_view here = view_of(i, 0), there = view_of(i, 1);

		pairing_add(&pairing, &here, false);
		pairing_add(&pairing, &there, false);
	}
	assert_int_equal(pairing.pairs, 10000);
	assert_int_equal(pairing.count, 1);
	assert_int_equal(pairing.evicted, 0);
	pairing_release(&pairing);
}

static void what_is_to_be_told_outlives_the_rest(void **state)
{
	struct pairing pairing;
	struct conn_view told = view_of(60000, 0), asked = view_of(60000, 1);
	struct conn_link link;

	(void)state;
	assert_true(pairing_init(&pairing));
	pairing.place_count = 2;
	pairing_add(&pairing, &told, true);
	for (unsigned i = 0; i < PAIRING_VIEWS + 1000; i++) {
		struct conn_view view = view_of(i % 50000, 0);

		view.port[0] = (uint16_t)(i / 50000);
		pairing_add(&pairing, &view, false);
	}
	assert_int_equal(pairing.count, PAIRING_VIEWS);
	assert_int_equal(pairing.evicted, 1001);
	assert_true(pairing_find(&pairing, &asked, &link));
	assert_false(link.is_swapped);
	assert_false(link.is_translated);
	pairing_release(&pairing);
}

/* A flood of one number, all of it to be told: the newest are found, at no cost
 * that grows with the flood. */
static void a_flood_of_one_number_is_bounded(void **state)
{
	struct pairing pairing;
	struct conn_link link;

	(void)state;
	assert_true(pairing_init(&pairing));
	pairing.place_count = 2;
	for (unsigned i = 0; i < 4 * PAIRING_VIEWS; i++) {
		struct conn_view view = view_of(i % 50000, 0);

		view.port[0] = (uint16_t)(i / 50000);
		view.side[0].first_sequence = 7;
		pairing_add(&pairing, &view, true);
		view.place = 1;
		assert_true(pairing_find(&pairing, &view, &link));
	}
	assert_int_equal(pairing.count, PAIRING_VIEWS);
	assert_int_equal(pairing.evicted, 3 * PAIRING_VIEWS);
	pairing_release(&pairing);
}

static void both_initial_numbers_are_proof_across_a_nat(void **state)
{
	struct pairing pairing;
	struct conn_view inside = view_of(1, 0), outside = view_of(1, 1);
	struct conn_link link;

	(void)state;
	assert_true(pairing_init(&pairing));
	pairing.place_count = 2;
	outside.address[0].bytes[0] = 203;
	outside.port[0] = 1522;
	outside.address[1].bytes[3] = 9; /* and the server's */
	pairing_add(&pairing, &inside, true);
	assert_true(pairing_find(&pairing, &outside, &link));
	assert_true(link.is_translated);
	outside.side[1].first_sequence++;
	assert_false(pairing_find(&pairing, &outside, &link));
	/* the server's number is not known: only to the same server, and at
	 * the same time */
	outside.side[1].flags = 0;
	assert_false(pairing_find(&pairing, &outside, &link));
	outside.address[1] = inside.address[1];
	assert_true(pairing_find(&pairing, &outside, &link));
	outside.first_ns += 3600 * SECOND_NS;
	assert_false(pairing_find(&pairing, &outside, &link));
	pairing.offset_ns[1] = 3600 * SECOND_NS;
	assert_true(pairing_find(&pairing, &outside, &link));
	pairing_release(&pairing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offset_and_skew_are_measured),
		cmocka_unit_test(a_clock_behind_is_negative),
		cmocka_unit_test(one_direction_tells_no_offset),
		cmocka_unit_test(other_packets_are_not_shared),
		cmocka_unit_test(what_went_well_at_both_is_forgotten),
		cmocka_unit_test(what_is_to_be_told_outlives_the_rest),
		cmocka_unit_test(a_flood_of_one_number_is_bounded),
		cmocka_unit_test(both_initial_numbers_are_proof_across_a_nat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

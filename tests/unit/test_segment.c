/* Sequence numbers of a connection, for plots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/segment.h"

static struct segment_tracker tracker;

struct sent {
	uint32_t sequence, acknowledged, bytes;
	uint16_t flags, window;
	int64_t time_ns;
};

static struct segment take(enum speaker speaker, struct sent sent)
{
	static struct packet packet;
	struct segment segment;

	packet = (struct packet){
		.kind = PACKET_TCP,
		.sequence = sent.sequence,
		.acknowledged = sent.acknowledged,
		.payload_bytes = sent.bytes,
		.tcp_flags = sent.flags,
		.window = sent.window,
		.time_ns = sent.time_ns,
	};
	segment_take(&tracker, &packet, speaker, &segment);
	return segment;
}

static void begin(uint32_t client, uint32_t server)
{
	segment_tracker_begin(&tracker, NULL);
	(void)take(SPEAKER_CLIENT, (struct sent){client, 0, 0, TCP_SYN, 0, 0});
	(void)take(SPEAKER_SERVER, (struct sent){server, client + 1, 0,
					   TCP_SYN | TCP_ACK, 0, 1000});
}

static void numbers_count_from_the_syn_and_do_not_wrap(void **state)
{
	struct segment segment;

	(void)state;
	begin(4294967000u, 7);
	segment = take(SPEAKER_CLIENT,
		(struct sent){4294967001u, 8, 1000, TCP_ACK, 0, 2000});
	assert_int_equal(segment.data.start, 1);
	assert_int_equal(segment.data.end, 1001);
	assert_int_equal(segment.kind, SEGMENT_NEW);
	segment = take(
		SPEAKER_SERVER, (struct sent){8, 705, 0, TCP_ACK, 500, 3000});
	assert_true(segment.has_ack);
	assert_int_equal(segment.ack, 1001);
	assert_int_equal(segment.edge, 1501);
	assert_int_equal(segment.rtt_ns, 1000);
}

static void what_fills_a_gap_was_not_sent_again(void **state)
{
	(void)state;
	begin(0, 0);
	assert_int_equal(
		take(SPEAKER_CLIENT, (struct sent){1, 1, 100, TCP_ACK, 0, 1})
			.kind,
		SEGMENT_NEW);
	assert_int_equal(
		take(SPEAKER_CLIENT, (struct sent){201, 1, 100, TCP_ACK, 0, 2})
			.kind,
		SEGMENT_NEW);
	assert_int_equal(
		take(SPEAKER_CLIENT, (struct sent){101, 1, 100, TCP_ACK, 0, 3})
			.kind,
		SEGMENT_NEW);
	assert_int_equal(
		take(SPEAKER_CLIENT, (struct sent){101, 1, 100, TCP_ACK, 0, 4})
			.kind,
		SEGMENT_AGAIN);
	assert_int_equal(
		take(SPEAKER_CLIENT, (struct sent){300, 1, 0, TCP_ACK, 0, 5})
			.kind,
		SEGMENT_PROBE);
	assert_int_equal(
		take(SPEAKER_CLIENT, (struct sent){301, 1, 0, TCP_ACK, 0, 6})
			.kind,
		SEGMENT_NONE);
}

/* Karn's algorithm, RFC 6298, 3. */
static void what_was_sent_again_has_no_round_trip(void **state)
{
	(void)state;
	begin(0, 0);
	(void)take(SPEAKER_CLIENT, (struct sent){1, 1, 100, TCP_ACK, 0, 10});
	(void)take(SPEAKER_CLIENT, (struct sent){1, 1, 100, TCP_ACK, 0, 20});
	assert_int_equal(
		take(SPEAKER_SERVER, (struct sent){1, 101, 0, TCP_ACK, 0, 30})
			.rtt_ns,
		-1);
	(void)take(SPEAKER_CLIENT, (struct sent){101, 1, 100, TCP_ACK, 0, 40});
	assert_int_equal(
		take(SPEAKER_SERVER, (struct sent){1, 201, 0, TCP_ACK, 0, 70})
			.rtt_ns,
		30);
}

static void a_window_is_scaled_when_both_syns_say_so(void **state)
{
	struct packet packet = {
		.kind = PACKET_TCP,
		.tcp_flags = TCP_SYN,
		.options = OPTION_WINDOW_SCALE,
		.window_scale = 3,
		.window = 100,
	};
	struct segment segment;

	(void)state;
	for (unsigned has_both = 0; has_both < 2; has_both++) {
		segment_tracker_begin(&tracker, NULL);
		packet.tcp_flags = TCP_SYN;
		packet.options = OPTION_WINDOW_SCALE;
		segment_take(&tracker, &packet, SPEAKER_CLIENT, &segment);
		packet.tcp_flags = TCP_SYN | TCP_ACK;
		packet.options = has_both ? OPTION_WINDOW_SCALE : 0;
		packet.acknowledged = 1;
		segment_take(&tracker, &packet, SPEAKER_SERVER, &segment);
		assert_int_equal(segment.edge, 101); /* never of a SYN */
		segment = take(SPEAKER_CLIENT,
			(struct sent){1, 1, 0, TCP_ACK, 100, 5});
		assert_int_equal(segment.edge, has_both ? 801 : 101);
	}
}

static void sack_blocks_are_of_the_other_side(void **state)
{
	struct packet packet = {
		.kind = PACKET_TCP,
		.tcp_flags = TCP_ACK,
		.acknowledged = 101,
		.sack_count = 1,
		.sack = {{.start = 201, .end = 301}},
	};
	struct segment segment;

	(void)state;
	begin(0, 0);
	(void)take(SPEAKER_CLIENT, (struct sent){1, 1, 300, TCP_ACK, 0, 10});
	packet.sequence = 1;
	segment_take(&tracker, &packet, SPEAKER_SERVER, &segment);
	assert_int_equal(segment.sack_count, 1);
	assert_int_equal(segment.sack[0].start, 201);
	assert_int_equal(segment.sack[0].end, 301);
}

static void a_reset_moves_no_number(void **state)
{
	struct segment segment;

	(void)state;
	begin(0, 0);
	(void)take(SPEAKER_SERVER, (struct sent){9000, 1, 0, TCP_RST, 0, 10});
	segment = take(SPEAKER_SERVER, (struct sent){1, 1, 10, TCP_ACK, 0, 20});
	assert_int_equal(segment.kind, SEGMENT_NEW);
	assert_int_equal(segment.data.start, 1);
}

static void holes_are_bounded(void **state)
{
	(void)state;
	begin(0, 0);
	for (uint32_t i = 0; i < 10000; i++)
		(void)take(SPEAKER_CLIENT,
			(struct sent){1 + 20 * i, 1, 10, TCP_ACK, 0, i});
	assert_int_equal(tracker.sides[0].hole_count, SEGMENT_HOLES);
	assert_int_equal(
		tracker.sides[0].waiting_end - tracker.sides[0].waiting_first,
		SEGMENT_WAITING);
	/* the last is known, the first is forgotten */
	assert_int_equal(take(SPEAKER_CLIENT, (struct sent){1 + 20 * 9998 + 10,
						      1, 10, TCP_ACK, 0, 0})
				 .kind,
		SEGMENT_NEW);
	assert_int_equal(
		take(SPEAKER_CLIENT, (struct sent){11, 1, 10, TCP_ACK, 0, 0})
			.kind,
		SEGMENT_AGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_count_from_the_syn_and_do_not_wrap),
		cmocka_unit_test(what_fills_a_gap_was_not_sent_again),
		cmocka_unit_test(what_was_sent_again_has_no_round_trip),
		cmocka_unit_test(a_window_is_scaled_when_both_syns_say_so),
		cmocka_unit_test(sack_blocks_are_of_the_other_side),
		cmocka_unit_test(a_reset_moves_no_number),
		cmocka_unit_test(holes_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Answers find their probes, and are compared with few of those that were sent,
 * whatever a recording holds: work is counted, not time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "probe/protocol/response_match.h"

enum { ANSWERS = 60000, VAIN_EACH = 32 * 6 };

static const struct address own = {{10, 0, 0, 1}};
static const struct address target = {{192, 0, 2, 7}};
static const struct address router = {{10, 0, 0, 9}};

static struct probe_table *new_table(void)
{
	struct probe_table *table = calloc(1, sizeof(*table));

	assert_non_null(table);
	table->own = own;
	table->target = target;
	table->family = 4;
	return table;
}

static struct sent_probe segment(uint32_t number)
{
	return (struct sent_probe){
		.frame = number + 1,
		.ip_bytes = 60,
		.sequence = number * 8,
		.payload_bytes = 8,
		.ip_id = (uint16_t)number,
		.source_port = 40000,
		.target_port = 443,
		.tcp_flags = TCP_ACK,
		.protocol = PROTOCOL_TCP,
	};
}

/* A router's, with the quote of a segment. */
static struct packet expired(uint32_t sequence, uint16_t ip_id, uint16_t port)
{
	return (struct packet){
		.kind = PACKET_ICMP,
		.family = 4,
		.source = router,
		.target = own,
		.icmp_type = ICMP4_TIME_EXCEEDED,
		.quoted = {.family = 4,
			.protocol = PROTOCOL_TCP,
			.source = own,
			.target = target,
			.has_ports = true,
			.source_port = 40000,
			.target_port = port,
			.has_sequence = true,
			.sequence = sequence,
			.ip_id = ip_id,
			.total_bytes = 60},
	};
}

static void every_probe_is_found_by_its_quote(void **state)
{
	struct probe_table *table = new_table();
	enum response_kind kind;

	(void)state;
	for (uint32_t i = 0; i < SENT_PROBES_MAX; i++) {
		struct sent_probe probe = segment(i);

		assert_int_equal(probe_table_add(table, &probe), i);
	}
	for (uint32_t i = 0; i < SENT_PROBES_MAX; i++) {
		struct packet packet = expired(i * 8, (uint16_t)i, 443);

		assert_int_equal(response_match(table, &packet, &kind), i);
		assert_int_equal(kind, RESPONSE_EXPIRED);
	}
	/* by the identification alone, and by the sequence number alone */
	struct packet packet = expired(1, 77, 443);

	assert_int_equal(response_match(table, &packet, &kind), 77);
	packet = expired(78 * 8, UINT16_MAX, 443);
	assert_int_equal(response_match(table, &packet, &kind), 78);
	free(table);
}

static void quotes_of_nothing_that_was_sent_cost_little(void **state)
{
	struct probe_table *table = new_table();
	enum response_kind kind;

	(void)state;
	for (uint32_t i = 0; i < SENT_PROBES_MAX; i++) {
		struct sent_probe probe = segment(i);

		(void)probe_table_add(table, &probe);
	}
	for (uint32_t i = 0; i < ANSWERS; i++) {
		struct packet packet =
			expired(0x80000000u + i, (uint16_t)(i | 0x8000), 443);

		assert_int_equal(response_match(table, &packet, &kind), -1);
	}
	/* 8,192 probes in 1,024 chains: about eight for each of three keys */
	assert_in_range(table->vain, 1, (uint64_t)ANSWERS * 4 * 8);
	free(table);
}

/* All probes are one, and the quotes differ in their port alone. */
static void probes_that_are_alike_are_not_compared_for_ever(void **state)
{
	struct probe_table *table = new_table();
	struct sent_probe probe = segment(5);
	enum response_kind kind;
	uint64_t before = 0;

	(void)state;
	for (uint32_t i = 0; i < SENT_PROBES_MAX; i++)
		(void)probe_table_add(table, &probe);
	for (uint32_t i = 0; i < ANSWERS; i++) {
		struct packet packet = expired(40, 5, 80);

		if (i == ANSWERS / 2)
			before = table->vain;
		packet.quoted.source_port = 1;
		assert_int_equal(response_match(table, &packet, &kind), -1);
	}
	assert_in_range(
		table->vain - before, 1, (uint64_t)ANSWERS / 2 * VAIN_EACH);

	/* the newest are compared still */
	struct packet packet = expired(40, 5, 443);

	assert_int_equal(
		response_match(table, &packet, &kind), SENT_PROBES_MAX - 1);
	free(table);
}

/* A stray segment is answered by the reset with the number that it
 * acknowledges, and old data of a connection by no reset. */
static void a_reset_answers_a_stray_segment_alone(void **state)
{
	struct probe_table *table = new_table();
	struct sent_probe stray = segment(1), connections = segment(2);
	struct packet reset = {.kind = PACKET_TCP,
		.family = 4,
		.source = target,
		.target = own,
		.source_port = 443,
		.target_port = 40000,
		.tcp_flags = TCP_RST};
	enum response_kind kind;

	(void)state;
	stray.acknowledged = ~stray.sequence;
	connections.acknowledged = 7777;
	(void)probe_table_add(table, &stray);
	(void)probe_table_add(table, &connections);
	reset.sequence = stray.acknowledged;
	assert_int_equal(response_match(table, &reset, &kind), 0);
	assert_int_equal(kind, RESPONSE_ARRIVED);
	reset.sequence++;
	assert_int_equal(response_match(table, &reset, &kind), -1);
	reset.sequence = connections.acknowledged;
	assert_int_equal(response_match(table, &reset, &kind), -1);
	reset.sequence = stray.acknowledged;
	reset.tcp_flags = TCP_RST | TCP_ACK;
	assert_int_equal(response_match(table, &reset, &kind), -1);
	reset.tcp_flags = TCP_RST;
	reset.target_port++;
	assert_int_equal(response_match(table, &reset, &kind), -1);
	free(table);
}

/* RFC 792, RFC 1812: the packet that a redirect or a source quench quotes went
 * on. */
static void advice_is_no_rejection(void **state)
{
	static const struct {
		uint8_t type, code;
		enum response_kind kind;
	} errors[] = {
		{ICMP4_UNREACHABLE, 13, RESPONSE_UNREACHABLE},
		{ICMP4_UNREACHABLE, ICMP4_PORT, RESPONSE_UNREACHABLE},
		{ICMP4_TIME_EXCEEDED, 0, RESPONSE_EXPIRED},
		{ICMP4_REDIRECT, 1, RESPONSE_NONE},
		{ICMP4_QUENCH, 0, RESPONSE_NONE},
		{ICMP4_PARAMETER, 0, RESPONSE_UNREACHABLE},
	};
	struct probe_table *table = new_table();
	struct sent_probe sent_probe = segment(7);

	(void)state;
	assert_int_equal(probe_table_add(table, &sent_probe), 0);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct packet packet = expired(7 * 8, 7, 443);
		enum response_kind kind;
		int row;

		packet.icmp_type = errors[i].type;
		packet.icmp_code = errors[i].code;
		row = response_match(table, &packet, &kind);
		assert_int_equal(kind, errors[i].kind);
		assert_int_equal(row, kind == RESPONSE_NONE ? -1 : 0);
	}
	free(table);
}

static void a_syn_that_is_sent_again_is_known(void **state)
{
	struct probe_table *table = new_table();
	struct sent_probe syn = segment(7), data = segment(8);

	(void)state;
	syn.tcp_flags = TCP_SYN;
	assert_int_equal(probe_table_add(table, &syn), 0);
	assert_int_equal(probe_table_add(table, &data), 1);
	assert_int_equal(probe_table_add(table, &syn), 2);
	syn.source_port++;
	assert_int_equal(probe_table_add(table, &syn), 3);
	for (int i = 0; i < 4; i++)
		assert_int_equal(table->sent_probe[i].is_repeated_syn, i == 2);
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_probe_is_found_by_its_quote),
		cmocka_unit_test(quotes_of_nothing_that_was_sent_cost_little),
		cmocka_unit_test(
			probes_that_are_alike_are_not_compared_for_ever),
		cmocka_unit_test(a_reset_answers_a_stray_segment_alone),
		cmocka_unit_test(advice_is_no_rejection),
		cmocka_unit_test(a_syn_that_is_sent_again_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

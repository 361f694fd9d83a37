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

enum { ECHO_IDENTIFIER = 0xbf21, ECHO_BYTES = 1500 };

static struct sent_probe echo_probe(void)
{
	return (struct sent_probe){
		.frame = 1,
		.ip_bytes = ECHO_BYTES,
		.ip_id = 500,
		.source_port = ECHO_IDENTIFIER,
		.target_port = 9,
		.protocol = PROTOCOL_ICMP,
	};
}

/* Whether this quote of an echo request, an IP header and eight bytes of it,
 * finds the probe in row 0. */
static bool is_echo_found(struct probe_table *table, uint16_t identifier,
	uint16_t sequence, uint16_t ip_id, uint16_t bytes)
{
	const uint8_t quote[28] = {[0] = 0x45,
		[20] = ICMP4_ECHO,
		[24] = (uint8_t)(identifier >> 8),
		[25] = (uint8_t)identifier,
		[27] = (uint8_t)sequence};
	struct packet packet = expired(0, ip_id, 0);
	enum response_kind kind;
	int row;

	packet.quoted.protocol = PROTOCOL_ICMP;
	packet.quoted.has_ports = packet.quoted.has_sequence = false;
	packet.quoted.total_bytes = bytes;
	packet.payload = quote;
	packet.payload_captured = sizeof(quote);
	row = response_match(table, &packet, &kind);
	return row == 0;
}

/* Sequence numbers of echo requests count from 1, and sizes can be guessed: a
 * quote with another identifier needs the IP ID and the length. */
static void an_echo_request_is_not_found_by_its_sequence_number(void **state)
{
	struct probe_table *table = new_table();
	struct sent_probe sent = echo_probe();

	(void)state;
	assert_int_equal(probe_table_add(table, &sent), 0);
	assert_false(is_echo_found(table, 7, 9, 1, ECHO_BYTES));
	assert_false(is_echo_found(table, 7, 9, 500, 1480));
	assert_false(is_echo_found(table, 7, 10, 500, ECHO_BYTES));
	assert_false(is_echo_found(table, ECHO_IDENTIFIER, 10, 1, ECHO_BYTES));
	/* a NAT that does not restore it; one that changed the IP ID; a router
	 * that quotes another length */
	assert_true(is_echo_found(table, 7, 9, 500, ECHO_BYTES));
	assert_true(is_echo_found(table, ECHO_IDENTIFIER, 9, 1, ECHO_BYTES));
	assert_true(is_echo_found(table, ECHO_IDENTIFIER, 9, 500, 1480));
	assert_true(is_echo_found(table, ECHO_IDENTIFIER, 9, 1, 1480));
	free(table);
}

static int row_of(struct probe_table *table, const struct packet *packet)
{
	enum response_kind kind;

	return response_match(table, packet, &kind);
}

static void a_segment_needs_its_port_or_sequence_number(void **state)
{
	struct probe_table *table = new_table();
	struct sent_probe sent = segment(7);
	struct packet packet = expired(99, 7, 443);

	(void)state;
	assert_int_equal(probe_table_add(table, &sent), 0);
	assert_int_equal(row_of(table, &packet), 0);
	packet.quoted.source_port = 4;
	assert_int_equal(row_of(table, &packet), -1);
	assert_true(response_is_out_of_window(table, &packet));
	/* of a NAT's port the sequence number tells, and then it is known */
	packet.quoted.sequence = 7 * 8;
	assert_int_equal(row_of(table, &packet), 0);
	packet.quoted.sequence = 99;
	assert_int_equal(row_of(table, &packet), 0);
	packet.quoted.source_port = 5;
	assert_int_equal(row_of(table, &packet), -1);
	free(table);
}

/* A device changes port and sequence numbers: the quote of a SYN shows it. */
static void a_syn_shows_which_port_a_device_makes(void **state)
{
	struct probe_table *table = new_table();
	struct sent_probe sent = segment(7), syn = segment(8);
	struct packet packet = expired(99, 7, 443);

	(void)state;
	syn.tcp_flags = TCP_SYN;
	syn.acknowledged = 0x12345678;
	assert_int_equal(probe_table_add(table, &sent), 0);
	assert_int_equal(probe_table_add(table, &syn), 1);
	packet.quoted.source_port = 4;
	assert_int_equal(row_of(table, &packet), -1);
	packet.quoted.ip_id = 1;
	packet.quoted.has_acknowledged = true;
	packet.quoted.acknowledged = syn.acknowledged + 1;
	assert_int_equal(row_of(table, &packet), -1);
	packet.quoted.acknowledged--;
	assert_int_equal(row_of(table, &packet), 1);
	packet.quoted.has_acknowledged = false;
	packet.quoted.ip_id = 7;
	assert_int_equal(row_of(table, &packet), 0);
	free(table);
}

/* Of UDP the port is random, the target's is not. */
static void a_datagram_needs_its_port_or_ip_id(void **state)
{
	const uint8_t quote[28] = {[0] = 0x45};
	struct probe_table *table = new_table();
	struct sent_probe sent = segment(7);
	struct packet packet = expired(0, 1, 443);

	(void)state;
	sent.protocol = PROTOCOL_UDP;
	assert_int_equal(probe_table_add(table, &sent), 0);
	packet.quoted.protocol = PROTOCOL_UDP;
	packet.quoted.has_sequence = false;
	packet.payload = quote;
	packet.payload_captured = sizeof(quote);
	assert_int_equal(row_of(table, &packet), 0);
	packet.quoted.source_port = 1;
	assert_int_equal(row_of(table, &packet), -1);
	packet.quoted.ip_id = 7;
	assert_int_equal(row_of(table, &packet), 0);
	packet.quoted.total_bytes++;
	assert_int_equal(row_of(table, &packet), -1);
	free(table);
}

/* IPv6: a fragment header and nothing behind it names no echo request. */
static void a_fragment_header_alone_names_no_echo_request(void **state)
{
	uint8_t quote[48] = {[0] = 0x60, [6] = PROTOCOL_FRAGMENT};
	struct probe_table *table = new_table();
	struct sent_probe sent = echo_probe();
	struct packet packet = expired(0, 77, 0);

	(void)state;
	table->family = 6;
	sent.protocol = PROTOCOL_ICMP6;
	assert_int_equal(probe_table_add(table, &sent), 0);
	packet.family = packet.quoted.family = 6;
	packet.icmp_type = ICMP6_TIME_EXCEEDED;
	packet.quoted.protocol = PROTOCOL_ICMP6;
	packet.quoted.has_ports = packet.quoted.has_sequence = false;
	packet.quoted.total_bytes = ECHO_BYTES;
	packet.payload = quote;
	packet.payload_captured = sizeof(quote);
	assert_int_equal(row_of(table, &packet), -1);
	packet.quoted.ip_id = sent.ip_id;
	assert_int_equal(row_of(table, &packet), 0);
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
		cmocka_unit_test(
			an_echo_request_is_not_found_by_its_sequence_number),
		cmocka_unit_test(a_segment_needs_its_port_or_sequence_number),
		cmocka_unit_test(a_syn_shows_which_port_a_device_makes),
		cmocka_unit_test(a_datagram_needs_its_port_or_ip_id),
		cmocka_unit_test(a_fragment_header_alone_names_no_echo_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the prober and the judge of its recordings agree on; and that the
 * committed recordings keep to the rules that they were made by, whatever the
 * rules are now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "probe/protocol/connection_role.h"
#include "probe/protocol/probe_command.h"
#include "probe/protocol/probe_method.h"
#include "probe/protocol/probe_rules.h"
#include "probe/protocol/quote_probe.h"
#include "probe/protocol/section_comment.h"
#include "probe/protocol/segment_size.h"
#include "tests/support/probe_recordings.h"

static const struct address own = {{10, 0, 0, 1}};
static const struct address target = {{10, 0, 9, 9}};
static const struct address target_6 = {{0x20, 0x01, 0x0d, 0xb8}};

static void the_comment_names_the_trigger(void **state)
{
	struct section_comment comment = {.version = PROBE_RULES_VERSION,
		.own = own,
		.target = target,
		.family = 4,
		.port = 443,
		.interface_mtu = 1500,
		.trigger = "tls:lab.test",
		.experiments = probe_experiment_bit(EXPERIMENT_RESET)};
	struct section_comment again;
	char text[SECTION_COMMENT_BYTES];

	(void)state;
	section_comment_write(&comment, text);
	assert_int_equal(
		section_comment_read(text, &again), SECTION_COMMENT_PROBE);
	assert_string_equal(again.trigger, "tls:lab.test");
	/* It is printed: nothing but what hosts' names are made of. */
	strcpy(comment.trigger, "tls:\033[31m");
	section_comment_write(&comment, text);
	assert_int_equal(
		section_comment_read(text, &again), SECTION_COMMENT_NONE);
}

static void a_segment_s_place_says_what_it_is(void **state)
{
	struct packet packet = {
		.kind = PACKET_TCP,
		.tcp_flags = TCP_ACK,
		.window = RESET_WINDOW + 3,
		.payload_bytes = 10};
	const uint32_t next = 5; /* the numbers wrap */

	(void)state;
	packet.sequence = next - RESET_TRIGGER_APART - 10;
	assert_int_equal(reset_segment_of(&packet, next), RESET_TRIGGER);
	packet.sequence -= RESET_NUMBERS - 1;
	assert_int_equal(reset_segment_of(&packet, next), RESET_TRIGGER);
	packet.sequence--;
	assert_int_equal(reset_segment_of(&packet, next), RESET_SEGMENT_COUNT);
	packet.sequence = next - RESET_CONTROL_APART - 10;
	assert_int_equal(reset_segment_of(&packet, next), RESET_CONTROL);
	packet.sequence = next - RESET_QUESTION_APART - 10;
	assert_int_equal(reset_segment_of(&packet, next), RESET_SEGMENT_COUNT);
	packet.payload_bytes = 1;
	packet.sequence = next - RESET_QUESTION_APART - 1;
	assert_int_equal(reset_segment_of(&packet, next), RESET_QUESTION);
	packet.window = RESET_WINDOW + RESET_WINDOWS;
	assert_int_equal(reset_segment_of(&packet, next), RESET_SEGMENT_COUNT);
	packet.window = RESET_WINDOW - 1;
	assert_int_equal(reset_segment_of(&packet, next), RESET_SEGMENT_COUNT);
	/* old data of other experiments on a shared connection */
	packet.window = UINT16_MAX;
	assert_int_equal(reset_segment_of(&packet, next), RESET_SEGMENT_COUNT);
	packet.window = RESET_WINDOW;
	packet.tcp_flags = TCP_ACK | TCP_FIN;
	assert_int_equal(reset_segment_of(&packet, next), RESET_SEGMENT_COUNT);
}

static void the_comment_is_read_as_written(void **state)
{
	struct section_comment comment = {.version = PROBE_RULES_VERSION,
		.own = own,
		.target = target,
		.family = 4,
		.port = 443,
		.interface_mtu = 9000,
		.experiments = probe_experiment_bit(EXPERIMENT_ROUTE) |
			       probe_experiment_bit(EXPERIMENT_TOO_BIG)};
	struct section_comment again;
	char text[SECTION_COMMENT_BYTES];

	(void)state;
	section_comment_write(&comment, text);
	assert_string_equal(text,
		"culprit probe: version=3 target=10.0.9.9 port=443 "
		"source=10.0.0.1 mtu=9000 experiments=route,too-big");
	assert_int_equal(
		section_comment_read(text, &again), SECTION_COMMENT_PROBE);
	/* field by field: padding has no value */
	assert_int_equal(again.version, comment.version);
	assert_memory_equal(&again.own, &own, sizeof(own));
	assert_memory_equal(&again.target, &target, sizeof(target));
	assert_int_equal(again.family, comment.family);
	assert_int_equal(again.port, comment.port);
	assert_int_equal(again.interface_mtu, comment.interface_mtu);
	assert_int_equal(again.experiments, comment.experiments);
	assert_false(again.is_end_stated);
	comment.is_end_stated = true;
	section_comment_write(&comment, text);
	assert_int_equal(
		section_comment_read(text, &again), SECTION_COMMENT_PROBE);
	assert_true(again.is_end_stated);
	assert_true(section_comment_has(&again, EXPERIMENT_TOO_BIG));
	assert_false(section_comment_has(&again, EXPERIMENT_MTU));
}

static void an_end_is_read_as_it_was_written(void **state)
{
	const uint32_t sets[] = {0, probe_experiment_bit(EXPERIMENT_ROUTE),
		probe_experiment_bit(EXPERIMENT_MTU) |
			probe_experiment_bit(EXPERIMENT_LOSS)};
	const char *others[] = {"", "culprit probe: ", "culprit probe: ended=",
		"culprit probe: ended=mtu,", "culprit probe: ended= mtu",
		"culprit probe: ended=nothing", "culprit: ended=mtu",
		"ended=mtu", "culprit probe: ended=mtu lost=",
		"culprit probe: ended=mtu lost=few"};
	char text[SECTION_COMMENT_BYTES];
	struct section_end end;

	(void)state;
	for (unsigned i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct section_end written = {.ended = sets[i], .lost = i * 7};

		section_comment_write_end(&written, text);
		end = (struct section_end){~sets[i], 5};
		assert_true(section_comment_read_end(text, &end));
		assert_int_equal(end.ended, sets[i]);
		assert_int_equal(end.lost, i * 7);
	}
	assert_true(section_comment_read_end(
		"culprit probe: ended=mtu alive=0 proxy=0", &end));
	assert_int_equal(end.ended, probe_experiment_bit(EXPERIMENT_MTU));
	assert_int_equal(end.lost, 0);
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(section_comment_read_end(others[i], &end));
}

static void the_longest_idle_time_is_in_the_comment(void **state)
{
	struct section_comment comment = {.version = PROBE_RULES_VERSION,
		.own = own,
		.target = target,
		.family = 4,
		.port = 443,
		.interface_mtu = 9000,
		.idle_max_s = 360,
		.experiments = probe_experiment_bit(EXPERIMENT_IDLE)};
	struct section_comment again;
	char text[SECTION_COMMENT_BYTES];

	(void)state;
	section_comment_write(&comment, text);
	assert_string_equal(text,
		"culprit probe: version=3 target=10.0.9.9 port=443 "
		"source=10.0.0.1 mtu=9000 experiments=idle idle=360");
	assert_int_equal(
		section_comment_read(text, &again), SECTION_COMMENT_PROBE);
	assert_int_equal(again.idle_max_s, 360);
	assert_true(section_comment_has(&again, EXPERIMENT_IDLE));
}

static void the_zone_of_a_link_local_target_is_kept(void **state)
{
	static const char *const refused[] = {"eth0;id", "$(id)", "a b", "`id`",
		"an-interface-that-is-too-long", "a'b"};
	struct section_comment again,
		comment = {.version = PROBE_RULES_VERSION,
			.own = {{0xfe, 0x80, [15] = 1}},
			.target = {{0xfe, 0x80, [15] = 9}},
			.family = 6,
			.port = 22,
			.interface_mtu = 1500,
			.experiments = probe_experiment_bit(EXPERIMENT_ROUTE),
			.is_end_stated = true};
	char text[SECTION_COMMENT_BYTES], named[PROBE_TARGET_TEXT];
	char command[PROBE_COMMAND_TEXT];

	(void)state;
	section_comment_set_zone(&comment, "d0");
	section_comment_write(&comment, text);
	assert_int_equal(
		section_comment_read(text, &again), SECTION_COMMENT_PROBE);
	assert_string_equal(again.zone, "d0");
	assert_true(again.is_end_stated);
	probe_target_text(&again, named);
	assert_string_equal(named, "fe80::9%d0");
	probe_endpoint_text(&again, command);
	assert_string_equal(command, "[fe80::9%d0]:22");
	probe_command_text(&again, command);
	assert_string_equal(command, "sudo culprit probe fe80::9%d0 -p 22");
	for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		section_comment_set_zone(&comment, refused[i]);
		assert_string_equal(comment.zone, "");
	}
	comment.target = target_6;
	section_comment_set_zone(&comment, "d0");
	assert_string_equal(comment.zone, "");
}

static void a_comment_without_a_version_is_of_the_first(void **state)
{
	struct section_comment comment;

	(void)state;
	assert_int_equal(
		section_comment_read("culprit probe: target=10.0.9.9 port=22 "
				     "source=10.0.0.1 mtu=1500 experiments=mtu",
			&comment),
		SECTION_COMMENT_PROBE);
	assert_int_equal(comment.version, 1);
}

static void rules_of_a_newer_culprit_are_not_guessed(void **state)
{
	struct section_comment comment;
	char text[SECTION_COMMENT_BYTES];

	(void)state;
	(void)snprintf(text, sizeof(text),
		"culprit probe: version=%d target=10.0.9.9 port=22 "
		"source=10.0.0.1 mtu=1500 experiments=mtu,sorcery",
		PROBE_RULES_VERSION + 1);
	assert_int_equal(
		section_comment_read(text, &comment), SECTION_COMMENT_NEWER);
}

static void other_lines_are_no_comment_of_a_probe(void **state)
{
	static const char *const lines[] = {
		NULL,
		"",
		"a capture of mine",
		"culprit probe: target=x port=1 source=y mtu=1500 "
		"experiments=mtu",
		"culprit probe: target=10.0.9.9 port=22 source=10.0.0.1 "
		"mtu=1500 experiments=sorcery",
		"culprit probe: target=10.0.9.9 port=22 source=10.0.0.1 "
		"mtu=67 experiments=mtu",
		"culprit probe: version=two target=10.0.9.9 port=22 "
		"source=10.0.0.1 mtu=1500 experiments=mtu",
		"culprit probe: version=1 target=10.0.9.9 port=22 "
		"source=10.0.0.1 mtu=1500 experiments=mtu",
		"culprit probe: target=10.0.9.9 port=22 source=::1 mtu=1500 "
		"experiments=mtu",
		"culprit probe: target=10.0.9.9 port=22 source=10.0.0.1 "
		"mtu=1500 experiments=idle idle=0",
		"culprit probe: target=10.0.9.9 port=22 source=10.0.0.1 "
		"mtu=1500 experiments=idle idle=x",
	};
	struct section_comment comment;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(section_comment_read(lines[i], &comment),
			SECTION_COMMENT_NONE);
}

/* Recordings exist that were made by these: they do not change. */
static void rules_of_the_first_version_stay_as_they_were(void **state)
{
	static const struct probe_rules first = {
		.version = 1,
		.floor_bytes = 256,
		.loss_medium_bytes = 576,
		.loss_delay_bytes = 80,
		.loss_least_sent = 60,
		.loss_hop_least_sent = 12,
		.fragment_tries = 4,
		.fragment_least_tries = 3,
		.router_rest_ns = 900000000,
		.retransmission_least_ns = 20000000,
		.missing_after_ns = 40000000,
		.reassembly_least_ns = 32500000000,
		.ptb_sure_repeats = 2,
		.idle_silent_tries = 5,
		.ssh_at_once = 8,
	};

	(void)state;
	assert_memory_equal(probe_rules_of(1), &first, sizeof(first));
	assert_non_null(probe_rules_of(PROBE_RULES_VERSION));
	assert_null(probe_rules_of(0));
	assert_null(probe_rules_of(PROBE_RULES_VERSION + 1));
}

static void the_target_is_behind_all_that_expired(void **state)
{
	struct hop_distance distance = {0};

	(void)state;
	assert_int_equal(hop_distance_of(&distance), 0);
	hop_distance_arrived(&distance, METHOD_ECHO, 4);
	assert_int_equal(hop_distance_of(&distance), 4);
	/* A load balancer answered echo: the connection goes on. */
	hop_distance_expired(&distance, METHOD_TCP, 5);
	assert_int_equal(hop_distance_of(&distance), 6);
	assert_true(hop_distance_is_echo_elsewhere(&distance));
	/* But nothing expires where it arrived. */
	hop_distance_arrived(&distance, METHOD_TCP, 5);
	assert_int_equal(hop_distance_of(&distance), 4);
	assert_false(hop_distance_is_echo_elsewhere(&distance));
	hop_distance_expired(&distance, METHOD_UDP, 9);
	assert_int_equal(hop_distance_of(&distance), 4);
}

static void what_went_the_whole_way_tells_no_distance(void **state)
{
	struct hop_distance distance = {0};

	(void)state;
	hop_distance_arrived(&distance, METHOD_TCP, HOP_LIMIT_WHOLE_WAY);
	assert_int_equal(hop_distance_of(&distance), 0);
	hop_distance_arrived(&distance, METHOD_TCP, 0);
	hop_distance_arrived(&distance, METHOD_TCP, 200);
	assert_int_equal(hop_distance_of(&distance), 0);
}

static void a_distance_is_guessed_from_the_nearest_initial_limit(void **state)
{
	(void)state;
	assert_int_equal(hop_distance_guess(64), 1);
	assert_int_equal(hop_distance_guess(59), 6);
	assert_int_equal(hop_distance_guess(128), 1);
	assert_int_equal(hop_distance_guess(240), 16);
}

static void few_missing_errors_are_loss_and_many_a_ration(void **state)
{
	(void)state;
	assert_false(error_ration_is_seen(3, 0));
	assert_false(error_ration_is_seen(3, 1));
	assert_true(error_ration_is_seen(3, 2));
	assert_false(error_ration_is_seen(6, 2));
	assert_true(error_ration_is_seen(6, 3));
}

static void the_first_connection_is_the_runs(void **state)
{
	struct connection_roles roles = {0};

	(void)state;
	assert_int_equal(
		connection_roles_take(&roles, 100, TCP_SYN), CONNECTION_OF_RUN);
	assert_int_equal(connection_roles_take(&roles, 101, TCP_SYN),
		CONNECTION_OF_EXPERIMENT);
	assert_int_equal(
		connection_roles_take(&roles, 100, TCP_ACK), CONNECTION_OF_RUN);
}

/* What one recording sent. */
struct sent {
	struct connection_roles roles;
	unsigned loss_by_size[PROBE_MOST_BYTES + 1];
	unsigned fragments[ECHO_KIND_COUNT]; /* packets, by first pieces */
};

#define DEMAND(truth)                                                          \
	do {                                                                   \
		if (!(truth)) {                                                \
			print_error("%s, frame %llu\n", one->name,             \
				(unsigned long long)packet->frame);            \
			assert_true(truth);                                    \
		}                                                              \
	} while (0)

static void check_tcp(struct sent *sent, const struct probe_recording *one,
	const struct packet *packet)
{
	enum connection_role role = connection_roles_take(
		&sent->roles, packet->source_port, packet->tcp_flags);
	struct sent_probe sent_probe = sent_probe_of_packet(packet);

	if (packet->tcp_flags & TCP_SYN) {
		DEMAND(packet->options & OPTION_MSS);
		DEMAND(packet->mss + tcp_headers_bytes(packet->family) <=
			one->comment.interface_mtu);
		return;
	}
	/* Experiments measure on the run's connection, by old data; on their
	 * own, words are pushed. But reset shows old data on its own. */
	if (probe_method_of(&sent_probe) == METHOD_TCP &&
		!section_comment_has(&one->comment, EXPERIMENT_RESET))
		DEMAND(role == CONNECTION_OF_RUN ||
			packet->tcp_flags & TCP_PSH);
}

static void check_echo(struct sent *sent, const struct probe_recording *one,
	const struct packet *packet)
{
	enum echo_kind kind = echo_kind_of(packet->icmp_sequence);

	if (kind == ECHO_KIND_COUNT) {
		DEMAND(!packet->is_first_fragment);
		return;
	}
	DEMAND(section_comment_has(&one->comment, EXPERIMENT_FRAGMENTS));
	DEMAND(packet->is_first_fragment ==
		(kind != ECHO_WHOLE && kind != ECHO_FULL &&
			kind != ECHO_CONTROL));
	sent->fragments[kind]++;
}

static void check_packet(struct sent *sent, const struct probe_recording *one,
	const struct packet *packet)
{
	const struct probe_rules *rules = probe_rules_of(one->comment.version);

	DEMAND(packet->ip_bytes <= PROBE_MOST_BYTES);
	DEMAND(packet->ttl <= HOP_LIMIT_WHOLE_WAY);
	if (packet->kind == PACKET_TCP)
		check_tcp(sent, one, packet);
	else if (packet->kind == PACKET_UDP)
		DEMAND(packet->tos == 0 || packet->tos == QUOTE_PROBE_TOS);
	else if (packet->kind == PACKET_ICMP && packet->quoted.family == 0)
		check_echo(sent, one, packet);
	struct sent_probe sent_probe = sent_probe_of_packet(packet);
	if (probe_method_of(&sent_probe) == METHOD_COUNT)
		return;
	if (packet->ttl == HOP_LIMIT_WHOLE_WAY)
		sent->loss_by_size[packet->ip_bytes]++;
	/* Which hops ration is told by small packets, what they lose by those
	 * that the search for the MTU never sends. */
	DEMAND(packet->ttl == HOP_LIMIT_WHOLE_WAY ||
		packet->ip_bytes <= rules->floor_bytes ||
		section_comment_has(&one->comment, EXPERIMENT_MTU));
}

static unsigned most(const unsigned *counts, unsigned first, unsigned end)
{
	unsigned largest = 0;

	for (unsigned i = first; i < end; i++)
		largest = counts[i] > largest ? counts[i] : largest;
	return largest;
}

static void check_counts(
	const struct sent *sent, const struct probe_recording *one)
{
	const struct probe_rules *rules = probe_rules_of(one->comment.version);
	unsigned small = sent->loss_by_size[LOSS_SMALL_BYTES];

	for (int kind = ECHO_TWO; kind <= ECHO_LONG; kind++)
		assert_in_range(
			sent->fragments[kind], 0, rules->fragment_tries);
	if (!section_comment_has(&one->comment, EXPERIMENT_LOSS))
		return;
	/* So many small ones as say how much is lost, and nothing of another
	 * size is sent as often, but for the path MTU. */
	if (small) {
		assert_true(small * 3 >= rules->loss_least_sent);
		assert_true(LOSS_SMALL_BYTES <= rules->loss_delay_bytes);
		/* reset sends small ones, too */
		assert_true(
			section_comment_has(&one->comment, EXPERIMENT_RESET) ||
			sent->loss_by_size[rules->loss_medium_bytes] >= small);
		assert_true(most(sent->loss_by_size, LOSS_SMALL_BYTES + 1,
				    rules->loss_medium_bytes) < small);
	}
}

static void recordings_keep_to_the_rules_they_were_made_by(void **state)
{
	struct probe_recordings *recordings = probe_recordings_load();
	unsigned by_version[PROBE_RULES_VERSION + 1] = {0};

	(void)state;
	for (unsigned i = 0; i < recordings->count; i++) {
		const struct probe_recording *one = &recordings->recording[i];
		struct probe_table ends = {.own = one->comment.own,
			.target = one->comment.target,
			.family = one->comment.family};
		struct sent sent = {.loss_by_size = {0}};

		by_version[one->comment.version]++;
		for (unsigned j = 0; j < one->count; j++)
			if (probe_table_is_probe(&ends, &one->packets[j]))
				check_packet(&sent, one, &one->packets[j]);
		check_counts(&sent, one);
	}
	assert_true(by_version[1] > 100);
	probe_recordings_free(recordings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_is_read_as_it_was_written),
		cmocka_unit_test(the_comment_is_read_as_written),
		cmocka_unit_test(the_comment_names_the_trigger),
		cmocka_unit_test(a_segment_s_place_says_what_it_is),
		cmocka_unit_test(the_longest_idle_time_is_in_the_comment),
		cmocka_unit_test(the_zone_of_a_link_local_target_is_kept),
		cmocka_unit_test(a_comment_without_a_version_is_of_the_first),
		cmocka_unit_test(rules_of_a_newer_culprit_are_not_guessed),
		cmocka_unit_test(other_lines_are_no_comment_of_a_probe),
		cmocka_unit_test(rules_of_the_first_version_stay_as_they_were),
		cmocka_unit_test(the_target_is_behind_all_that_expired),
		cmocka_unit_test(what_went_the_whole_way_tells_no_distance),
		cmocka_unit_test(
			a_distance_is_guessed_from_the_nearest_initial_limit),
		cmocka_unit_test(few_missing_errors_are_loss_and_many_a_ration),
		cmocka_unit_test(the_first_connection_is_the_runs),
		cmocka_unit_test(
			recordings_keep_to_the_rules_they_were_made_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

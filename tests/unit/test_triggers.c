/* What a client says first: whom it names, and what is kept of it, also when
 * its bytes lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/observe/asked_name.h"
#include "analysis/verdict/trigger.h"

/* RFC 8446, 4.1.2: session id, two cipher suites, supported versions before
 * the name and an extension behind it. */
static const uint8_t hello[] = {0x16, 3, 1, 0, 99, 1, 0, 0, 95, 3,
	3, /* record, message, version */
	'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r',
	'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'r',
	'r', 'r', 'r', 'r',	      /* random */
	4, 's', 's', 's', 's',	      /* session id */
	0, 4, 0x13, 1, 0x13, 2,	      /* cipher suites */
	1, 0,			      /* compression */
	0, 44,			      /* extensions */
	0, 43, 0, 3, 2, 3, 4,	      /* supported versions */
	0, 0, 0, 22, 0, 20, 0, 0, 17, /* server name */
	'S', 'e', 'c', 'r', 'e', 't', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	'.', 'u', 's', 0, 16, 0, 5, 0, 3, 2, 'h', '2', /* ALPN */
	0, 23};
static const char secret[] = "secret.example.us";
enum {
	NAME_END = sizeof(hello) - 11,
	EXTENSIONS_LENGTH_AT = 43 + 5 + 6 + 2,
	NAME_TYPE_AT = EXTENSIONS_LENGTH_AT + 2 + 7,
};

static struct asked_name name_in(
	const void *bytes, size_t captured, size_t on_wire)
{
	/* of its own, so that the sanitizers see a byte too many */
	uint8_t *copy = malloc(captured ? captured : 1);
	struct packet packet = {
		.payload = copy,
		.payload_captured = (uint32_t)captured,
		.payload_bytes = (uint32_t)on_wire,
	};
	struct asked_name name;

	assert_non_null(copy);
	memcpy(copy, bytes, captured);
	asked_name_of(&packet, app_message_of(&packet), &name);
	free(copy);
	return name;
}

static bool is_name(
	const struct asked_name *name, enum trigger_kind kind, const char *text)
{
	return name->kind == kind && !name->is_unknown &&
	       name->bytes == strlen(text) &&
	       memcmp(name->text, text, name->bytes) == 0;
}

static void a_hello_names_its_server_in_lower_case(void **state)
{
	struct asked_name name = name_in(hello, sizeof(hello), sizeof(hello));

	(void)state;
	assert_true(is_name(&name, TRIGGER_SNI, secret));
}

static void a_hello_cut_anywhere_has_its_name_or_an_unknown_one(void **state)
{
	(void)state;
	for (size_t cut = 7; cut < sizeof(hello); cut++) {
		/* by the recording, and by the segment's end */
		struct asked_name snapped = name_in(hello, cut, sizeof(hello));
		struct asked_name ended = name_in(hello, cut, cut);

		if (cut >= NAME_END) {
			assert_true(is_name(&snapped, TRIGGER_SNI, secret));
			assert_true(is_name(&ended, TRIGGER_SNI, secret));
			continue;
		}
		assert_int_equal(snapped.kind, TRIGGER_NONE);
		assert_true(snapped.is_unknown);
		assert_int_equal(ended.kind, TRIGGER_NONE);
		assert_true(ended.is_unknown);
	}
}

static void a_hello_with_any_bit_turned_over_stays_in_bounds(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof(hello); bit++) {
		uint8_t bytes[sizeof(hello)];
		struct asked_name name;

		memcpy(bytes, hello, sizeof(bytes));
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		name = name_in(bytes, sizeof(bytes), sizeof(bytes));
		assert_true(name.bytes <= sizeof(hello));
		assert_true((name.kind == TRIGGER_NONE) == (name.bytes == 0));
	}
}

static void a_hello_without_a_name_is_known_to_have_none(void **state)
{
	uint8_t bytes[sizeof(hello)];
	struct asked_name name;

	(void)state;
	memcpy(bytes, hello, sizeof(bytes));
	bytes[NAME_TYPE_AT + 1] = 99; /* another extension */
	name = name_in(bytes, sizeof(bytes), sizeof(bytes));
	assert_int_equal(name.kind, TRIGGER_NONE);
	/* the last extension claims more than there is */
	assert_true(name.is_unknown);
	bytes[EXTENSIONS_LENGTH_AT + 1] = 42; /* it is not counted */
	name = name_in(bytes, sizeof(bytes), sizeof(bytes));
	assert_int_equal(name.kind, TRIGGER_NONE);
	assert_false(name.is_unknown);
}

static void a_request_names_its_host(void **state)
{
	static const char whole[] = "GET /x HTTP/1.1\r\nAccept: */*\r\nhOST: "
				    "\tWww.Example \r\n\r\n";
	static const char none[] = "GET /x HTTP/1.0\r\nAccept: */*\r\n\r\n";
	const char *line_end = strstr(whole, " \r\n\r\n") + 2;
	struct asked_name name = name_in(none, strlen(none), strlen(none));

	(void)state;
	assert_int_equal(name.kind, TRIGGER_NONE);
	assert_false(name.is_unknown);
	for (size_t cut = 5; cut <= strlen(whole); cut++) {
		name = name_in(whole, cut, strlen(whole));
		if (whole + cut > line_end) {
			assert_true(
				is_name(&name, TRIGGER_HOST, "www.example"));
			continue;
		}
		assert_int_equal(name.kind, TRIGGER_NONE);
		assert_true(name.is_unknown);
	}
}

static void a_name_too_long_for_any_host_is_unknown(void **state)
{
	char text[1024];
	int bytes = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: ");
	struct asked_name name;

	(void)state;
	memset(text + bytes, 'a', 300);
	(void)snprintf(text + bytes + 300, 5, "\r\n\r\n");
	name = name_in(text, (size_t)bytes + 304, (size_t)bytes + 304);
	assert_int_equal(name.kind, TRIGGER_NONE);
	assert_true(name.is_unknown);
}

static struct flow flow_number(unsigned number)
{
	struct flow flow = {
		.identity = {number, 7}, .first_frame = number + 1};

	return flow;
}

/* `count` connections with the name, all of one fate. */
static void hear(struct triggers *triggers, unsigned from, unsigned count,
	const char *name, enum trigger_fate fate)
{
	for (unsigned i = from; i < from + count; i++) {
		struct flow flow = flow_number(i);
		struct trigger_conn heard = {.port = 443,
			.family = 4,
			.name = triggers_name(triggers, TRIGGER_SNI, name,
				(unsigned)strlen(name))};

		triggers_hear(triggers, &flow, &heard);
		triggers_ended(triggers, &flow, fate);
	}
}

static struct incident_trigger find(
	const struct triggers *triggers, unsigned number)
{
	struct learned learned = {.triggers = *triggers};
	struct verdict_context context = {
		.learned = &learned, .thresholds = &thresholds_default};
	struct flow flow = flow_number(number);
	struct incident_trigger trigger = {.kind = TRIGGER_NONE};

	trigger_find(&context, &flow, &trigger);
	return trigger;
}

/* Which ones stay is decided by a hash: of 52 connections, in a table for 48,
 * about half. What is counted is true of those that stay. */
static void what_finds_no_room_is_counted(void **state)
{
	struct triggers triggers = {.left_out = 0};
	struct incident_trigger trigger = {.kind = TRIGGER_NONE};
	uint32_t kept = 0;

	(void)state;
	assert_true(triggers_init(&triggers, 64, 1)); /* room for 48 */
	hear(&triggers, 0, 12, "a.example", TRIGGER_RESET);
	hear(&triggers, 100, 40, "b.example", TRIGGER_SURVIVED);
	triggers_settle(&triggers);
	for (unsigned i = 0; i < 12; i++) {
		struct incident_trigger found = find(&triggers, i);

		if (found.kind == TRIGGER_NONE)
			continue;
		kept++;
		trigger = found;
	}
	assert_int_equal(trigger.kind, TRIGGER_SNI);
	assert_string_equal(trigger.text, "a.example");
	assert_true(kept >= 3 && kept < 12);
	assert_int_equal(trigger.counts.with_reset, kept);
	assert_int_equal(trigger.counts.with, kept);
	assert_int_equal(trigger.counts.without_reset, 0);
	assert_int_equal(
		trigger.counts.without + kept, triggers.conns.count);
	assert_true(trigger.left_out > 0);
	assert_int_equal(trigger.left_out, 52 - triggers.conns.count);
	triggers_release(&triggers);
}

static void names_without_room_leave_their_connections_out(void **state)
{
	struct triggers triggers = {.left_out = 0};
	char name[] = "000.example";

	(void)state;
	assert_true(triggers_init(&triggers, 64, 1));
	for (unsigned i = 0; i < 48; i++) {
		name[0] = (char)('0' + i / 10);
		name[1] = (char)('0' + i % 10);
		hear(&triggers, i, 1, name, TRIGGER_SURVIVED);
	}
	triggers_settle(&triggers);
	assert_int_equal(triggers.left_out, 0);
	/* two more names: about half of the names go */
	(void)triggers_name(&triggers, TRIGGER_SNI, "one", 3);
	(void)triggers_name(&triggers, TRIGGER_SNI, "two", 3);
	triggers_settle(&triggers);
	assert_int_equal(triggers.conns.count, 48);
	assert_true(triggers.names.count < 40);
	assert_true(triggers.left_out >= 48 - triggers.names.count);
	triggers_release(&triggers);
}

/* Parts of a recording, merged in any order, are the recording. */
static void parts_make_the_whole(void **state)
{
	for (unsigned order = 0; order < 2; order++) {
		struct triggers whole = {.left_out = 0}, parts[2] = {0};

		(void)state;
		assert_true(triggers_init(&whole, 64, 1));
		assert_true(triggers_init(&parts[0], 64, 1));
		assert_true(triggers_init(&parts[1], 64, 1));
		for (unsigned i = 0; i < 90; i++) {
			const char *name = i % 3 ? "b.example" : "a.example";
			enum trigger_fate fate =
				i % 3 ? TRIGGER_SURVIVED : TRIGGER_RESET;

			hear(&whole, i, 1, name, fate);
			hear(&parts[i % 7 > 4], i, 1, name, fate);
		}
		triggers_merge(&parts[order], &parts[!order]);
		triggers_settle(&whole);
		triggers_settle(&parts[order]);
		assert_int_equal(
			whole.conns.count, parts[order].conns.count);
		assert_true(whole.left_out > 0);
		assert_int_equal(whole.left_out, parts[order].left_out);
		for (unsigned i = 0; i < 90; i++) {
			struct incident_trigger one = find(&whole, i);
			struct incident_trigger two =
				find(&parts[order], i);

			assert_memory_equal(&one, &two, sizeof(one));
		}
		triggers_release(&whole);
		triggers_release(&parts[0]);
		triggers_release(&parts[1]);
	}
}

static void a_fate_that_changes_is_counted_anew(void **state)
{
	struct triggers triggers = {.left_out = 0};
	struct flow flow = flow_number(3);

	(void)state;
	assert_true(triggers_init(&triggers, 64, 1));
	hear(&triggers, 0, 5, "a.example", TRIGGER_RESET);
	hear(&triggers, 100, 5, "b.example", TRIGGER_SURVIVED);
	triggers_settle(&triggers);
	assert_int_equal(find(&triggers, 0).kind, TRIGGER_SNI);
	triggers_ended(&triggers, &flow, TRIGGER_OTHER);
	triggers_settle(&triggers);
	assert_int_equal(find(&triggers, 0).kind, TRIGGER_NONE);
	triggers_release(&triggers);
}

static void hostile_names_are_made_safe_and_cut(void **state)
{
	struct triggers triggers = {.left_out = 0};
	char name[201];
	struct incident_trigger trigger;

	(void)state;
	memset(name, '\x1b', 200);
	name[200] = 0;
	assert_true(triggers_init(&triggers, 64, 1));
	hear(&triggers, 0, 5, name, TRIGGER_RESET);
	name[199] = 'b'; /* differs where it is not kept */
	hear(&triggers, 100, 5, name, TRIGGER_SURVIVED);
	triggers_settle(&triggers);
	trigger = find(&triggers, 0);
	assert_int_equal(trigger.kind, TRIGGER_SNI);
	assert_int_equal(trigger.counts.with, 5);
	assert_null(strchr(trigger.text, '\x1b'));
	assert_memory_equal(trigger.text, "\\x1b\\x1b", 8);
	assert_non_null(strstr(trigger.text, "…"));
	triggers_release(&triggers);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hello_names_its_server_in_lower_case),
		cmocka_unit_test(
			a_hello_cut_anywhere_has_its_name_or_an_unknown_one),
		cmocka_unit_test(
			a_hello_with_any_bit_turned_over_stays_in_bounds),
		cmocka_unit_test(a_hello_without_a_name_is_known_to_have_none),
		cmocka_unit_test(a_request_names_its_host),
		cmocka_unit_test(a_name_too_long_for_any_host_is_unknown),
		cmocka_unit_test(what_finds_no_room_is_counted),
		cmocka_unit_test(
			names_without_room_leave_their_connections_out),
		cmocka_unit_test(parts_make_the_whole),
		cmocka_unit_test(a_fate_that_changes_is_counted_anew),
		cmocka_unit_test(hostile_names_are_made_safe_and_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture/byte_writer.h"
#include "capture/cursor.h"
#include "probe/tcp/app_discovery.h"

enum { ROOM = 5120, LISTS = 10 };

/* What a server says: its identification and a KEXINIT. */
static uint32_t server_offers(uint8_t *bytes, const char *methods,
	const char *keys, const char *cipher)
{
	const char *lists[LISTS] = {methods, keys, cipher, "aes256-ctr",
		"hmac-sha2-256", "hmac-sha2-512", "none", "none", "", ""};
	struct byte_writer writer = {bytes, ROOM, 0, false};

	write_bytes(&writer, "a line before\r\nSSH-2.0-Lab\r\n", 28);
	struct byte_writer length = write_reserve(&writer, 4);
	write_u16(&writer, 4 << 8 | 20);
	write_zeros(&writer, 16);
	for (int i = 0; i < LISTS; i++) {
		write_u32(&writer, (uint32_t)strlen(lists[i]));
		write_bytes(&writer, lists[i], strlen(lists[i]));
	}
	write_zeros(&writer, 5 + 4);
	write_u32(&length, (uint32_t)(writer.used - 28 - 4));
	assert_false(writer.is_full);
	return (uint32_t)writer.used;
}

static uint32_t server_says(
	uint8_t *bytes, const char *methods, const char *keys)
{
	return server_offers(bytes, methods, keys, "aes128-ctr");
}

/* The next SSH packet's payload; its type is the first byte. */
static struct cursor next_packet(struct cursor *cursor)
{
	uint32_t length = cursor_u32(cursor);
	uint32_t padding = cursor_u8(cursor);

	assert_true(length > padding + 1 && padding >= 4);
	assert_int_equal((length + 4) % 8, 0);
	struct cursor payload = cursor_on(cursor->at, length - 1 - padding, 0);
	cursor_skip(cursor, length - 1);
	assert_false(cursor_is_short(cursor));
	return payload;
}

static void assert_name(struct cursor *cursor, const char *name)
{
	uint32_t length = cursor_u32(cursor);

	assert_int_equal(length, strlen(name));
	assert_memory_equal(cursor->at, name, length);
	cursor_skip(cursor, length);
}

static void ssh_agrees_with_what_the_server_has(void **state)
{
	uint8_t heard[ROOM];
	uint32_t bytes = server_says(heard,
		"ecdh-sha2-nistp256,curve25519-sha256,"
		"diffie-hellman-group14-sha256",
		"ssh-ed25519,rsa-sha2-256");
	struct app_stimulus stimulus;

	(void)state;
	app_stimulus_begin(&stimulus, APP_STIMULUS_SSH);
	uint16_t first = stimulus.used;
	assert_int_equal(ssh_kex_client_step(&stimulus, heard, bytes),
		APP_STIMULUS_READY);
	struct cursor cursor =
		cursor_on(stimulus.bytes + first, stimulus.used - first, 0);
	struct cursor kexinit = next_packet(&cursor);
	assert_int_equal(cursor_u8(&kexinit), 20);
	cursor_skip(&kexinit, 16);
	assert_name(&kexinit, "diffie-hellman-group14-sha256");
	assert_name(&kexinit, "rsa-sha2-256");
	assert_name(&kexinit, "aes128-ctr");
	assert_name(&kexinit, "aes256-ctr");
	struct cursor init = next_packet(&cursor);
	assert_int_equal(cursor_u8(&init), 30);
	assert_int_equal(cursor_u32(&init), 64);
	assert_int_equal(cursor.left, 0);
}

static void less_than_a_kexinit_is_waited_for(void **state)
{
	uint8_t heard[ROOM];
	uint32_t bytes = server_says(heard, "curve25519-sha256", "ssh-rsa");
	struct app_stimulus stimulus;

	(void)state;
	for (uint32_t cut = 0; cut < bytes; cut++) {
		uint8_t *part = malloc(cut + 1);

		memcpy(part, heard, cut);
		app_stimulus_begin(&stimulus, APP_STIMULUS_SSH);
		uint16_t first = stimulus.used;
		assert_int_equal(ssh_kex_client_step(&stimulus, part, cut),
			APP_STIMULUS_WAITS);
		assert_int_equal(stimulus.used, first);
		free(part);
	}
}

static void nothing_is_said_to_what_is_not_known(void **state)
{
	uint8_t heard[ROOM] = "SSH-2.0-x\r\nSSH-2.0-culprit\r\n";
	struct app_stimulus stimulus;

	(void)state;
	app_stimulus_begin(&stimulus, APP_STIMULUS_SSH);
	assert_int_equal(
		ssh_kex_client_step(&stimulus, heard, 28), APP_STIMULUS_LOST);
	uint32_t bytes = server_says(heard, "curve25519-sha25", "ssh-rsa");
	assert_int_equal(ssh_kex_client_step(&stimulus, heard, bytes),
		APP_STIMULUS_LOST);
	bytes = server_says(heard, "curve25519-sha256", "x-rsa");
	assert_int_equal(ssh_kex_client_step(&stimulus, heard, bytes),
		APP_STIMULUS_LOST);
	bytes = server_says(heard, "curve25519-sha256", "ssh-rsa");
	heard[28 + 5] = 21;
	assert_int_equal(ssh_kex_client_step(&stimulus, heard, bytes),
		APP_STIMULUS_LOST);
}

static void turned_bits_crash_nothing(void **state)
{
	uint8_t heard[ROOM];
	uint32_t bytes = server_says(heard, "curve25519-sha256", "ssh-rsa");
	struct app_stimulus stimulus;

	(void)state;
	for (uint32_t bit = 0; bit < bytes * 8; bit++) {
		heard[bit / 8] ^= (uint8_t)(1u << bit % 8);
		app_stimulus_begin(&stimulus, APP_STIMULUS_SSH);
		(void)ssh_kex_client_step(&stimulus, heard, bytes);
		assert_true(stimulus.used <= APP_STIMULUS_BYTES);
		heard[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* One list that alone decides whether the answer has room, at every length
 * around the one at which it ends to have any. */
static void an_answer_that_has_no_room_is_not_written(void **state)
{
	static char cipher[APP_STIMULUS_BYTES];
	uint8_t heard[ROOM];
	unsigned said = 0, lost = 0;

	(void)state;
	memset(cipher, 'a', sizeof(cipher) - 1);
	for (unsigned length = 3700; length < 4090; length++) {
		struct app_stimulus stimulus;

		cipher[length] = '\0';
		uint32_t bytes = server_offers(
			heard, "curve25519-sha256", "ssh-rsa", cipher);
		app_stimulus_begin(&stimulus, APP_STIMULUS_SSH);
		stimulus.plain_bytes = 0xa5a5a5a5;
		uint16_t first = stimulus.used;
		enum app_stimulus_state end =
			ssh_kex_client_step(&stimulus, heard, bytes);

		assert_int_equal(stimulus.plain_bytes, 0xa5a5a5a5);
		assert_true(
			end == APP_STIMULUS_READY || end == APP_STIMULUS_LOST);
		assert_int_equal(stimulus.is_whole, end == APP_STIMULUS_READY);
		if (end == APP_STIMULUS_READY)
			assert_int_equal(lost, 0);
		else
			assert_int_equal(stimulus.used, first);
		said += end == APP_STIMULUS_READY;
		lost += end == APP_STIMULUS_LOST;
		cipher[length] = 'a';
	}
	assert_true(said > 0 && lost > 0);
}

static void the_greeting_counts_for_more_than_the_port(void **state)
{
	(void)state;
	assert_int_equal(app_stimulus_of(22, NULL), APP_STIMULUS_SSH);
	assert_int_equal(app_stimulus_of(22, (const uint8_t *)"220 "),
		APP_STIMULUS_NONE);
	assert_int_equal(app_stimulus_of(2222, (const uint8_t *)"SSH-"),
		APP_STIMULUS_SSH);
	assert_int_equal(app_stimulus_of(443, NULL), APP_STIMULUS_TLS);
	assert_int_equal(app_stimulus_of(80, NULL), APP_STIMULUS_HTTP);
	assert_int_equal(app_stimulus_of(2222, NULL), APP_STIMULUS_NONE);
}

/* Its SYN may have to wait longer than an answer is waited for. */
static void a_discovery_connection_that_opens_is_no_silent_server(void **state)
{
	enum { MANY = 20 };
	static const struct event timeout = {.kind = EVENT_TIMEOUT};
	static struct tx_queue tx_queue;
	static struct app_discovery discovery;
	struct connection own = {.state = CONNECTION_IDLE},
			  main = {.state = CONNECTION_OPEN};
	struct probe_context context = {.connection = &main,
		.family = 4,
		.port = 22,
		.interface_mtu = 1500,
		.own = &own,
		.own_count = 1};

	(void)state;
	assert_int_equal(app_discovery_begin(&discovery, &context, &tx_queue),
		APP_DISCOVERY_LISTENING);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(app_discovery_step(&discovery, &context,
					 &timeout, &tx_queue),
			APP_DISCOVERY_LISTENING);
	own.state = CONNECTION_SILENT;
	assert_int_equal(app_discovery_step(
				 &discovery, &context, &timeout, &tx_queue),
		APP_DISCOVERY_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ssh_agrees_with_what_the_server_has),
		cmocka_unit_test(less_than_a_kexinit_is_waited_for),
		cmocka_unit_test(nothing_is_said_to_what_is_not_known),
		cmocka_unit_test(turned_bits_crash_nothing),
		cmocka_unit_test(an_answer_that_has_no_room_is_not_written),
		cmocka_unit_test(the_greeting_counts_for_more_than_the_port),
		cmocka_unit_test(
			a_discovery_connection_that_opens_is_no_silent_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

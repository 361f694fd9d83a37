/* What two sides of SSH have in common, by what of their KEXINITs is held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/observe/ssh.h"
#include "analysis/observe/ssh_names.h"
#include "capture/byte_writer.h"
#include "probe/protocol/ssh_rules.h"

enum {
	ROOM = 9000,
	PART = 1400, /* bytes of one segment */
	LISTS = 10,
	MSG_IGNORE = 2,
	MSG_KEXINIT = 20,
	MSG_KEX_INIT = 30,
	MSG_NEWKEYS = 21,
};

struct talk {
	struct ssh_talk *ssh;
	uint32_t sequence[2];
	uint64_t frame;
};

static struct talk talk_begin(void)
{
	struct talk talk = {.ssh = ssh_talk_new()};

	assert_non_null(talk.ssh);
	return talk;
}

static void say(
	struct talk *talk, unsigned who, const uint8_t *bytes, size_t count)
{
	while (count > 0) {
		uint32_t part = count < PART ? (uint32_t)count : PART;
		struct packet packet = {
			.frame = ++talk->frame,
			.sequence = talk->sequence[who],
			.payload = bytes,
			.payload_bytes = part,
			.payload_captured = part,
		};

		ssh_talk_feed(talk->ssh, who, &packet);
		talk->sequence[who] += part;
		bytes += part;
		count -= part;
	}
}

static void say_banner(struct talk *talk, unsigned who)
{
	say(talk, who, (const uint8_t *)"SSH-2.0-Lab\r\n", 13);
}

/* A packet of this type around so many bytes; `text` for each of KEXINIT's
 * lists. */
static void say_packet(struct talk *talk, unsigned who, uint8_t type,
	const char *text, size_t filling)
{
	uint8_t bytes[ROOM];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};
	struct byte_writer length = write_reserve(&writer, 4);

	write_u8(&writer, 4);
	write_u8(&writer, type);
	if (type == MSG_KEXINIT) {
		write_zeros(&writer, 16);
		for (unsigned i = 0; i < LISTS; i++) {
			write_u32(&writer, (uint32_t)strlen(text));
			write_bytes(&writer, text, strlen(text));
		}
		write_zeros(&writer, 5);
	}
	write_zeros(&writer, filling + 4);
	write_u32(&length, (uint32_t)writer.used - 4);
	assert_false(writer.is_full);
	say(talk, who, bytes, writer.used);
}

static void proposals_are_compared_whichever_comes_first(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 2; first++)
		for (unsigned is_same = 0; is_same < 2; is_same++) {
			struct talk talk = talk_begin();

			say_banner(&talk, SSH_CLIENT);
			say_banner(&talk, SSH_SERVER);
			say_packet(&talk, first, MSG_KEXINIT, "a,b", 0);
			say_packet(&talk, first, MSG_KEX_INIT, NULL, 32);
			assert_false(talk.ssh->has_compared);
			say_packet(&talk, !first, MSG_KEXINIT,
				is_same ? "c,b" : "c,d", 0);
			assert_true(talk.ssh->has_compared);
			assert_int_equal(talk.ssh->missing, is_same ? 0 : 0xff);
			ssh_talk_free(talk.ssh);
		}
}

/* Whatever one side says before the other's KEXINIT comes, and at whatever
 * length: what is compared are the KEXINITs or nothing. */
static void a_proposal_that_was_let_go_is_not_compared(void **state)
{
	unsigned compared = 0, let_go = 0;

	(void)state;
	for (size_t more = 5700; more < 6300; more++) {
		struct talk talk = talk_begin();

		say_banner(&talk, SSH_CLIENT);
		say_banner(&talk, SSH_SERVER);
		say_packet(&talk, SSH_SERVER, MSG_KEXINIT, "a,b", 0);
		say_packet(&talk, SSH_SERVER, MSG_IGNORE, NULL, more);
		say_packet(&talk, SSH_SERVER, MSG_KEXINIT, "x", 0);
		say_packet(&talk, SSH_CLIENT, MSG_KEXINIT, "b,c", 0);
		assert_int_equal(talk.ssh->missing, 0);
		compared += talk.ssh->has_compared;
		let_go += !talk.ssh->has_compared;
		ssh_talk_free(talk.ssh);
	}
	assert_true(compared > 0 && let_go > 0);
}

/* A list that reaches beyond its packet takes nothing of the next one. */
static void a_proposal_ends_with_its_packet(void **state)
{
	uint8_t bytes[96] = {0, 0, 0, 30, 4, MSG_KEXINIT};
	struct talk talk = talk_begin();

	(void)state;
	bytes[6 + 16 + 3] = 20; /* of a list; 4 bytes of it are there */
	say_banner(&talk, SSH_CLIENT);
	say_banner(&talk, SSH_SERVER);
	say_packet(&talk, SSH_SERVER, MSG_KEXINIT, "a,b", 0);
	say(&talk, SSH_CLIENT, bytes, sizeof(bytes));
	assert_false(talk.ssh->has_compared);
	ssh_talk_free(talk.ssh);
}

/* Whether NEWKEYS came is known of what was followed to it. */
static void what_cannot_be_followed_is_not_known(void **state)
{
	static const uint8_t nonsense[64] = {0xff, 0xff, 0xff, 0xff};
	struct talk talk = talk_begin();

	(void)state;
	say_banner(&talk, SSH_CLIENT);
	say_packet(&talk, SSH_CLIENT, MSG_NEWKEYS, NULL, 6);
	assert_true(talk.ssh->has_newkeys[SSH_CLIENT]);
	assert_false(talk.ssh->is_broken[SSH_CLIENT]);
	say_banner(&talk, SSH_SERVER);
	say(&talk, SSH_SERVER, nonsense, sizeof(nonsense));
	assert_false(talk.ssh->has_newkeys[SSH_SERVER]);
	assert_true(talk.ssh->is_broken[SSH_SERVER]);
	ssh_talk_free(talk.ssh);
}

static struct cursor cursor_of(const char *list)
{
	uint32_t bytes = (uint32_t)strlen(list);

	return cursor_on((const uint8_t *)list, bytes, bytes);
}

static enum names_common common(const char *client, const char *server)
{
	return ssh_names_common(cursor_of(client), cursor_of(server), NULL);
}

static void names_are_equal_as_a_whole_or_not(void **state)
{
	(void)state;
	assert_int_equal(common("a,b", "c,b"), NAMES_SOME);
	assert_int_equal(common("b", "a,b"), NAMES_SOME);
	assert_int_equal(common("ab", "a,b"), NAMES_NONE);
	assert_int_equal(common("a", "ab,ba"), NAMES_NONE);
	assert_int_equal(common("", "a"), NAMES_NONE);
	assert_int_equal(common("a", ""), NAMES_NONE);
	assert_int_equal(common("b,b,b,a", "c,c,c,a"), NAMES_SOME);
	/* signals are no algorithms */
	assert_int_equal(common("ext-info-c,a", "ext-info-c,b"), NAMES_NONE);
	assert_int_equal(common("kex-strict-c-v00@openssh.com",
				 "kex-strict-c-v00@openssh.com"),
		NAMES_NONE);
}

static void an_integrity_of_its_own_needs_no_mac(void **state)
{
	static const char gcm[] = "aes128-gcm@openssh.com";
	static const char chacha[] = "a,chacha20-poly1305@openssh.com,b";

	(void)state;
	assert_true(ssh_names_need_no_mac(cursor_of(gcm), cursor_of(gcm)));
	assert_true(
		ssh_names_need_no_mac(cursor_of(chacha), cursor_of(chacha)));
	assert_false(ssh_names_need_no_mac(cursor_of(gcm), cursor_of(chacha)));
	assert_false(ssh_names_need_no_mac(cursor_of("a,b"), cursor_of("a,b")));
}

/* "NAME0000,NAME0001": so many names with this first letter. */
static const char *many_names(
	char text[16 * NAMES_MOST], char first, unsigned count)
{
	size_t at = 0;

	for (unsigned i = 0; i < count; i++)
		at += (size_t)sprintf(
			text + at, "%s%c%04x", i ? "," : "", first, i);
	return text;
}

/* Each name is looked for once, not with every name of the other side. */
static void lists_are_compared_in_steps_by_their_length(void **state)
{
	static char one[16 * NAMES_MOST], other[16 * NAMES_MOST];

	(void)state;
	for (unsigned count = 1; count <= NAMES_MOST; count *= 2) {
		uint32_t steps;

		many_names(one, 'a', count);
		many_names(other, 'b', count);
		assert_int_equal(ssh_names_common(cursor_of(one),
					 cursor_of(other), &steps),
			NAMES_NONE);
		assert_in_range(steps, 3 * count, 7 * count);
		/* the first one is mostly granted */
		assert_int_equal(ssh_names_common(cursor_of(one),
					 cursor_of(one), &steps),
			NAMES_SOME);
		assert_int_equal(steps, 1);
	}
	many_names(one, 'a', NAMES_MOST + 1);
	assert_int_equal(common(one, "b"), NAMES_UNKNOWN);
	assert_int_equal(common("b", one), NAMES_UNKNOWN);
	/* found before the end */
	assert_int_equal(common(one, "a0003"), NAMES_SOME);
}

/* A KEXINIT with this list of key exchanges, and empty lists behind it. */
static void say_key_exchanges(struct talk *talk, unsigned who, const char *list)
{
	uint8_t bytes[ROOM];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};
	struct byte_writer length = write_reserve(&writer, 4);

	write_u8(&writer, 4);
	write_u8(&writer, MSG_KEXINIT);
	write_zeros(&writer, 16);
	write_u32(&writer, (uint32_t)strlen(list));
	write_bytes(&writer, list, strlen(list));
	write_zeros(&writer, 4 * (LISTS - 1) + 5 + 4);
	write_u32(&length, (uint32_t)writer.used - 4);
	assert_false(writer.is_full);
	say(talk, who, bytes, writer.used);
}

/* Two bytes to a name: what is too long to be meant is not judged. */
static void a_list_too_long_to_be_meant_is_not_compared(void **state)
{
	static char list[1200];
	struct talk talk = talk_begin();

	(void)state;
	for (unsigned i = 0; i < sizeof(list) / 2; i++) {
		list[2 * i] = 'a';
		list[2 * i + 1] = i + 1 < sizeof(list) / 2 ? ',' : '\0';
	}
	say_banner(&talk, SSH_CLIENT);
	say_banner(&talk, SSH_SERVER);
	say_key_exchanges(&talk, SSH_SERVER, "b");
	say_key_exchanges(&talk, SSH_CLIENT, list);
	assert_true(talk.ssh->has_kexinit[SSH_CLIENT]);
	assert_false(talk.ssh->has_compared);
	assert_int_equal(talk.ssh->missing, 0);
	ssh_talk_free(talk.ssh);
}

/* As many lines as a client reads before the identification, and one more. */
static void a_side_that_never_identifies_itself_is_let_go(void **state)
{
	(void)state;
	for (unsigned lines = 1023; lines <= 1026; lines++) {
		struct talk talk = talk_begin();

		for (unsigned i = 0; i < lines; i++)
			say(&talk, SSH_SERVER, (const uint8_t *)"\n", 1);
		say_banner(&talk, SSH_SERVER);
		assert_int_equal(
			talk.ssh->has_banner[SSH_SERVER], lines < 1024);
		assert_int_equal(
			talk.ssh->is_broken[SSH_SERVER], lines >= 1024);
		ssh_talk_free(talk.ssh);
	}
}

/* Lines, or packets of twelve bytes, by the thousand: of what came together the
 * rest is moved once. */
static void what_is_held_is_moved_once(void **state)
{
	static uint8_t lines[60000];
	static const uint8_t small[12] = {0, 0, 0, 8, 4, MSG_IGNORE};
	struct talk talk = talk_begin();

	(void)state;
	memset(lines, '\n', sizeof(lines));
	for (unsigned i = 0; i < sizeof(lines); i++)
		if (i % 61 != 0)
			lines[i] = 'x';
	say(&talk, SSH_SERVER, lines, sizeof(lines));
	assert_true(talk.ssh->moved_bytes < sizeof(lines));
	ssh_talk_free(talk.ssh);
	talk = talk_begin();
	say_banner(&talk, SSH_CLIENT);
	for (unsigned i = 0; i + sizeof(small) <= sizeof(lines);
		i += sizeof(small))
		memcpy(lines + i, small, sizeof(small));
	say(&talk, SSH_CLIENT, lines, sizeof(lines));
	assert_false(talk.ssh->is_broken[SSH_CLIENT]);
	assert_true(talk.ssh->moved_bytes < sizeof(lines));
	ssh_talk_free(talk.ssh);
}

static void an_openssh_tells_its_version_on_every_system(void **state)
{
	static const struct {
		const char *software;
		unsigned version;
	} cases[] = {{"OpenSSH_9.2p1 Debian-2", 902},
		{"OpenSSH_for_Windows_9.5", 905},
		{"OpenSSH_for_Windows_8.1", 801}, {"OpenSSH_10.0", 1000},
		{"OpenSSH_for_Others_9.5", 0}, {"OpenSSH_for_Windows_", 0},
		{"dropbear_2022.83", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ssh_rules_openssh_version(cases[i].software),
			cases[i].version);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proposals_are_compared_whichever_comes_first),
		cmocka_unit_test(a_proposal_that_was_let_go_is_not_compared),
		cmocka_unit_test(a_proposal_ends_with_its_packet),
		cmocka_unit_test(what_cannot_be_followed_is_not_known),
		cmocka_unit_test(names_are_equal_as_a_whole_or_not),
		cmocka_unit_test(an_integrity_of_its_own_needs_no_mac),
		cmocka_unit_test(lists_are_compared_in_steps_by_their_length),
		cmocka_unit_test(a_list_too_long_to_be_meant_is_not_compared),
		cmocka_unit_test(a_side_that_never_identifies_itself_is_let_go),
		cmocka_unit_test(what_is_held_is_moved_once),
		cmocka_unit_test(
			an_openssh_tells_its_version_on_every_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

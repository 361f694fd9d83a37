/* What two sides of SSH have in common, by what of their KEXINITs is held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/observe/ssh.h"
#include "capture/byte_writer.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proposals_are_compared_whichever_comes_first),
		cmocka_unit_test(a_proposal_that_was_let_go_is_not_compared),
		cmocka_unit_test(a_proposal_ends_with_its_packet),
		cmocka_unit_test(what_cannot_be_followed_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

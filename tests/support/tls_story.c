#include "tests/support/tls_story.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/path/path_record.h"
#include "probe/tcp/tls_hello.h"

enum {
	RECORD_BYTES = 512,
	FLIGHT_BYTES = 1000,
	APPLICATION_DATA = 23,
	HANDSHAKE = 22,
	ALERT = 21,
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
};

const char tls_story_name[] = "www.example.org";

void tls_story_begin(struct path_story *story, const char *greeting)
{
	ssh_story_begin_with(story, greeting);
	/* of this experiment alone */
	story->path->comment.experiments &=
		~probe_experiment_bit(EXPERIMENT_SSH);
	path_story_asks(story, EXPERIMENT_TLS);
}

static uint32_t hello(uint8_t bytes[SSH_STORY_MOST_BYTES],
	enum tls_purpose purpose, const char *name, uint32_t least)
{
	struct byte_writer writer = {bytes, SSH_STORY_MOST_BYTES, 0, false};

	tls_hello_write(&writer, purpose, name, least);
	if (writer.is_full)
		abort();
	return (uint32_t)writer.used;
}

struct ssh_talker tls_story_ask(struct path_story *story, unsigned connection,
	enum tls_purpose purpose, const char *name, bool is_acknowledged)
{
	struct ssh_talker talker = ssh_story_open(story, connection);
	uint8_t bytes[SSH_STORY_MOST_BYTES];

	ssh_story_say(story, &talker, bytes, hello(bytes, purpose, name, 0));
	if (is_acknowledged)
		ssh_story_acknowledge(story, &talker);
	return talker;
}

static void record(struct path_story *story, struct ssh_talker *talker,
	uint8_t type, const struct byte_writer *content)
{
	uint8_t bytes[RECORD_BYTES];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};

	write_u8(&writer, type);
	write_u16(&writer, TLS_1_2);
	write_u16(&writer, (uint16_t)content->used);
	write_bytes(&writer, content->bytes, content->used);
	if (writer.is_full || content->is_full)
		abort();
	ssh_story_tell(story, talker, bytes, (uint32_t)writer.used);
}

/* A handshake message of so many bytes. */
static void begin_message(
	struct byte_writer *writer, uint8_t type, size_t bytes)
{
	write_u8(writer, type);
	write_u8(writer, 0);
	write_u16(writer, (uint16_t)bytes);
}

void tls_story_hello(struct path_story *story, struct ssh_talker *talker,
	uint16_t version, uint16_t suite)
{
	uint8_t bytes[RECORD_BYTES];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};
	bool is_new = version == TLS_1_3;

	begin_message(&writer, SERVER_HELLO, is_new ? 46 : 38);
	write_u16(&writer, is_new ? TLS_1_2 : version);
	write_zeros(&writer, TLS_RANDOM_BYTES);
	write_u8(&writer, 0); /* no session */
	write_u16(&writer, suite);
	write_u8(&writer, 0);
	if (is_new) {
		write_u16(&writer, 6);
		write_u16(&writer, 43);
		write_u16(&writer, 2);
		write_u16(&writer, version);
	}
	record(story, talker, HANDSHAKE, &writer);
}

void tls_story_flight(struct path_story *story, struct ssh_talker *talker)
{
	static const uint8_t encrypted[FLIGHT_BYTES] = {
		APPLICATION_DATA, 3, 3, (FLIGHT_BYTES - 5) >> 8,
		(FLIGHT_BYTES - 5) & 0xff};

	ssh_story_tell(story, talker, encrypted, sizeof(encrypted));
}

void tls_story_certificate(
	struct path_story *story, struct ssh_talker *talker, const char *name)
{
	uint8_t bytes[RECORD_BYTES];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};
	size_t length = strlen(name), whole = length + 11;

	begin_message(&writer, CERTIFICATE, whole + 6);
	write_u8(&writer, 0);
	write_u16(&writer, (uint16_t)(whole + 3));
	write_u8(&writer, 0);
	write_u16(&writer, (uint16_t)whole);
	write_bytes(&writer, "\x06\x03\x55\x1d\x11\x04", 6);
	write_u8(&writer, (uint8_t)(length + 4));
	write_u8(&writer, 0x30);
	write_u8(&writer, (uint8_t)(length + 2));
	write_u8(&writer, 0x82);
	write_u8(&writer, (uint8_t)length);
	write_bytes(&writer, name, length);
	record(story, talker, HANDSHAKE, &writer);
}

void tls_story_dated(struct path_story *story, struct ssh_talker *talker,
	const char *from, const char *until)
{
	static const uint8_t beginning[] = {0xa0, 3, 2, 1, 2, /* version 3 */
		2, 1, 1, 0x30, 0, 0x30, 0}; /* number, signature, issuer */
	uint8_t bytes[RECORD_BYTES];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};
	size_t times = 4 + strlen(from) + strlen(until);
	size_t part = sizeof(beginning) + 2 + times, whole = part + 4;

	begin_message(&writer, CERTIFICATE, whole + 6);
	write_u8(&writer, 0);
	write_u16(&writer, (uint16_t)(whole + 3));
	write_u8(&writer, 0);
	write_u16(&writer, (uint16_t)whole);
	write_u8(&writer, 0x30);
	write_u8(&writer, (uint8_t)(part + 2));
	write_u8(&writer, 0x30);
	write_u8(&writer, (uint8_t)part);
	write_bytes(&writer, beginning, sizeof(beginning));
	write_u8(&writer, 0x30);
	write_u8(&writer, (uint8_t)times);
	for (int i = 0; i < 2; i++) {
		const char *time = i ? until : from;

		/* the longer ones have the whole year */
		write_u8(&writer, strlen(time) > 13 ? 0x18 : 0x17);
		write_u8(&writer, (uint8_t)strlen(time));
		write_bytes(&writer, time, strlen(time));
	}
	record(story, talker, HANDSHAKE, &writer);
}

void tls_story_message(
	struct path_story *story, struct ssh_talker *talker, uint8_t type)
{
	uint8_t bytes[RECORD_BYTES];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};

	begin_message(&writer, type, 0);
	record(story, talker, HANDSHAKE, &writer);
}

void tls_story_alert(
	struct path_story *story, struct ssh_talker *talker, uint8_t alert)
{
	uint8_t bytes[RECORD_BYTES];
	struct byte_writer writer = {bytes, sizeof(bytes), 0, false};

	write_u8(&writer, 2);
	write_u8(&writer, alert);
	record(story, talker, ALERT, &writer);
}

struct ssh_talker tls_story_large(
	struct path_story *story, unsigned times, bool is_arriving)
{
	struct ssh_talker talker = ssh_story_open(story, 1);
	uint8_t bytes[SSH_STORY_MOST_BYTES];
	uint32_t count = hello(
		bytes, TLS_LARGE, tls_story_name, SSH_STORY_LARGE_BYTES + 10);
	uint32_t start;

	ssh_story_say(story, &talker, bytes, 1);
	start = talker.ours;
	for (unsigned i = 0; i < times; i++) {
		talker.ours = start;
		ssh_story_say(story, &talker, bytes + 1, SSH_STORY_LARGE_BYTES);
	}
	ssh_story_say(story, &talker, bytes + 1 + SSH_STORY_LARGE_BYTES,
		count - 1 - SSH_STORY_LARGE_BYTES);
	if (!is_arriving) {
		talker.ours = start;
		for (uint32_t at = 1; at < count; at += TLS_SMALL_MSS) {
			uint32_t left = count - at;

			ssh_story_say(story, &talker, bytes + at,
				left < TLS_SMALL_MSS ? left : TLS_SMALL_MSS);
		}
	}
	ssh_story_acknowledge(story, &talker);
	return talker;
}

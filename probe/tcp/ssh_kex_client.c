/* The first messages of an SSH client, up to the key exchange: of the methods
 * that the server has, the one that makes it say most. */
#include "probe/tcp/app_stimulus.h"

#include <string.h>

#include "capture/byte_writer.h"
#include "capture/cursor.h"

enum {
	KEXINIT = 20,
	KEX_INIT = 30, /* of all methods below: RFC 4253, 8; RFC 5656, 4 */
	COOKIE = 16,
	LISTS = 10,
	LIST_KEX = 0,
	LIST_HOST_KEY = 1,
	LENGTHS = 5, /* of the packet, of its padding */
	BLOCK = 8,
	LEAST_PADDING = 4,
	POINT = 32,
	MOST_PACKET = 35000, /* RFC 4253, 6.1 */
};

/* Key exchanges, those with the largest server replies first. The client's
 * public value is `filling` times `filler`, and then the base point of X25519
 * where there is one: valid everywhere, and of no use to anybody. */
static const struct {
	const char *name;
	uint16_t filling;
	uint8_t filler;
	bool has_point;
} methods[] = {
	{"sntrup761x25519-sha512", 1158, 0, true},
	{"sntrup761x25519-sha512@openssh.com", 1158, 0, true},
	{"mlkem768x25519-sha256", 1184, 0, true},
	{"diffie-hellman-group16-sha512", 64, 0x55, false},
	{"diffie-hellman-group14-sha256", 64, 0x55, false},
	{"diffie-hellman-group14-sha1", 64, 0x55, false},
	{"curve25519-sha256", 0, 0, true},
	{"curve25519-sha256@libssh.org", 0, 0, true},
};
enum { METHODS = sizeof(methods) / sizeof(methods[0]) };

/* RSA keys and signatures are the longest. */
static const char *const host_keys[] = {
	"rsa-sha2-512",
	"rsa-sha2-256",
	"ssh-rsa",
	"ecdsa-sha2-nistp521",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp256",
	"ssh-ed25519",
};
enum { HOST_KEYS = sizeof(host_keys) / sizeof(host_keys[0]) };

struct list {
	const uint8_t *at;
	uint32_t bytes;
};

static bool has_name(struct list list, const char *name)
{
	uint32_t length = (uint32_t)strlen(name), at = 0;

	while (at < list.bytes) {
		const uint8_t *comma =
			memchr(list.at + at, ',', list.bytes - at);
		uint32_t word = comma ? (uint32_t)(comma - list.at) - at
				      : list.bytes - at;

		if (word == length && memcmp(list.at + at, name, word) == 0)
			return true;
		at += word + 1;
	}
	return false;
}

/* Past the server's identification string; lines may come before it (RFC 4253,
 * 4.2). */
static bool skip_identification(struct cursor *cursor)
{
	while (cursor->left > 0) {
		const uint8_t *end = memchr(cursor->at, '\n', cursor->left);
		bool is_it =
			cursor->left >= 4 && memcmp(cursor->at, "SSH-", 4) == 0;

		if (!end)
			return false;
		cursor_skip(cursor, (uint32_t)(end - cursor->at) + 1);
		if (is_it)
			return true;
	}
	return false;
}

static enum app_stimulus_state read_kexinit(
	const uint8_t *heard, uint32_t heard_bytes, struct list lists[LISTS])
{
	struct cursor cursor = cursor_on(heard, heard_bytes, heard_bytes);

	if (!skip_identification(&cursor))
		return APP_STIMULUS_WAITS;
	uint32_t length = cursor_u32(&cursor);
	if (length > MOST_PACKET)
		return APP_STIMULUS_LOST;
	if (cursor_is_short(&cursor) || cursor.left < length)
		return APP_STIMULUS_WAITS;
	cursor_skip(&cursor, 1);
	if (cursor_u8(&cursor) != KEXINIT)
		return APP_STIMULUS_LOST;
	cursor_skip(&cursor, COOKIE);
	for (int i = 0; i < LISTS; i++) {
		uint32_t bytes = cursor_u32(&cursor);

		lists[i] = (struct list){cursor.at, bytes};
		cursor_skip(&cursor, bytes);
	}
	return cursor_is_short(&cursor) ? APP_STIMULUS_LOST
					: APP_STIMULUS_READY;
}

static void write_list(struct byte_writer *writer, struct list list)
{
	write_u32(writer, list.bytes);
	write_bytes(writer, list.at, list.bytes);
}

static void write_name(struct byte_writer *writer, const char *name)
{
	write_u32(writer, (uint32_t)strlen(name));
	write_bytes(writer, name, strlen(name));
}

/* A packet that is being written (RFC 4253, 6): its lengths are known when it
 * ends. */
struct open_packet {
	size_t start;
	struct byte_writer lengths;
};

static struct open_packet begin_packet(struct byte_writer *writer, uint8_t type)
{
	struct open_packet packet = {.start = writer->used};

	packet.lengths = write_reserve(writer, LENGTHS);
	write_u8(writer, type);
	return packet;
}

static void end_packet(struct byte_writer *writer, struct open_packet *packet)
{
	size_t bytes = writer->used - packet->start;
	size_t padding = BLOCK - bytes % BLOCK;

	if (padding < LEAST_PADDING)
		padding += BLOCK;
	write_zeros(writer, padding);
	write_u32(
		&packet->lengths, (uint32_t)(writer->used - packet->start - 4));
	write_u8(&packet->lengths, (uint8_t)padding);
}

enum app_stimulus_state ssh_kex_client_step(struct app_stimulus *stimulus,
	const uint8_t *heard, uint32_t heard_bytes)
{
	struct list lists[LISTS];
	struct byte_writer writer = {stimulus->bytes, sizeof(stimulus->bytes),
		stimulus->used, false};
	static const uint8_t point[POINT] = {9};
	int method = 0, key = 0;

	enum app_stimulus_state state = read_kexinit(heard, heard_bytes, lists);

	if (state != APP_STIMULUS_READY)
		return state;
	while (method < METHODS &&
		!has_name(lists[LIST_KEX], methods[method].name))
		method++;
	while (key < HOST_KEYS &&
		!has_name(lists[LIST_HOST_KEY], host_keys[key]))
		key++;
	if (method == METHODS || key == HOST_KEYS)
		return APP_STIMULUS_LOST;
	struct open_packet packet = begin_packet(&writer, KEXINIT);
	write_bytes(&writer, "a way back, size", COOKIE);
	write_name(&writer, methods[method].name);
	write_name(&writer, host_keys[key]);
	for (int i = LIST_HOST_KEY + 1; i < LISTS; i++)
		write_list(&writer, lists[i]); /* any algorithm of the server */
	write_zeros(&writer, 5);	       /* no guess follows; reserved */
	end_packet(&writer, &packet);
	packet = begin_packet(&writer, KEX_INIT);
	write_u32(&writer, methods[method].filling +
				   (methods[method].has_point ? POINT : 0u));
	for (unsigned i = 0; i < methods[method].filling; i++)
		write_u8(&writer, methods[method].filler);
	if (methods[method].has_point)
		write_bytes(&writer, point, POINT);
	end_packet(&writer, &packet);
	if (writer.is_full)
		return APP_STIMULUS_LOST;
	stimulus->used = (uint16_t)writer.used;
	stimulus->is_whole = true;
	return APP_STIMULUS_READY;
}

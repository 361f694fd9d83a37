#include "probe/tcp/ssh_wire.h"

#include <string.h>

#include "capture/cursor.h"

enum {
	LENGTHS = 5, /* of the packet, of its padding */
	BLOCK = 8,
	LEAST_PACKET = 12,
	LEAST_PADDING = 4,
	MOST_PACKET = 35000, /* RFC 4253, 6.1 */
};

/* The base points. Nothing is encrypted afterwards, so nobody needs the
 * number that belongs to the client's value, and any valid one makes the server
 * compute and say as much. */
static const uint8_t x25519_point[] = {9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const uint8_t p256_point[] = {0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c,
	0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
	0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98,
	0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7,
	0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
	0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};
static const uint8_t p384_point[] = {0x04, 0xaa, 0x87, 0xca, 0x22, 0xbe, 0x8b,
	0x05, 0x37, 0x8e, 0xb1, 0xc7, 0x1e, 0xf3, 0x20, 0xad, 0x74, 0x6e, 0x1d,
	0x3b, 0x62, 0x8b, 0xa7, 0x9b, 0x98, 0x59, 0xf7, 0x41, 0xe0, 0x82, 0x54,
	0x2a, 0x38, 0x55, 0x02, 0xf2, 0x5d, 0xbf, 0x55, 0x29, 0x6c, 0x3a, 0x54,
	0x5e, 0x38, 0x72, 0x76, 0x0a, 0xb7, 0x36, 0x17, 0xde, 0x4a, 0x96, 0x26,
	0x2c, 0x6f, 0x5d, 0x9e, 0x98, 0xbf, 0x92, 0x92, 0xdc, 0x29, 0xf8, 0xf4,
	0x1d, 0xbd, 0x28, 0x9a, 0x14, 0x7c, 0xe9, 0xda, 0x31, 0x13, 0xb5, 0xf0,
	0xb8, 0xc0, 0x0a, 0x60, 0xb1, 0xce, 0x1d, 0x7e, 0x81, 0x9d, 0x7a, 0x43,
	0x1d, 0x7c, 0x90, 0xea, 0x0e, 0x5f};
#define POINT(bytes) .point = (bytes), .point_bytes = sizeof(bytes)

const struct ssh_method ssh_methods[SSH_METHODS] = {
	{"sntrup761x25519-sha512", .filling = 1158, POINT(x25519_point)},
	{"sntrup761x25519-sha512@openssh.com", .filling = 1158,
		POINT(x25519_point)},
	{"mlkem768x25519-sha256", .filling = 1184, POINT(x25519_point)},
	{"diffie-hellman-group16-sha512", .filling = 64, .filler = 0x55},
	{"diffie-hellman-group14-sha256", .filling = 64, .filler = 0x55},
	{"diffie-hellman-group14-sha1", .filling = 64, .filler = 0x55},
	{"curve25519-sha256", POINT(x25519_point)},
	{"curve25519-sha256@libssh.org", POINT(x25519_point)},
	{"ecdh-sha2-nistp256", POINT(p256_point)},
	{"ecdh-sha2-nistp384", POINT(p384_point)},
};

const char *const ssh_host_keys[SSH_HOST_KEYS] = {
	"rsa-sha2-512",
	"rsa-sha2-256",
	"ssh-rsa",
	"ecdsa-sha2-nistp521",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp256",
	"ssh-ed25519",
};

struct ssh_list ssh_list_of(const char *text)
{
	return (struct ssh_list){(const uint8_t *)text, (uint32_t)strlen(text)};
}

bool ssh_list_next(struct ssh_list *list, struct ssh_list *name)
{
	const uint8_t *comma =
		list->bytes ? memchr(list->at, ',', list->bytes) : NULL;

	if (list->bytes == 0)
		return false;
	*name = (struct ssh_list){
		list->at, comma ? (uint32_t)(comma - list->at) : list->bytes};
	list->bytes -= name->bytes + (comma != NULL);
	list->at += name->bytes + (comma != NULL);
	return true;
}

bool ssh_list_has(struct ssh_list list, struct ssh_list name)
{
	struct ssh_list one;

	while (ssh_list_next(&list, &one))
		if (one.bytes == name.bytes &&
			memcmp(one.at, name.at, name.bytes) == 0)
			return true;
	return false;
}

uint32_t ssh_wire_identified(const uint8_t *heard, uint32_t heard_bytes)
{
	struct cursor cursor = cursor_on(heard, heard_bytes, heard_bytes);

	while (cursor.left > 0) {
		const uint8_t *end = memchr(cursor.at, '\n', cursor.left);
		bool is_it =
			cursor.left >= 4 && memcmp(cursor.at, "SSH-", 4) == 0;

		if (!end)
			return 0;
		cursor_skip(&cursor, (uint32_t)(end - cursor.at) + 1);
		if (is_it)
			return heard_bytes - (uint32_t)cursor.left;
	}
	return 0;
}

enum ssh_wire_state ssh_wire_packet(const uint8_t *heard, uint32_t heard_bytes,
	uint32_t at, uint8_t *type, uint32_t *next)
{
	struct cursor cursor =
		cursor_on(heard + at, heard_bytes - at, heard_bytes - at);
	uint32_t length = cursor_u32(&cursor);

	cursor_skip(&cursor, 1);
	*type = cursor_u8(&cursor);
	if (cursor_is_short(&cursor))
		return SSH_WIRE_WAITS;
	if (length > MOST_PACKET || length + 4 < LEAST_PACKET)
		return SSH_WIRE_LOST;
	*next = at + 4 + length;
	return *next > heard_bytes ? SSH_WIRE_WAITS : SSH_WIRE_READY;
}

enum ssh_wire_state ssh_wire_kexinit(const uint8_t *heard, uint32_t heard_bytes,
	struct ssh_list lists[SSH_LISTS])
{
	uint32_t at = ssh_wire_identified(heard, heard_bytes), next;
	uint8_t type;

	if (at == 0)
		return SSH_WIRE_WAITS;
	enum ssh_wire_state state =
		ssh_wire_packet(heard, heard_bytes, at, &type, &next);
	if (state != SSH_WIRE_READY)
		return state;
	if (type != SSH_KEXINIT)
		return SSH_WIRE_LOST;
	struct cursor cursor = cursor_on(heard + at, next - at, next - at);
	cursor_skip(&cursor, LENGTHS + 1 + SSH_COOKIE);
	for (int i = 0; i < SSH_LISTS; i++) {
		uint32_t bytes = cursor_u32(&cursor);

		lists[i] = (struct ssh_list){cursor.at, bytes};
		cursor_skip(&cursor, bytes);
	}
	return cursor_is_short(&cursor) ? SSH_WIRE_LOST : SSH_WIRE_READY;
}

void ssh_write_list(struct byte_writer *writer, struct ssh_list list)
{
	write_u32(writer, list.bytes);
	write_bytes(writer, list.at, list.bytes);
}

struct ssh_open_packet ssh_packet_begin(
	struct byte_writer *writer, uint8_t type)
{
	struct ssh_open_packet packet = {.start = writer->used};

	packet.lengths = write_reserve(writer, LENGTHS);
	write_u8(writer, type);
	return packet;
}

void ssh_packet_end(struct byte_writer *writer, struct ssh_open_packet *packet)
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

void ssh_write_kex_init(
	struct byte_writer *writer, const struct ssh_method *method)
{
	struct ssh_open_packet packet = ssh_packet_begin(writer, SSH_KEX_INIT);

	write_u32(writer, (uint32_t)method->filling + method->point_bytes);
	for (unsigned i = 0; i < method->filling; i++)
		write_u8(writer, method->filler);
	write_bytes(writer, method->point, method->point_bytes);
	ssh_packet_end(writer, &packet);
}

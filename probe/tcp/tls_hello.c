#include "probe/tcp/tls_hello.h"

#include "capture/numbers.h"

enum {
	RENEGOTIATION_SIGNAL = 0x00ff, /* RFC 5746, 3.3 */
	EXTENSION_GROUPS = 10,	       /* RFC 8422, 5.1.1; RFC 7919 */
	EXTENSION_POINT_FORMATS = 11,
	EXTENSION_SIGNATURES = 13, /* RFC 8446, 4.2.3 */
	EXTENSION_PADDING = 21,	   /* RFC 7685 */
	EXTENSION_EXTENDED_MASTER_SECRET = 23,
	EXTENSION_PSK_MODES = 45,
	EXTENSION_KEY_SHARE = 51,
	GROUP_X25519 = 29,
	SHARE_BYTES = 32,
	USUAL_GROUPS = 5,
	USUAL_SIGNATURES = 14,
	PADDING_HEAD = 4,
};

/* The first ones are what OpenSSL's clients have. */
static const uint16_t groups[] = {GROUP_X25519, 23, 30, 25, 24, 256, 257, 258,
	259, 260, 26, 27, 28, 22, 21, 19};
static const uint16_t signatures[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0808,
	0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
	0x0301, 0x0303, 0x0201, 0x0203, 0x0202};
static const uint16_t versions[] = {TLS_1_3, TLS_1_2, 0x0302, TLS_1_0};

/* A list that is being written; its length, of `size` bytes, is known when it
 * ends. */
struct open_list {
	struct byte_writer length;
	size_t start, size;
};

static struct open_list begin(struct byte_writer *writer, size_t size)
{
	struct open_list list = {write_reserve(writer, size), 0, size};

	list.start = writer->used;
	return list;
}

static void end(struct byte_writer *writer, struct open_list *list)
{
	size_t bytes = writer->used - list->start;

	if (list->size == 3)
		write_u8(&list->length, (uint8_t)(bytes >> 16));
	if (list->size == 1)
		write_u8(&list->length, (uint8_t)bytes);
	else
		write_u16(&list->length, (uint16_t)bytes);
}

static struct open_list begin_extension(
	struct byte_writer *writer, uint16_t type)
{
	write_u16(writer, type);
	return begin(writer, 2);
}

/* An extension that is a list of numbers; `size` bytes have its length. */
static void write_numbers(struct byte_writer *writer, uint16_t type,
	size_t size, const uint16_t *numbers, size_t count)
{
	struct open_list extension = begin_extension(writer, type);
	struct open_list list = begin(writer, size);

	for (size_t i = 0; i < count; i++)
		write_u16(writer, numbers[i]);
	end(writer, &list);
	end(writer, &extension);
}

static void write_name(struct byte_writer *writer, const char *name)
{
	struct open_list extension =
		begin_extension(writer, TLS_EXTENSION_SERVER_NAME);
	struct open_list list = begin(writer, 2), one;

	write_u8(writer, 0); /* host_name */
	one = begin(writer, 2);
	write_bytes(writer, name, strlen(name));
	end(writer, &one);
	end(writer, &list);
	end(writer, &extension);
}

/* One of the number 9, the curve's base point (RFC 7748, 4.1). */
static void write_share(struct byte_writer *writer)
{
	struct open_list extension =
		begin_extension(writer, EXTENSION_KEY_SHARE);
	struct open_list list = begin(writer, 2), one;

	write_u16(writer, GROUP_X25519);
	one = begin(writer, 2);
	write_u8(writer, 9);
	write_zeros(writer, SHARE_BYTES - 1);
	end(writer, &one);
	end(writer, &list);
	end(writer, &extension);
}

static void write_small(struct byte_writer *writer, uint16_t type,
	const uint8_t *bytes, size_t count)
{
	struct open_list extension = begin_extension(writer, type);

	write_bytes(writer, bytes, count);
	end(writer, &extension);
}

static void write_versions(struct byte_writer *writer, enum tls_purpose purpose)
{
	static const uint8_t psk_modes[] = {1, 1};
	bool is_wide = purpose == TLS_WIDE;

	if (purpose == TLS_OLD)
		return;
	write_numbers(
		writer, TLS_EXTENSION_VERSIONS, 1, versions, is_wide ? 4 : 2);
	write_small(writer, EXTENSION_PSK_MODES, psk_modes, sizeof(psk_modes));
	write_share(writer);
}

static void write_extensions(struct byte_writer *writer,
	enum tls_purpose purpose, const char *name, uint32_t least_bytes)
{
	static const uint8_t point_formats[] = {1, 0};
	struct open_list list = begin(writer, 2);
	bool is_wide = purpose == TLS_WIDE;

	if (name[0] && purpose != TLS_NAMELESS)
		write_name(writer, name);
	write_small(writer, EXTENSION_POINT_FORMATS, point_formats,
		sizeof(point_formats));
	write_numbers(writer, EXTENSION_GROUPS, 2, groups,
		is_wide ? sizeof(groups) / sizeof(groups[0]) : USUAL_GROUPS);
	write_small(writer, EXTENSION_EXTENDED_MASTER_SECRET, NULL, 0);
	write_numbers(writer, EXTENSION_SIGNATURES, 2, signatures,
		is_wide ? sizeof(signatures) / sizeof(signatures[0])
			: USUAL_SIGNATURES);
	write_versions(writer, purpose);
	if (writer->used + PADDING_HEAD < least_bytes) {
		struct open_list padding =
			begin_extension(writer, EXTENSION_PADDING);

		write_zeros(writer, least_bytes - writer->used);
		end(writer, &padding);
	}
	end(writer, &list);
}

static void write_suites(struct byte_writer *writer, enum tls_purpose purpose)
{
	struct open_list list = begin(writer, 2);
	int count = purpose == TLS_WIDE ? TLS_SUITES : TLS_USUAL_SUITES;

	for (int i = 0; i < count; i++)
		if (purpose != TLS_OLD || tls_suites[i].number >> 8 != 0x13)
			write_u16(writer, tls_suites[i].number);
	write_u16(writer, RENEGOTIATION_SIGNAL);
	end(writer, &list);
}

void tls_hello_write(struct byte_writer *writer, enum tls_purpose purpose,
	const char *name, uint32_t least_bytes)
{
	const char *random = tls_rules_random(purpose);
	struct open_list record, message;

	write_u8(writer, TLS_RECORD_HANDSHAKE);
	write_u16(writer, TLS_1_0); /* RFC 8446, 5.1 */
	record = begin(writer, 2);
	write_u8(writer, TLS_CLIENT_HELLO);
	message = begin(writer, 3);
	write_u16(writer, TLS_1_2);
	write_bytes(writer, random, TLS_RANDOM_BYTES);
	/* A session, as RFC 8446, D.4, wants for devices. */
	write_u8(writer, TLS_RANDOM_BYTES);
	write_bytes(writer, random, TLS_RANDOM_BYTES);
	write_suites(writer, purpose);
	write_u16(writer, 0x0100); /* no compression */
	write_extensions(writer, purpose, name, least_bytes);
	end(writer, &message);
	end(writer, &record);
}

#include "analysis/observe/ssh.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "capture/cursor.h"
#include "capture/sequence.h"

enum {
	STREAM_BYTES = 6144,	/* the largest KEXINIT seen is under 3,000 */
	LARGEST_PACKET = 35000, /* RFC 4253, 6.1 */
	MSG_DISCONNECT = 1,
	MSG_KEXINIT = 20,
	MSG_NEWKEYS = 21,
	COOKIE_BYTES = 16,
};

struct ssh_stream {
	uint32_t next; /* sequence number expected */
	bool has_next;
	bool is_past_banner;
	bool holds_kexinit; /* it stands at the front, until it is compared */
	uint32_t skip;	    /* bytes of a packet that is not of interest */
	uint32_t held;
	uint8_t bytes[STREAM_BYTES];
};

/* The name-lists of one side, in the order of enum ssh_algorithm. */
struct proposal {
	struct cursor lists[SSH_ALGORITHM_COUNT];
};

const size_t SSH_TALK_BYTES =
	sizeof(struct ssh_talk) + 2 * sizeof(struct ssh_stream);

size_t ssh_talk_bytes(const struct ssh_talk *talk)
{
	size_t bytes = sizeof(*talk);

	if (talk->stream[SSH_CLIENT])
		bytes += sizeof(struct ssh_stream);
	if (talk->stream[SSH_SERVER])
		bytes += sizeof(struct ssh_stream);
	return bytes;
}

struct ssh_talk *ssh_talk_new(void)
{
	struct ssh_talk *talk = calloc(1, sizeof(*talk));

	if (!talk)
		return NULL;
	for (unsigned who = 0; who < 2; who++) {
		talk->stream[who] = malloc(sizeof(struct ssh_stream));
		if (!talk->stream[who]) {
			ssh_talk_free(talk);
			return NULL;
		}
		memset(talk->stream[who], 0,
			offsetof(struct ssh_stream, bytes));
	}
	return talk;
}

static void end_stream(struct ssh_talk *talk, unsigned who)
{
	free(talk->stream[who]);
	talk->stream[who] = NULL;
}

void ssh_talk_end(struct ssh_talk *talk)
{
	end_stream(talk, SSH_CLIENT);
	end_stream(talk, SSH_SERVER);
}

void ssh_talk_free(struct ssh_talk *talk)
{
	if (!talk)
		return;
	ssh_talk_end(talk);
	free(talk);
}

bool ssh_is_banner(const struct packet *packet)
{
	return packet->payload_captured >= 4 &&
	       memcmp(packet->payload, "SSH-", 4) == 0;
}

bool ssh_may_be_banner(const struct packet *packet)
{
	return packet->payload_bytes < 4 &&
	       packet->payload_captured == packet->payload_bytes &&
	       memcmp(packet->payload, "SSH-", packet->payload_captured) == 0;
}

/* Is one of `client`'s names also in `server`? Signalling names that are no
 * algorithms (RFC 8308, strict kex) don't count. */
static bool have_common(struct cursor client, struct cursor server)
{
	const uint8_t *names = client.at, *end = names + client.left;

	while (names < end) {
		const uint8_t *comma =
			memchr(names, ',', (size_t)(end - names));
		size_t length = (size_t)((comma ? comma : end) - names);
		const uint8_t *other = server.at;
		const uint8_t *other_end = other + server.left;
		bool is_signal =
			(length >= 8 && memcmp(names, "ext-info", 8) == 0) ||
			(length >= 10 && memcmp(names, "kex-strict", 10) == 0);

		while (!is_signal && other < other_end) {
			const uint8_t *stop =
				memchr(other, ',', (size_t)(other_end - other));
			size_t size =
				(size_t)((stop ? stop : other_end) - other);

			if (size == length && memcmp(names, other, length) == 0)
				return true;
			other = stop ? stop + 1 : other_end;
		}
		names = comma ? comma + 1 : end;
	}
	return false;
}

/* Of the KEXINIT that the stream holds: its lists, as far as it reaches. */
static bool read_proposal(
	const struct ssh_stream *stream, struct proposal *proposal)
{
	struct cursor cursor =
		cursor_on(stream->bytes, stream->held, stream->held);
	uint32_t length = cursor_u32(&cursor);

	cursor = cursor_cut(&cursor, length);
	cursor_skip(&cursor, 1 + 1 + COOKIE_BYTES);
	for (unsigned i = 0; i < SSH_ALGORITHM_COUNT; i++) {
		uint32_t bytes = cursor_u32(&cursor);

		proposal->lists[i] = cursor_cut(&cursor, bytes);
		cursor_skip(&cursor, bytes);
	}
	return !cursor_is_short(&cursor);
}

/* Ciphers that bring their own integrity need no MAC in common. */
static bool is_authenticated_only(struct cursor client, struct cursor server)
{
	static const char *const names[] = {"chacha20-poly1305@openssh.com",
		"aes256-gcm@openssh.com", "aes128-gcm@openssh.com"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint32_t bytes = (uint32_t)strlen(names[i]);
		struct cursor one =
			cursor_on((const uint8_t *)names[i], bytes, bytes);

		if (have_common(one, client) && have_common(one, server))
			return true;
	}
	return false;
}

/* Both KEXINITs are held: which classes have nothing in common? */
static void compare_proposals(struct ssh_talk *talk)
{
	struct proposal client, server;

	if (!read_proposal(talk->stream[SSH_CLIENT], &client) ||
		!read_proposal(talk->stream[SSH_SERVER], &server))
		return;
	talk->has_compared = true;
	for (unsigned i = 0; i < SSH_ALGORITHM_COUNT; i++) {
		bool is_mac = i == SSH_MAC_TO_SERVER || i == SSH_MAC_TO_CLIENT;

		if (have_common(client.lists[i], server.lists[i]))
			continue;
		if (is_mac && is_authenticated_only(
				      client.lists[i - 2], server.lists[i - 2]))
			continue;
		talk->missing |= (uint8_t)(1u << i);
	}
}

static void note_line(struct ssh_talk *talk, unsigned who,
	const struct ssh_stream *stream, uint32_t length,
	const struct packet *packet)
{
	static const struct {
		const char *text;
		enum ssh_refusal refusal;
	} refusals[] = {
		{"Exceeded MaxStartups", SSH_EXCEEDED_MAX_STARTUPS},
		{"Not allowed at this time", SSH_NOT_ALLOWED},
		{"Invalid SSH identification", SSH_INVALID_IDENTIFICATION},
		{"Protocol mismatch", SSH_PROTOCOL_MISMATCH},
		{"Protocol major versions differ", SSH_PROTOCOL_MISMATCH},
	};
	uint32_t kept = length < sizeof(talk->text[who]) - 1
				? length
				: (uint32_t)sizeof(talk->text[who]) - 1;
	bool is_banner = length >= 4 && memcmp(stream->bytes, "SSH-", 4) == 0;

	if (is_banner || talk->text[who][0] == 0) {
		memcpy(talk->text[who], stream->bytes, kept);
		talk->text[who][kept] = 0;
	}
	if (is_banner) {
		talk->has_banner[who] = true;
		talk->banner[who] = packet_summary_of(packet);
		return;
	}
	for (unsigned i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		size_t size = strlen(refusals[i].text);

		if (who == SSH_SERVER && length >= size &&
			memcmp(stream->bytes, refusals[i].text, size) == 0) {
			talk->refusal = (uint8_t)refusals[i].refusal;
			talk->refusal_frame = (uint32_t)packet->frame;
		}
	}
}

static void drop_front(struct ssh_stream *stream, uint32_t bytes)
{
	assert(bytes <= stream->held);
	stream->held -= bytes;
	memmove(stream->bytes, stream->bytes + bytes, stream->held);
}

/* Takes whole lines until the identification string. */
static void take_lines(struct ssh_talk *talk, unsigned who,
	struct ssh_stream *stream, const struct packet *packet)
{
	while (!stream->is_past_banner) {
		const uint8_t *end = memchr(stream->bytes, '\n', stream->held);
		uint32_t length;

		if (!end)
			return;
		length = (uint32_t)(end - stream->bytes);
		note_line(talk, who, stream,
			length && end[-1] == '\r' ? length - 1 : length,
			packet);
		stream->is_past_banner = talk->has_banner[who];
		drop_front(stream, length + 1);
		if (talk->refusal == SSH_INVALID_IDENTIFICATION ||
			talk->refusal == SSH_PROTOCOL_MISMATCH)
			return;
	}
}

/* Reason, then a text for people. */
static void note_disconnect(struct ssh_talk *talk, unsigned who,
	const struct ssh_stream *stream, const struct packet *packet)
{
	struct cursor cursor =
		cursor_on(stream->bytes, stream->held, stream->held);
	uint32_t length = cursor_u32(&cursor), bytes;

	cursor = cursor_cut(&cursor, length);
	cursor_skip(&cursor, 1 + 1);
	talk->disconnect_reason = cursor_u32(&cursor);
	bytes = cursor_u32(&cursor);
	cursor = cursor_cut(&cursor, bytes);
	if (cursor_is_short(&cursor) || talk->has_disconnect)
		return;
	talk->has_disconnect = true;
	talk->disconnect_who = (uint8_t)who;
	talk->disconnect = packet_summary_of(packet);
	if (bytes > sizeof(talk->disconnect_text) - 1)
		bytes = (uint32_t)sizeof(talk->disconnect_text) - 1;
	if (bytes > cursor.left)
		bytes = (uint32_t)cursor.left;
	memcpy(talk->disconnect_text, cursor.at, bytes);
	talk->disconnect_text[bytes] = 0;
}

/* Takes whole binary packets; keeps the first KEXINIT until the other side's
 * came, or has to let it go because too much came after it: then what the two
 * have in common is not known. False when nothing more is to be learned from
 * this direction. */
static bool take_packets(struct ssh_talk *talk, unsigned who,
	struct ssh_stream *stream, const struct packet *packet)
{
	while (stream->held >= 6) {
		struct cursor cursor =
			cursor_on(stream->bytes, stream->held, stream->held);
		uint32_t length = cursor_u32(&cursor) + 4;
		uint8_t type;

		cursor_skip(&cursor, 1);
		type = cursor_u8(&cursor);
		if (length < 12 || length > LARGEST_PACKET)
			return false;
		if (type == MSG_NEWKEYS) {
			talk->has_newkeys[who] = true;
			talk->newkeys_frame[who] = (uint32_t)packet->frame;
			talk->newkeys_sequence[who] = packet->sequence;
			return false;
		}
		if (type == MSG_DISCONNECT && stream->held >= length) {
			note_disconnect(talk, who, stream, packet);
			return false;
		}
		if (type == MSG_KEXINIT && length <= STREAM_BYTES) {
			if (stream->held < length)
				return true;
			if (!talk->has_kexinit[who]) {
				talk->has_kexinit[who] = true;
				talk->kexinit_frame[who] =
					(uint32_t)packet->frame;
				stream->holds_kexinit = true;
				if (talk->stream[!who] &&
					talk->stream[!who]->holds_kexinit)
					compare_proposals(talk);
			}
			if (stream->holds_kexinit && !talk->has_compared &&
				!talk->is_broken[!who] &&
				stream->held + 6 <= STREAM_BYTES)
				return true;
			stream->holds_kexinit = false;
		}
		if (stream->held < length) {
			stream->skip = length - stream->held;
			stream->held = 0;
			return true;
		}
		drop_front(stream, length);
	}
	return true;
}

static bool take(struct ssh_talk *talk, unsigned who, struct ssh_stream *stream,
	const struct packet *packet)
{
	const uint8_t *bytes = packet->payload;
	uint32_t left = packet->payload_captured;

	while (left) {
		uint32_t part;

		if (stream->skip) {
			part = left < stream->skip ? left : stream->skip;
			stream->skip -= part;
			bytes += part;
			left -= part;
			continue;
		}
		part = STREAM_BYTES - stream->held;
		if (part == 0)
			return false;
		if (part > left)
			part = left;
		memcpy(stream->bytes + stream->held, bytes, part);
		stream->held += part;
		bytes += part;
		left -= part;
		take_lines(talk, who, stream, packet);
		if (stream->is_past_banner &&
			!take_packets(talk, who, stream, packet))
			return false;
	}
	return true;
}

void ssh_talk_feed(
	struct ssh_talk *talk, unsigned who, const struct packet *packet)
{
	struct ssh_stream *stream = talk->stream[who];

	if (packet->payload_bytes == 0)
		return;
	if (!stream)
		return;
	if (!stream->has_next) {
		stream->has_next = true;
		stream->next = packet->sequence;
	}
	if (sequence_before(packet->sequence, stream->next))
		return; /* a retransmission; partial ones are not sewn */
	if (packet->sequence != stream->next ||
		packet->payload_captured < packet->payload_bytes) {
		talk->is_broken[who] = true;
		end_stream(talk, who);
		return;
	}
	stream->next += packet->payload_bytes;
	if (take(talk, who, stream, packet))
		return;
	/* encryption begins, or this is nothing that can be followed */
	talk->is_broken[who] = !talk->has_newkeys[who];
	end_stream(talk, who);
}

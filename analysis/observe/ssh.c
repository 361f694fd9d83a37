#include "analysis/observe/ssh.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/observe/ssh_proposal.h"
#include "capture/cursor.h"
#include "capture/sequence.h"

enum {
	STREAM_BYTES = 6144,	/* the largest KEXINIT seen is under 3,000 */
	LARGEST_PACKET = 35000, /* RFC 4253, 6.1 */
	MSG_DISCONNECT = 1,
	MSG_KEXINIT = 20,
	MSG_NEWKEYS = 21,
	/* of the client, answered by the next number (RFC 4253, 8; RFC 5656,
	 * 7.1; RFC 4419, 5) */
	MSG_KEX_INIT = 30,
	MSG_KEX_GEX_REQUEST = 34,
	LINES_MOST = 1024, /* before the identification; OpenSSH's client
			      hangs up then (kex_exchange_identification) */
	FIRST_STREAM_BYTES = 64, /* a version line */
	MALLOC_BYTES = 16,	 /* what the allocator adds to each */
};

struct ssh_stream {
	uint32_t next; /* sequence number expected */
	bool has_next;
	bool is_past_banner;
	bool holds_kexinit; /* it stands at the front, until it is compared */
	uint32_t skip;	    /* bytes of a packet that is not of interest */
	uint32_t front;	    /* where what is held begins */
	uint32_t held;
	uint32_t lines; /* before the identification */
	uint32_t capacity; /* at most STREAM_BYTES */
	uint8_t bytes[];
};

static size_t stream_bytes(const struct ssh_stream *stream)
{
	return stream ? MALLOC_BYTES + sizeof(*stream) + stream->capacity : 0;
}

const size_t SSH_TALK_GROWTH = 2 * MALLOC_BYTES + sizeof(struct ssh_talk) +
			       sizeof(struct ssh_stream) + STREAM_BYTES;

size_t ssh_talk_bytes(const struct ssh_talk *talk)
{
	return talk ? MALLOC_BYTES + sizeof(*talk) +
			       stream_bytes(talk->stream[SSH_CLIENT]) +
			       stream_bytes(talk->stream[SSH_SERVER])
		    : 0;
}

struct ssh_talk *ssh_talk_new(void)
{
	return calloc(1, sizeof(struct ssh_talk));
}

static void end_stream(struct ssh_talk *talk, unsigned who)
{
	free(talk->stream[who]);
	talk->stream[who] = NULL;
	talk->has_ended[who] = true;
}

/* The stream with room for so many bytes; NULL without memory. */
static struct ssh_stream *stream_grown(
	struct ssh_talk *talk, unsigned who, uint32_t bytes)
{
	struct ssh_stream *stream = talk->stream[who], *grown;
	uint32_t capacity = stream ? stream->capacity : 0;

	if (stream && bytes <= capacity)
		return stream;
	capacity = capacity ? 2 * capacity : FIRST_STREAM_BYTES;
	if (capacity < bytes)
		capacity = bytes;
	if (capacity > STREAM_BYTES)
		capacity = STREAM_BYTES;
	grown = realloc(stream, sizeof(*grown) + capacity);
	if (!grown)
		return NULL;
	if (!stream)
		memset(grown, 0, sizeof(*grown));
	grown->capacity = capacity;
	talk->stream[who] = grown;
	return grown;
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

static const uint8_t *held_bytes(const struct ssh_stream *stream)
{
	return stream->bytes + stream->front;
}

static struct cursor held_cursor(const struct ssh_stream *stream)
{
	return cursor_on(held_bytes(stream), stream->held, stream->held);
}

/* Both KEXINITs are held: which classes have nothing in common? Not known
 * where a list is longer than any that is meant to be read. */
static void compare_proposals(struct ssh_talk *talk)
{
	struct ssh_proposal client, server;

	talk->has_compared =
		ssh_proposal_read(
			held_cursor(talk->stream[SSH_CLIENT]), &client) &&
		ssh_proposal_read(
			held_cursor(talk->stream[SSH_SERVER]), &server) &&
		ssh_proposal_compare(&client, &server, &talk->missing);
}

static void note_line(struct ssh_talk *talk, unsigned who, const uint8_t *line,
	uint32_t length, const struct packet *packet)
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
	bool is_banner = length >= 4 && memcmp(line, "SSH-", 4) == 0;

	if (is_banner || talk->text[who][0] == 0) {
		memcpy(talk->text[who], line, kept);
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
			memcmp(line, refusals[i].text, size) == 0) {
			talk->refusal = (uint8_t)refusals[i].refusal;
			talk->refusal_frame = (uint32_t)packet->frame;
		}
	}
}

static void drop_front(struct ssh_stream *stream, uint32_t bytes)
{
	assert(bytes <= stream->held);
	stream->front += bytes;
	stream->held -= bytes;
}

/* Moves what is held to the beginning: once for what came together, however
 * many lines or packets were dropped before it. */
static void make_room(struct ssh_talk *talk, struct ssh_stream *stream)
{
	if (stream->front == 0)
		return;
	memmove(stream->bytes, held_bytes(stream), stream->held);
	talk->moved_bytes += stream->held;
	stream->front = 0;
}

/* Takes whole lines until the identification string; false after so many that
 * no client would wait for it. */
static bool take_lines(struct ssh_talk *talk, unsigned who,
	struct ssh_stream *stream, const struct packet *packet)
{
	while (!stream->is_past_banner) {
		const uint8_t *line = held_bytes(stream);
		const uint8_t *end = memchr(line, '\n', stream->held);
		uint32_t length;

		if (!end)
			return true;
		if (stream->lines++ == LINES_MOST)
			return false;
		length = (uint32_t)(end - line);
		note_line(talk, who, line,
			length && end[-1] == '\r' ? length - 1 : length,
			packet);
		stream->is_past_banner = talk->has_banner[who];
		drop_front(stream, length + 1);
		if (talk->refusal == SSH_INVALID_IDENTIFICATION ||
			talk->refusal == SSH_PROTOCOL_MISMATCH)
			return true;
	}
	return true;
}

/* Reason, then a text for people. */
static void note_disconnect(struct ssh_talk *talk, unsigned who,
	const struct ssh_stream *stream, const struct packet *packet)
{
	struct cursor cursor = held_cursor(stream);
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
		struct cursor cursor = held_cursor(stream);
		uint32_t length = cursor_u32(&cursor) + 4;
		uint8_t type;

		cursor_skip(&cursor, 1);
		type = cursor_u8(&cursor);
		if (length < 12 || length > LARGEST_PACKET)
			return false;
		if (who == SSH_CLIENT && type >= MSG_KEX_INIT &&
			type <= MSG_KEX_GEX_REQUEST)
			talk->has_asked = true;
		if (type == MSG_NEWKEYS) {
			talk->has_newkeys[who] = true;
			talk->alive.has_keys |= who == SSH_SERVER;
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

static bool take(
	struct ssh_talk *talk, unsigned who, const struct packet *packet)
{
	struct ssh_stream *stream = talk->stream[who];
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
		make_room(talk, stream);
		part = STREAM_BYTES - stream->held;
		if (part == 0)
			return false;
		if (part > left)
			part = left;
		stream = stream_grown(talk, who, stream->held + part);
		if (!stream)
			return false;
		memcpy(stream->bytes + stream->held, bytes, part);
		stream->held += part;
		bytes += part;
		left -= part;
		if (!take_lines(talk, who, stream, packet))
			return false;
		if (stream->is_past_banner &&
			!take_packets(talk, who, stream, packet))
			return false;
	}
	return true;
}

void ssh_talk_feed(
	struct ssh_talk *talk, unsigned who, const struct packet *packet)
{
	struct ssh_stream *stream;

	if (packet->payload_bytes == 0 || talk->has_ended[who])
		return;
	stream = stream_grown(talk, who, 0);
	if (!stream) {
		talk->is_broken[who] = talk->has_ended[who] = true;
		return;
	}
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
	if (take(talk, who, packet))
		return;
	/* encryption begins, or this is nothing that can be followed */
	talk->is_broken[who] = !talk->has_newkeys[who];
	end_stream(talk, who);
}

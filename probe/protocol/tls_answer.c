#include "probe/protocol/tls_answer.h"

#include <string.h>

#include "probe/protocol/tls_rules.h"

enum {
	RECORD_HEAD = 5,
	RECORD_MOST = 16384 + 2048, /* RFC 5246, 6.2.3 */
	MOST_PARTS = 64,
};

/* Handshake bytes from `at` on stand in the stream from `in_stream` on. */
struct tls_part {
	uint32_t at, in_stream;
};

struct tls_progress {
	struct tls_answer *answer;
	uint32_t count; /* of handshake bytes */
	unsigned parts;
	struct tls_part part[MOST_PARTS];
};

static uint32_t cursor_u24(struct cursor *cursor)
{
	uint32_t high = cursor_u8(cursor);

	return high << 16 | cursor_u16(cursor);
}

/* The next `bytes` bytes, as a cursor of their own; short where there are
 * fewer. */
static struct cursor take(struct cursor *cursor, uint32_t bytes)
{
	struct cursor part = cursor_on(cursor->at, bytes, bytes);

	cursor_skip(cursor, bytes);
	return cursor_is_short(cursor) ? *cursor : part;
}

static void take_alert(
	struct tls_answer *answer, struct cursor record, uint32_t end)
{
	uint8_t level = cursor_u8(&record);
	uint8_t alert = cursor_u8(&record);

	/* a longer one is encrypted */
	if (cursor_is_short(&record) || record.left ||
		level != TLS_ALERT_FATAL || answer->alert_end)
		return;
	answer->alert = alert;
	answer->alert_end = end;
}

static void take_handshake(struct tls_progress *reading,
	const struct cursor *record, uint32_t in_stream)
{
	uint32_t room = TLS_STREAM_BYTES - reading->count;
	uint32_t bytes = record->left < room ? record->left : room;

	if (reading->parts == MOST_PARTS || bytes == 0)
		return;
	reading->part[reading->parts++] =
		(struct tls_part){reading->count, in_stream};
	memcpy(reading->answer->handshake + reading->count, record->at, bytes);
	reading->count += bytes;
}

/* Where in the stream that many handshake bytes end. */
static uint32_t end_in_stream(
	const struct tls_progress *reading, uint32_t bytes)
{
	unsigned i = reading->parts;

	while (i > 1 && reading->part[i - 1].at >= bytes)
		i--;
	return reading->part[i - 1].in_stream +
	       (bytes - reading->part[i - 1].at);
}

/* The version that an extension names (RFC 8446, 4.2.1). */
static uint16_t version_of(struct cursor extensions, uint16_t legacy)
{
	while (extensions.left >= 4) {
		uint16_t type = cursor_u16(&extensions);
		struct cursor one = take(&extensions, cursor_u16(&extensions));
		uint16_t version = cursor_u16(&one);

		if (type == TLS_EXTENSION_VERSIONS && !cursor_is_short(&one))
			return version;
	}
	return legacy;
}

static void take_hello(
	struct tls_answer *answer, struct cursor message, uint32_t end)
{
	uint16_t legacy = cursor_u16(&message), suite;

	cursor_skip(&message, TLS_RANDOM_BYTES);
	cursor_skip(&message, cursor_u8(&message)); /* the session */
	suite = cursor_u16(&message);
	cursor_skip(&message, 1); /* compression */
	if (cursor_is_short(&message) || answer->hello_end)
		return;
	answer->suite = suite;
	answer->version = legacy;
	answer->hello_end = end;
	if (message.left < 2)
		return; /* before TLS 1.2 it may have no extensions */
	struct cursor extensions = take(&message, cursor_u16(&message));
	if (!cursor_is_short(&extensions))
		answer->version = version_of(extensions, legacy);
}

static void take_certificate(
	struct tls_answer *answer, struct cursor message, uint32_t end)
{
	struct cursor list = take(&message, cursor_u24(&message));
	struct cursor first = take(&list, cursor_u24(&list));

	if (cursor_is_short(&first) || answer->certificate_end)
		return;
	answer->certificate = first;
	answer->certificate_end = end;
}

static void take_message(struct tls_answer *answer, uint8_t type,
	struct cursor message, uint32_t end)
{
	if (type == TLS_SERVER_HELLO)
		take_hello(answer, message, end);
	if (!answer->hello_end)
		return;
	if (type == TLS_CERTIFICATE)
		take_certificate(answer, message, end);
	if (type == TLS_CERTIFICATE_REQUEST && !answer->request_end)
		answer->request_end = end;
	if (type == TLS_SERVER_HELLO_DONE && !answer->done_end)
		answer->done_end = end;
}

static void take_messages(struct tls_progress *reading)
{
	struct tls_answer *answer = reading->answer;
	struct cursor cursor =
		cursor_on(answer->handshake, reading->count, reading->count);

	while (cursor.left >= 4) {
		uint8_t type = cursor_u8(&cursor);
		struct cursor message = take(&cursor, cursor_u24(&cursor));

		if (cursor_is_short(&cursor))
			return;
		take_message(answer, type, message,
			end_in_stream(reading, reading->count - cursor.left));
	}
}

/* One record, or as much of it as there is; false where it is none. */
static bool take_record(
	struct tls_progress *reading, struct cursor *stream, uint32_t count)
{
	uint8_t type = cursor_u8(stream), major = cursor_u8(stream);
	uint32_t length, at;
	struct cursor record;
	bool is_whole;

	cursor_skip(stream, 1);
	length = cursor_u16(stream);
	if (!tls_may_begin(type) || major != 3 || length > RECORD_MOST)
		return false;
	at = count - stream->left;
	is_whole = length <= stream->left;
	record = take(stream, is_whole ? length : stream->left);
	if (type == TLS_RECORD_ALERT && is_whole)
		take_alert(reading->answer, record, at + length);
	if (type == TLS_RECORD_HANDSHAKE)
		take_handshake(reading, &record, at);
	return true;
}

void tls_answer_read(
	struct tls_answer *answer, const uint8_t *bytes, uint32_t count)
{
	struct tls_progress reading = {.answer = answer};
	struct cursor stream = cursor_on(bytes, count, count);

	*answer = (struct tls_answer){.kind = TLS_ANSWER_NONE};
	if (count > 0 && !tls_may_begin(bytes[0])) {
		answer->kind = TLS_ANSWER_OTHER;
		return;
	}
	while (stream.left >= RECORD_HEAD)
		if (!take_record(&reading, &stream, count)) {
			if (reading.parts == 0 && !answer->alert_end)
				answer->kind = TLS_ANSWER_OTHER;
			break;
		}
	if (answer->kind == TLS_ANSWER_OTHER)
		return;
	if (reading.parts)
		take_messages(&reading);
	if (answer->hello_end)
		answer->kind = TLS_ANSWER_HELLO;
	else if (answer->alert_end)
		answer->kind = TLS_ANSWER_ALERT;
}

bool tls_answer_is_whole(const struct tls_answer *answer)
{
	return answer->kind == TLS_ANSWER_OTHER || answer->alert_end ||
	       answer->done_end ||
	       (answer->hello_end && answer->version >= TLS_1_3);
}

/* The name in the extensions of a ClientHello (RFC 6066, 3). */
static void find_name(struct cursor extensions, struct cursor *name)
{
	while (extensions.left >= 4) {
		uint16_t type = cursor_u16(&extensions);
		struct cursor one = take(&extensions, cursor_u16(&extensions));

		if (type != TLS_EXTENSION_SERVER_NAME)
			continue;
		cursor_skip(&one, 3); /* the list's length, and the type */
		*name = take(&one, cursor_u16(&one));
		return;
	}
}

bool tls_hello_read(const uint8_t *bytes, uint32_t count, struct cursor *random,
	struct cursor *name)
{
	struct cursor cursor = cursor_on(bytes, count, count);

	*name = cursor_on(bytes, 0, 0);
	if (cursor_u8(&cursor) != TLS_RECORD_HANDSHAKE)
		return false;
	cursor_skip(&cursor, 4 + 4 + 2); /* record, message, version */
	*random = take(&cursor, TLS_RANDOM_BYTES);
	cursor_skip(&cursor, cursor_u8(&cursor));  /* session */
	cursor_skip(&cursor, cursor_u16(&cursor)); /* suites */
	cursor_skip(&cursor, cursor_u8(&cursor));  /* compression */
	if (cursor_is_short(random))
		return false;
	struct cursor extensions = take(&cursor, cursor_u16(&cursor));
	if (!cursor_is_short(&extensions))
		find_name(extensions, name);
	return true;
}

/* What a server's stream says in answer to a ClientHello, as far as it is not
 * encrypted: records (RFC 8446, 5.1), ServerHello (4.1.3) and, before TLS 1.3,
 * the messages up to ServerHelloDone (RFC 5246, 7.4). */
#ifndef PROBE_PROTOCOL_TLS_ANSWER_H
#define PROBE_PROTOCOL_TLS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/cursor.h"
#include "capture/numbers.h"

enum { TLS_STREAM_BYTES = 8192 }; /* at most; more is not looked at */

enum tls_answer_kind {
	TLS_ANSWER_NONE,  /* nothing that is whole */
	TLS_ANSWER_OTHER, /* no record of TLS */
	TLS_ANSWER_ALERT, /* a fatal one, and no ServerHello before */
	TLS_ANSWER_HELLO,
};

/* Ends count the stream's bytes up to the end of a message; 0: it is not
 * there. */
struct tls_answer {
	enum tls_answer_kind kind;
	uint8_t alert; /* its description (RFC 8446, 6) */
	uint32_t alert_end;
	uint16_t version, suite;
	uint32_t hello_end;
	uint32_t certificate_end, request_end, done_end;
	/* the server's own certificate, DER */
	struct cursor certificate;
	uint8_t handshake[TLS_STREAM_BYTES]; /* which that points into */
};

/* Whether a stream with that first byte may be one of TLS. */
static inline bool tls_may_begin(uint8_t first)
{
	return first >= TLS_RECORD_CHANGE_CIPHER_SPEC &&
	       first <= TLS_RECORD_APPLICATION_DATA;
}

/* Reads `count` bytes of the stream, from its first byte on. */
void tls_answer_read(
	struct tls_answer *answer, const uint8_t *bytes, uint32_t count);

/* Whether nothing more can come that is readable. */
bool tls_answer_is_whole(const struct tls_answer *answer);

/* The name in a ClientHello, in one record at the stream's start, and its
 * random. False where it is none. The name is empty where there is none. */
bool tls_hello_read(const uint8_t *bytes, uint32_t count, struct cursor *random,
	struct cursor *name);

#endif

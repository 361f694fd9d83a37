/* What a side says in clear at the beginning: which protocol, whether it asks
 * or answers, and whether it refuses. */
#ifndef ANALYSIS_OBSERVE_SPOKEN_H
#define ANALYSIS_OBSERVE_SPOKEN_H

#include <assert.h>
#include <stddef.h>

#include "capture/packet.h"

enum spoken {
	SPOKEN_NOTHING,
	SPOKEN_OTHER,
	SPOKEN_HTTP_REQUEST,
	SPOKEN_HTTP_ANSWER,
	SPOKEN_CLIENT_HELLO, /* TLS */
	SPOKEN_SERVER_HELLO,
	SPOKEN_TLS_ALERT, /* in clear, and not the orderly end */
	SPOKEN_SSH,
	SPOKEN_GREETING, /* of a server that speaks first */
	SPOKEN_REFUSAL,	 /* in place of that */
	SPOKEN_READY,	 /* the greeting of SMTP and FTP, 220 */
	SPOKEN_COUNT,
};

static_assert(SPOKEN_COUNT <= 16, "four bits");

/* What the packet's payload begins with; never SPOKEN_NOTHING. */
enum spoken spoken_of(const struct packet *packet);

/* The words of a refusal or an alert, as they were sent or as the alert's code
 * means; ends with a zero. */
void spoken_text(const struct packet *packet, enum spoken spoken, char *text,
	size_t text_bytes);

/* A server that was ready says that it closes: 421 of SMTP (RFC 5321, 3.8) and
 * FTP (RFC 959, 5.4). In NNTP that number means something else. */
bool spoken_closes(enum spoken greeting, const struct packet *packet);

/* "HTTP", "TLS" or "SSH"; NULL: another. */
const char *spoken_protocol(enum spoken spoken);

/* Only clients say this; only servers. */
static inline bool spoken_by_client(enum spoken spoken)
{
	return spoken == SPOKEN_HTTP_REQUEST || spoken == SPOKEN_CLIENT_HELLO;
}

static inline bool spoken_by_server(enum spoken spoken)
{
	return spoken == SPOKEN_HTTP_ANSWER || spoken == SPOKEN_SERVER_HELLO ||
	       spoken == SPOKEN_GREETING || spoken == SPOKEN_READY ||
	       spoken == SPOKEN_REFUSAL;
}

#endif

/* What a side says in clear at the beginning: which protocol, whether it asks
 * or answers, and whether it refuses. */
#ifndef ANALYSIS_OBSERVE_APP_MESSAGE_H
#define ANALYSIS_OBSERVE_APP_MESSAGE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "capture/packet.h"

enum app_message {
	APP_MESSAGE_NOTHING,
	APP_MESSAGE_OTHER,
	APP_MESSAGE_HTTP_REQUEST,
	APP_MESSAGE_HTTP_ANSWER,
	APP_MESSAGE_CLIENT_HELLO, /* TLS */
	APP_MESSAGE_SERVER_HELLO,
	APP_MESSAGE_TLS_ALERT, /* in clear, and not the orderly end */
	APP_MESSAGE_SSH,
	APP_MESSAGE_GREETING,	/* of a server that speaks first */
	APP_MESSAGE_REFUSAL,	/* in place of that */
	APP_MESSAGE_READY,	/* the greeting of SMTP and FTP, 220 */
	APP_MESSAGE_HTTP_ERROR, /* an answer, see http_error.h */
	APP_MESSAGE_AMQP,	/* its protocol header, of either side */
	APP_MESSAGE_HEARTBEATS, /* of another protocol whose ends ask each other
				   for signs of life: MQTT, STOMP, NATS,
				   WebSocket */
	APP_MESSAGE_TLS_END,	/* not its first words: an encrypted alert, the
				   last that it said */
	APP_MESSAGE_COUNT,
};

static_assert(APP_MESSAGE_COUNT <= 16, "four bits");

/* What the packet's payload begins with; never APP_MESSAGE_NOTHING. */
enum app_message app_message_of(const struct packet *packet);

/* The texts that it compares with, one after the other, with what each means;
 * NULL past the last. What begins with several of them means the first. */
const char *app_message_begins(unsigned index, enum app_message *app_message);

/* The words of a refusal or an alert, as they were sent or as the alert's code
 * means; ends with a zero. */
void app_message_text(const struct packet *packet, enum app_message app_message,
	char *text, size_t text_bytes);

/* "handshake failure", of an alert's description (RFC 8446, 6); "alert" where
 * it is not known. */
const char *app_message_alert_name(uint8_t description);

/* A server says after its first words that it closes: 421 of SMTP (RFC 5321,
 * 3.8) and FTP (RFC 959, 5.4), which in NNTP means something else; FATAL of
 * PostgreSQL; an error of NATS, but those after which it goes on. Every such
 * message begins with a byte that app_message_may_close has. */
bool app_message_closes(enum app_message greeting, const struct packet *packet);

static inline bool app_message_may_close(uint8_t first)
{
	return first == '4' || first == 'E' || first == '-';
}

/* A record of TLS and nothing else: an alert, encrypted. In TLS 1.3 it is
 * called data (RFC 8446, 5.2), and known by its length. */
bool app_message_is_encrypted_alert(const struct packet *packet);

/* A refusal after which the session may go on all the same. */
bool app_message_may_go_on(const struct packet *packet);

/* "HTTP", or what a greeting leaves open: "SMTP or FTP"; NULL: not known. */
const char *app_message_protocol(enum app_message app_message);

/* One protocol, answered in another. */
bool app_message_is_other(enum app_message asked, enum app_message answered);

/* A protocol whose ends ask each other whether they are still there. */
static inline bool app_message_has_heartbeats(enum app_message app_message)
{
	return app_message == APP_MESSAGE_AMQP ||
	       app_message == APP_MESSAGE_HEARTBEATS;
}

static inline bool app_message_is_tls(enum app_message app_message)
{
	return app_message == APP_MESSAGE_CLIENT_HELLO ||
	       app_message == APP_MESSAGE_SERVER_HELLO ||
	       app_message == APP_MESSAGE_TLS_END;
}

/* Only clients say this; only servers. */
static inline bool app_message_by_client(enum app_message app_message)
{
	return app_message == APP_MESSAGE_HTTP_REQUEST ||
	       app_message == APP_MESSAGE_CLIENT_HELLO;
}

static inline bool app_message_by_server(enum app_message app_message)
{
	return app_message == APP_MESSAGE_HTTP_ANSWER ||
	       app_message == APP_MESSAGE_HTTP_ERROR ||
	       app_message == APP_MESSAGE_SERVER_HELLO ||
	       app_message == APP_MESSAGE_GREETING ||
	       app_message == APP_MESSAGE_READY ||
	       app_message == APP_MESSAGE_REFUSAL;
}

#endif

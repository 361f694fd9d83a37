/* The bytes that are shown to devices on the path, to see whether one resets
 * the connection: a protocol's usual first message, or the user's. */
#ifndef PROBE_TCP_RESET_TRIGGER_H
#define PROBE_TCP_RESET_TRIGGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/protocol/reset_rules.h"

struct reset_trigger {
	char name[RESET_TRIGGER_NAME]; /* "tls:example.org"; "": none */
	bool is_sent; /* as real data too, if the user says so */
	uint16_t count;
	uint8_t bytes[RESET_TRIGGER_MOST_BYTES];
};

enum reset_trigger_kind {
	RESET_TRIGGER_MADE,
	RESET_TRIGGER_WRONG, /* a known word with a value that it can't have */
	RESET_TRIGGER_OTHER, /* no such word: it names a file */
};

/* Makes the trigger of "ssh" (RFC 4253, 4.2), "http:HOST" (a GET, RFC 9112),
 * "tls:SNI" (a ClientHello, RFC 8446 and 6066) or "bytes:HEX". HOST and SNI
 * consist of letters, digits, dots, hyphens, colons and underscores. */
enum reset_trigger_kind reset_trigger_make(
	struct reset_trigger *trigger, const char *word);

/* What clients of the port send first; false where that is not known. */
bool reset_trigger_of_port(
	struct reset_trigger *trigger, uint16_t port, const char *host);

#endif

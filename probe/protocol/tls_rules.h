/* TLS connections of a probe: what the prober says on them, and how the
 * analysis recognises that in the recording. The random of each ClientHello
 * (RFC 8446, 4.1.2) is a text that names the connection's purpose. No key
 * exchange is ever completed, so the random protects nothing. */
#ifndef PROBE_PROTOCOL_TLS_RULES_H
#define PROBE_PROTOCOL_TLS_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/protocol/ssh_rules.h"

enum {
	/* Segments of this size pass every path, in both directions. */
	TLS_SMALL_MSS = SSH_SMALL_MSS,
	/* For the server's answer to a ClientHello. */
	TLS_ANSWER_WAIT_S = 6,
	/* For the rest of its messages, once the first is there. */
	TLS_REST_WAIT_S = 1,
	TLS_RANDOM_BYTES = 32,
	TLS_NAME_BYTES = 256, /* RFC 1035, 2.3.4, and a zero */
};

enum tls_purpose {
	TLS_PHASES,   /* TLS 1.3 and 1.2, in small segments */
	TLS_LARGE,    /* the same in the largest segments, both directions */
	TLS_OLD,      /* TLS 1.2 alone: certificates are readable */
	TLS_WIDE,     /* all versions and suites that servers may want */
	TLS_NAMELESS, /* as the first, without the server's name */
	TLS_PURPOSE_COUNT,
};

/* TLS_RANDOM_BYTES bytes: "culprit probe, TLS phases......." */
const char *tls_rules_random(enum tls_purpose purpose);
/* The purpose of a ClientHello with that random; false where it has none. */
bool tls_rules_purpose(
	const uint8_t random[TLS_RANDOM_BYTES], enum tls_purpose *purpose);

enum {
	TLS_1_0 = 0x0301,
	TLS_1_2 = 0x0303,
	TLS_1_3 = 0x0304,
	TLS_SUITES = 100,
	TLS_USUAL_SUITES = 30, /* the first ones: what clients propose */
	TLS_SUITE_TEXT = 56,
};

struct tls_suite {
	uint16_t number;
	const char *name; /* "TLS_AES_128_GCM_SHA256" */
};
extern const struct tls_suite tls_suites[TLS_SUITES];

/* NULL where it is not known. */
const struct tls_suite *tls_suite_of(uint16_t number);
bool tls_suite_is_usual(uint16_t number);
/* Its name, or "0x1234". */
void tls_suite_text(uint16_t number, char text[TLS_SUITE_TEXT]);

/* "TLS 1.3"; NULL where it is not known. */
const char *tls_version_text(uint16_t version);

/* What the user asked for: the name that the ClientHello carries; "": none. */
struct tls_options {
	char name[TLS_NAME_BYTES];
};

#endif

/* Talks with TLS servers (tests/support/path_story.h): connection i of the
 * experiment has port 40000 + i. */
#ifndef TESTS_SUPPORT_TLS_STORY_H
#define TESTS_SUPPORT_TLS_STORY_H

#include "probe/protocol/tls_rules.h"
#include "tests/support/ssh_story.h"

enum { TLS_STORY_HANDSHAKE_FAILURE = 40, TLS_STORY_RSA = 0x002f };

/* The name that the ClientHello carries. */
extern const char tls_story_name[];

/* The run's own connection, with a greeting or (NULL) without. */
void tls_story_begin(struct path_story *story, const char *greeting);
/* A connection on which a ClientHello was said and acknowledged; without that,
 * `is_acknowledged` false. */
struct ssh_talker tls_story_ask(struct path_story *story, unsigned connection,
	enum tls_purpose purpose, const char *name, bool is_acknowledged);
/* The server's messages: a ServerHello; the certificate with a DNS name; a
 * CertificateRequest; ServerHelloDone; a fatal alert. */
void tls_story_hello(struct path_story *story, struct ssh_talker *talker,
	uint16_t version, uint16_t suite);
/* What follows a ServerHello of TLS 1.3, encrypted, in large segments. */
void tls_story_flight(struct path_story *story, struct ssh_talker *talker);
void tls_story_certificate(
	struct path_story *story, struct ssh_talker *talker, const char *name);
/* One without a name that is valid between these times, as DER writes them. */
void tls_story_dated(struct path_story *story, struct ssh_talker *talker,
	const char *from, const char *until);
void tls_story_message(
	struct path_story *story, struct ssh_talker *talker, uint8_t type);
void tls_story_alert(
	struct path_story *story, struct ssh_talker *talker, uint8_t alert);
/* A ClientHello in one large segment behind its first byte, so often; then the
 * same in smaller ones, unless it is acknowledged at once. */
struct ssh_talker tls_story_large(
	struct path_story *story, unsigned times, bool is_arriving);

#endif

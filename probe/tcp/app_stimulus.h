/* Requests that make a server send much data before any login: an HTTP GET, a
 * TLS ClientHello, the first messages of SSH. The client closes after the
 * response; it violates no protocol. */
#ifndef PROBE_TCP_APP_STIMULUS_H
#define PROBE_TCP_APP_STIMULUS_H

#include <stdbool.h>
#include <stdint.h>

enum app_stimulus_kind {
	APP_STIMULUS_NONE,
	APP_STIMULUS_SSH,
	APP_STIMULUS_TLS,
	APP_STIMULUS_HTTP
};

enum { APP_STIMULUS_BYTES = 4096 };

struct app_stimulus {
	uint16_t used;
	uint8_t bytes[APP_STIMULUS_BYTES];
	bool is_whole;	      /* nothing follows */
	uint32_t plain_bytes; /* the server's response to the first part alone;
				 0: not known */
};

/* The server's protocol: by its greeting (NULL: none was sent) and, where it
 * waits for the client, by the well-known port. */
enum app_stimulus_kind app_stimulus_of(
	uint16_t port, const uint8_t greeting[4]);

/* The bytes that can be sent before any response: the whole request; for SSH
 * the identification string alone. */
void app_stimulus_begin(
	struct app_stimulus *stimulus, enum app_stimulus_kind kind);

enum app_stimulus_state {
	APP_STIMULUS_WAITS, /* waiting for more of the server's data */
	APP_STIMULUS_READY,
	APP_STIMULUS_LOST, /* no request: it is not SSH, or with unknown
			      algorithms only */
};

/* Goes on with SSH (RFC 4253, 7 and 8): a KEXINIT that agrees with the
 * server's, of whose stream `heard_bytes` are there, and a key exchange. The
 * reply to the key exchange is the largest message that a server sends before
 * login: host key, public value, signature. */
enum app_stimulus_state ssh_kex_client_step(struct app_stimulus *stimulus,
	const uint8_t *heard, uint32_t heard_bytes);

#endif

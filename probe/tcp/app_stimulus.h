/* What a client says to make a server say much, long before any login: a
 * request for a page, a TLS hello, the first messages of SSH. The client leaves
 * after the answer; no protocol is broken. */
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
	uint32_t plain_bytes; /* what the server says to its first part alone;
				 0: not known */
};

/* Which protocol the server speaks: by how it greets (NULL: it has not said
 * anything) and, where it waits for the client, by the well-known port. */
enum app_stimulus_kind app_stimulus_of(
	uint16_t port, const uint8_t greeting[4]);

/* The words that need no answer first: all of them, for SSH the identification
 * string alone. */
void app_stimulus_begin(
	struct app_stimulus *stimulus, enum app_stimulus_kind kind);

enum app_stimulus_state {
	APP_STIMULUS_WAITS, /* for more of what the server says */
	APP_STIMULUS_READY,
	APP_STIMULUS_LOST, /* for words: that is no SSH, or none that is known
			      here */
};

/* Goes on with SSH (RFC 4253, 7 and 8): a KEXINIT that agrees with the
 * server's, of whose stream `heard_bytes` are there, and a key exchange. The
 * answer to that is the largest that a server gives to strangers: host key,
 * public value, signature. */
enum app_stimulus_state ssh_kex_client_step(struct app_stimulus *stimulus,
	const uint8_t *heard, uint32_t heard_bytes);

#endif

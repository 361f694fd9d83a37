/* What a client says to make a server say much, long before any login: a
 * request for a page, a TLS hello, the first messages of SSH. The client leaves
 * after the answer; no protocol is broken. */
#ifndef PROBE_SPEECH_H
#define PROBE_SPEECH_H

#include <stdbool.h>
#include <stdint.h>

enum speech_kind { SPEECH_NONE, SPEECH_SSH, SPEECH_TLS, SPEECH_HTTP };

enum { SPEECH_BYTES = 4096 };

struct speech {
	uint16_t used;
	uint8_t bytes[SPEECH_BYTES];
	bool is_whole; /* nothing follows */
	uint32_t plain_bytes; /* what the server says to its first part alone;
				 0: not known */
};

/* Which protocol the server speaks: by how it greets (NULL: it has not said
 * anything) and, where it waits for the client, by the well-known port. */
enum speech_kind speech_of(uint16_t port, const uint8_t greeting[4]);

/* The words that need no answer first: all of them, for SSH the identification
 * string alone. */
void speech_begin(struct speech *speech, enum speech_kind kind);

enum speech_state {
	SPEECH_WAITS, /* for more of what the server says */
	SPEECH_READY,
	SPEECH_LOST, /* for words: that is no SSH, or none that is known here */
};

/* Goes on with SSH (RFC 4253, 7 and 8): a KEXINIT that agrees with the
 * server's, of whose stream `heard_bytes` are there, and a key exchange. The
 * answer to that is the largest that a server gives to strangers: host key,
 * public value, signature. */
enum speech_state speech_ssh(struct speech *speech, const uint8_t *heard,
	uint32_t heard_bytes);

#endif

#include "probe/speech.h"

#include <string.h>

static const struct {
	uint16_t port;
	enum speech_kind kind;
} well_known[] = {
	{22, SPEECH_SSH},
	{80, SPEECH_HTTP},
	{443, SPEECH_TLS},
	{465, SPEECH_TLS},
	{636, SPEECH_TLS},
	{853, SPEECH_TLS},
	{990, SPEECH_TLS},
	{993, SPEECH_TLS},
	{995, SPEECH_TLS},
	{8000, SPEECH_HTTP},
	{8080, SPEECH_HTTP},
	{8443, SPEECH_TLS},
};

static const char identification[] = "SSH-2.0-culprit\r\n";

static const char page_request[] =
	"GET / HTTP/1.0\r\nUser-Agent: culprit\r\nAccept: */*\r\n\r\n";

/* A ClientHello (RFC 8446, 4.1.2) for TLS 1.3 and 1.2 with the algorithms that
 * every server has. The key share is the base point of X25519. */
static const uint8_t client_hello[] = {
	0x16, 0x03, 0x01, 0x00, 0xa5, /* handshake record */
	0x01, 0x00, 0x00, 0xa1, 0x03, 0x03, /* ClientHello, 1.2 */
	'a', 'm', 'e', 'a', 's', 'u', 'r', 'e', 'm', 'e', 'n', 't', ' ', 'o',
	'f', ' ', 't', 'h', 'e', ' ', 'w', 'a', 'y', ' ', 'b', 'a', 'c', 'k',
	' ', '1', '5', '0', /* random */
	0x00, /* no session */
	0x00, 0x12, /* AES-GCM and ChaCha20 of 1.3, then of 1.2 */
	0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c,
	0xc0, 0x30, 0xcc, 0xa9, 0xcc, 0xa8,
	0x01, 0x00, /* no compression */
	0x00, 0x66, /* extensions */
	0x00, 0x0a, 0x00, 0x08, 0x00, 0x06, /* groups */
	0x00, 0x1d, 0x00, 0x17, 0x00, 0x18,
	0x00, 0x0b, 0x00, 0x02, 0x01, 0x00, /* points, uncompressed */
	0x00, 0x0d, 0x00, 0x14, 0x00, 0x12, /* signatures */
	0x04, 0x03, 0x05, 0x03, 0x06, 0x03, 0x08, 0x07, 0x08, 0x04, 0x08, 0x05,
	0x08, 0x06, 0x04, 0x01, 0x05, 0x01,
	0x00, 0x17, 0x00, 0x00, /* extended master secret */
	0xff, 0x01, 0x00, 0x01, 0x00, /* renegotiation */
	0x00, 0x2b, 0x00, 0x05, 0x04, 0x03, 0x04, 0x03, 0x03, /* versions */
	0x00, 0x33, 0x00, 0x26, 0x00, 0x24, 0x00, 0x1d, 0x00, 0x20, /* key */
	0x09, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

enum speech_kind speech_of(uint16_t port, const uint8_t greeting[4])
{
	if (greeting)
		return memcmp(greeting, "SSH-", 4) == 0 ? SPEECH_SSH
							: SPEECH_NONE;
	for (unsigned i = 0; i < sizeof(well_known) / sizeof(well_known[0]);
		i++)
		if (well_known[i].port == port)
			return well_known[i].kind;
	return SPEECH_NONE;
}

static void say(struct speech *speech, const void *words, size_t bytes)
{
	memcpy(speech->bytes, words, bytes);
	speech->used = (uint16_t)bytes;
}

void speech_begin(struct speech *speech, enum speech_kind kind)
{
	speech->used = 0;
	speech->is_whole = kind != SPEECH_SSH;
	speech->plain_bytes = 0;
	switch (kind) {
	case SPEECH_SSH:
		say(speech, identification, sizeof(identification) - 1);
		break;
	case SPEECH_TLS:
		say(speech, client_hello, sizeof(client_hello));
		break;
	case SPEECH_HTTP:
		say(speech, page_request, sizeof(page_request) - 1);
		break;
	case SPEECH_NONE:
		break;
	}
}

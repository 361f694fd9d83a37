#include "probe/tcp/app_stimulus.h"

#include <string.h>

static const struct {
	uint16_t port;
	enum app_stimulus_kind kind;
} well_known[] = {
	{22, APP_STIMULUS_SSH},
	{80, APP_STIMULUS_HTTP},
	{443, APP_STIMULUS_TLS},
	{465, APP_STIMULUS_TLS},
	{636, APP_STIMULUS_TLS},
	{853, APP_STIMULUS_TLS},
	{990, APP_STIMULUS_TLS},
	{993, APP_STIMULUS_TLS},
	{995, APP_STIMULUS_TLS},
	{8000, APP_STIMULUS_HTTP},
	{8080, APP_STIMULUS_HTTP},
	{8443, APP_STIMULUS_TLS},
};

static const char identification[] = "SSH-2.0-culprit\r\n";

static const char page_request[] =
	"GET / HTTP/1.0\r\nUser-Agent: culprit\r\nAccept: */*\r\n\r\n";

/* A ClientHello (RFC 8446, 4.1.2) for TLS 1.3 and 1.2 with the algorithms that
 * every server has. The key share is the base point of X25519. */
static const uint8_t client_hello[] = {
	0x16,
	0x03,
	0x01,
	0x00,
	0xa5, /* handshake record */
	0x01,
	0x00,
	0x00,
	0xa1,
	0x03,
	0x03, /* ClientHello, 1.2 */
	'a',
	'm',
	'e',
	'a',
	's',
	'u',
	'r',
	'e',
	'm',
	'e',
	'n',
	't',
	' ',
	'o',
	'f',
	' ',
	't',
	'h',
	'e',
	' ',
	'w',
	'a',
	'y',
	' ',
	'b',
	'a',
	'c',
	'k',
	' ',
	'1',
	'5',
	'0',  /* random */
	0x00, /* no session */
	0x00,
	0x12, /* AES-GCM and ChaCha20 of 1.3, then of 1.2 */
	0x13,
	0x01,
	0x13,
	0x02,
	0x13,
	0x03,
	0xc0,
	0x2b,
	0xc0,
	0x2f,
	0xc0,
	0x2c,
	0xc0,
	0x30,
	0xcc,
	0xa9,
	0xcc,
	0xa8,
	0x01,
	0x00, /* no compression */
	0x00,
	0x66, /* extensions */
	0x00,
	0x0a,
	0x00,
	0x08,
	0x00,
	0x06, /* groups */
	0x00,
	0x1d,
	0x00,
	0x17,
	0x00,
	0x18,
	0x00,
	0x0b,
	0x00,
	0x02,
	0x01,
	0x00, /* points, uncompressed */
	0x00,
	0x0d,
	0x00,
	0x14,
	0x00,
	0x12, /* signatures */
	0x04,
	0x03,
	0x05,
	0x03,
	0x06,
	0x03,
	0x08,
	0x07,
	0x08,
	0x04,
	0x08,
	0x05,
	0x08,
	0x06,
	0x04,
	0x01,
	0x05,
	0x01,
	0x00,
	0x17,
	0x00,
	0x00, /* extended master secret */
	0xff,
	0x01,
	0x00,
	0x01,
	0x00, /* renegotiation */
	0x00,
	0x2b,
	0x00,
	0x05,
	0x04,
	0x03,
	0x04,
	0x03,
	0x03, /* versions */
	0x00,
	0x33,
	0x00,
	0x26,
	0x00,
	0x24,
	0x00,
	0x1d,
	0x00,
	0x20, /* key */
	0x09,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
	0x00,
};

enum app_stimulus_kind app_stimulus_of(uint16_t port, const uint8_t greeting[4])
{
	if (greeting)
		return memcmp(greeting, "SSH-", 4) == 0 ? APP_STIMULUS_SSH
							: APP_STIMULUS_NONE;
	for (unsigned i = 0; i < sizeof(well_known) / sizeof(well_known[0]);
		i++)
		if (well_known[i].port == port)
			return well_known[i].kind;
	return APP_STIMULUS_NONE;
}

static void say(struct app_stimulus *stimulus, const void *words, size_t bytes)
{
	memcpy(stimulus->bytes, words, bytes);
	stimulus->used = (uint16_t)bytes;
}

void app_stimulus_begin(
	struct app_stimulus *stimulus, enum app_stimulus_kind kind)
{
	stimulus->used = 0;
	stimulus->is_whole = kind != APP_STIMULUS_SSH;
	stimulus->plain_bytes = 0;
	switch (kind) {
	case APP_STIMULUS_SSH:
		say(stimulus, identification, sizeof(identification) - 1);
		break;
	case APP_STIMULUS_TLS:
		say(stimulus, client_hello, sizeof(client_hello));
		break;
	case APP_STIMULUS_HTTP:
		say(stimulus, page_request, sizeof(page_request) - 1);
		break;
	case APP_STIMULUS_NONE:
		break;
	}
}

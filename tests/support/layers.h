/* Frames for tests, described from the outside in by words:
 *
 *   "0200 0000 8100 0064 0800"   bytes in hexadecimal
 *   "ip4/47 ip6/41"              an IP header with this next protocol
 *   "udp/4789"                   a UDP header to this port
 *
 * Lengths are filled in from what stands behind. */
#ifndef TESTS_SUPPORT_LAYERS_H
#define TESTS_SUPPORT_LAYERS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_FRAME = 4096 };

struct layers {
	uint8_t bytes[LARGEST_FRAME]; /* used from `start` on */
	size_t start;
};

static inline void layers_put(
	struct layers *layers, const uint8_t *bytes, size_t count)
{
	layers->start -= count;
	memcpy(layers->bytes + layers->start, bytes, count);
}

static inline const uint8_t *layers_bytes(const struct layers *layers)
{
	return layers->bytes + layers->start;
}

static inline size_t layers_length(const struct layers *layers)
{
	return LARGEST_FRAME - layers->start;
}

static inline void layers_put_ip4(struct layers *layers, unsigned protocol)
{
	size_t total = layers_length(layers) + 20;
	uint8_t header[20] = {0x45, 0, (uint8_t)(total >> 8), (uint8_t)total, 0,
		7, 0, 0, 60, (uint8_t)protocol, 0, 0, 198, 51, 100, 1, 198, 51,
		100, 2};

	layers_put(layers, header, sizeof(header));
}

static inline void layers_put_ip6(struct layers *layers, unsigned protocol)
{
	size_t payload = layers_length(layers);
	uint8_t header[40] = {0x60, 0, 0, 0, (uint8_t)(payload >> 8),
		(uint8_t)payload, (uint8_t)protocol, 61, 0x20, 1, 0xd,
		0xb8, [23] = 1, [24] = 0x20, 1, 0xd, 0xb8, [39] = 2};

	layers_put(layers, header, sizeof(header));
}

static inline void layers_put_udp(struct layers *layers, unsigned port)
{
	size_t total = layers_length(layers) + 8;
	uint8_t header[8] = {0xc0, 0, (uint8_t)(port >> 8), (uint8_t)port,
		(uint8_t)(total >> 8), (uint8_t)total};

	layers_put(layers, header, sizeof(header));
}

static inline void layers_put_hexadecimal(
	struct layers *layers, const char *word, size_t digits)
{
	uint8_t bytes[256];

	for (size_t i = 0; i + 1 < digits; i += 2) {
		char pair[3] = {word[i], word[i + 1], '\0'};

		bytes[i / 2] = (uint8_t)strtoul(pair, NULL, 16);
	}
	layers_put(layers, bytes, digits / 2);
}

/* Puts the layers before what is there, the last one first. */
static inline void layers_wrap(struct layers *layers, const char *text)
{
	const char *end = text + strlen(text);

	while (end > text) {
		const char *word = end;
		const char *slash;
		unsigned number;

		while (word > text && word[-1] != ' ')
			word--;
		slash = memchr(word, '/', (size_t)(end - word));
		number = slash ? (unsigned)strtoul(slash + 1, NULL, 10) : 0;
		if (!slash)
			layers_put_hexadecimal(
				layers, word, (size_t)(end - word));
		else if (word[0] == 'u')
			layers_put_udp(layers, number);
		else if (word[2] == '4')
			layers_put_ip4(layers, number);
		else
			layers_put_ip6(layers, number);
		end = word;
		while (end > text && end[-1] == ' ')
			end--;
	}
}

static inline void layers_begin(struct layers *layers)
{
	layers->start = LARGEST_FRAME;
}

#endif

/* Values in a packet's line of text that are more than one number. Each is
 * read from the words that follow; false with an error when it is wrong. */
#ifndef TESTS_SUPPORT_TEXT_VALUES_H
#define TESTS_SUPPORT_TEXT_VALUES_H

#include "capture/packet.h"
#include "tests/support/text_words.h"

struct text_ends {
	struct address source, target;
	uint16_t source_port, target_port; /* 0 unless has_ports */
	uint8_t family;
	bool has_ports;
};

/* ADDRESS[:PORT] > ADDRESS[:PORT], of which `from` was read already. */
bool value_ends(struct text_words *words, const struct word *from,
	struct text_ends *ends);

/* Seconds in decimal, `-` for INT64_MIN. */
bool value_time(
	struct text_words *words, const struct word *word, int64_t *time_ns);

/* Letters of flags, or `.`; false without an error if it is another word. */
bool value_flags(const struct word *word, uint16_t *flags);

bool value_sack(struct text_words *words, struct packet *packet);
bool value_oddities(struct text_words *words, uint32_t *oddities);
bool value_direction(struct text_words *words, uint8_t *direction);
bool value_tunnel(struct text_words *words, uint8_t *tunnel);

/* The two numbers that belong to `word`. */
bool value_pair(struct text_words *words, const struct word *word,
	uint32_t most, uint32_t *first, uint32_t *second);

#endif

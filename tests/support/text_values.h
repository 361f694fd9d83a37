/* Values in a packet's line of text that are more than one number. Each is
 * read from the words that follow; false with an error when it is wrong. */
#ifndef TESTS_SUPPORT_TEXT_VALUES_H
#define TESTS_SUPPORT_TEXT_VALUES_H

#include "capture/packet.h"
#include "tests/support/conversation.h"
#include "tests/support/text_words.h"

struct text_end {
	const struct conversation_end *named; /* NULL: by its address */
	struct address address;
	uint16_t port; /* 0 unless has_port */
	uint8_t family;
	bool has_port;
	bool is_port_said; /* it stands there; else it is the name's */
};

struct text_ends {
	struct text_end source, target;
};

/* ADDRESS[:PORT], [ADDRESS]:PORT or NAME[:PORT]; no names without a
 * conversation. */
bool value_end(struct text_words *words, const struct word *word,
	struct conversation *conversation, struct text_end *end);

/* END > END, of which `from` was read already. */
bool value_ends(struct text_words *words, const struct word *from,
	struct conversation *conversation, struct text_ends *ends);

/* Both ends have a port, or neither keeps one. */
bool value_ports(struct text_words *words, const struct word *kind,
	struct text_ends *ends, bool has_ports);

/* Seconds in decimal; behind `+` they count from `since_ns`; `-` for
 * INT64_MIN. */
bool value_time(struct text_words *words, const struct word *word,
	int64_t since_ns, int64_t *time_ns);

/* Letters of flags, or `none`; false without an error if it is another
 * word. */
bool value_flags(const struct word *word, uint16_t *flags);

/* START-END[,START-END]..., counted from `base`. */
bool value_sack(struct text_words *words, uint32_t base, struct packet *packet);
bool value_quirks(struct text_words *words, uint32_t *quirks);
bool value_direction(struct text_words *words, uint8_t *direction);
bool value_tunnel(struct text_words *words, uint8_t *tunnel);

/* TYPE/CODE */
bool value_icmp(struct text_words *words, struct packet *packet);

/* Why a packet was not decoded. */
bool value_reason(struct text_words *words, uint8_t *skip_reason);

#endif

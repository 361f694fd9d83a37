/* The words for bits of a packet that its text form uses. */
#ifndef TESTS_SUPPORT_PACKET_WORDS_H
#define TESTS_SUPPORT_PACKET_WORDS_H

#include "capture/packet.h"

struct bit_word {
	uint32_t bit;
	const char *word;
};

extern const struct bit_word quirk_words[];
extern const unsigned quirk_word_count;

/* Options without a value; of MPTCP's two bits the longer comes first. */
extern const struct bit_word option_words[];
extern const unsigned option_word_count;

/* In the order in which they are written: "SFRPAUECN". */
extern const struct bit_word flag_letters[];
extern const unsigned flag_letter_count;

#endif

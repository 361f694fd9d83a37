/* What an ICMP error quotes, as the words behind `quoting`. */
#ifndef TESTS_SUPPORT_TEXT_QUOTE_H
#define TESTS_SUPPORT_TEXT_QUOTE_H

#include "capture/packet.h"
#include "tests/support/conversation.h"
#include "tests/support/text_words.h"
#include "tests/support/text_writer.h"

/* Reads the rest of the line into packet->quoted. Where no ends are said, the
 * quote is of the flow of the last packet that the error's target sent. */
bool text_quote_read(struct text_words *words,
	struct conversation *conversation, struct packet *packet);

void text_quote_write(struct text_writer *writer,
	struct conversation *conversation, const struct packet *packet);

#endif

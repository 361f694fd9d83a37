#include "analysis/flow/flow_history.h"

#include <ctype.h>

/* In flow.history: four bits for each letter, the first one lowest; 0: no more.
 */
enum {
	LETTER_SYN = 1,
	LETTER_SYN_ACK,
	LETTER_ACK,
	LETTER_DATA,
	LETTER_FIN,
	LETTER_RST,
	LETTER_OF_SIDE_1 = 8, /* added */
	LETTER_BITS = 4,
	LETTER_MASK = (1 << LETTER_BITS) - 1,
};

static void note(struct flow *flow, uint64_t letter)
{
	unsigned shift = 0;

	for (uint64_t seen = flow->history; seen; seen >>= LETTER_BITS) {
		if ((seen & LETTER_MASK) == letter)
			return;
		shift += LETTER_BITS;
	}
	flow->history |= letter << shift;
}

void flow_history_note(struct flow *flow, unsigned side, uint16_t tcp_flags,
	uint32_t payload_bytes)
{
	unsigned of_side = side ? LETTER_OF_SIDE_1 : 0;

	if (tcp_flags & TCP_SYN)
		note(flow, of_side + (tcp_flags & TCP_ACK ? LETTER_SYN_ACK
							  : LETTER_SYN));
	else if (payload_bytes && !(tcp_flags & TCP_RST))
		note(flow, of_side + LETTER_DATA);
	else if ((tcp_flags & (TCP_ACK | TCP_FIN | TCP_RST)) == TCP_ACK)
		note(flow, of_side + LETTER_ACK);
	if (tcp_flags & TCP_FIN)
		note(flow, of_side + LETTER_FIN);
	if (tcp_flags & TCP_RST)
		note(flow, of_side + LETTER_RST);
}

void flow_history_text(char text[FLOW_HISTORY_TEXT], const struct flow *flow)
{
	static const char letters[] = " SHADFR";
	unsigned count = 0;

	for (uint64_t rest = flow->history; rest; rest >>= LETTER_BITS) {
		unsigned letter = rest & LETTER_MASK;
		bool is_side_1 = letter >= LETTER_OF_SIDE_1;
		char name = letters[letter & (LETTER_OF_SIDE_1 - 1)];

		text[count++] = is_side_1 == flow_client(flow)
					? name
					: (char)tolower((unsigned char)name);
	}
	text[count] = '\0';
}

void flow_history_turn(char text[FLOW_HISTORY_TEXT])
{
	for (char *at = text; *at; at++) {
		unsigned char letter = (unsigned char)*at;

		*at = (char)(isupper(letter) ? tolower(letter)
					     : toupper(letter));
	}
}

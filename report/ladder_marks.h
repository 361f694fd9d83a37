/* What a ladder's packets are besides what they say: sent again, lost,
 * keepalives, acknowledgments that name a hole. By the packets of the
 * connection that the ladder has, and nothing else. */
#ifndef REPORT_LADDER_MARKS_H
#define REPORT_LADDER_MARKS_H

#include "report/flow_packets.h"

enum ladder_mark {
	MARK_SENT_AGAIN = 1 << 0,
	MARK_LOST = 1 << 1, /* the peer's packets show that it never came */
	MARK_KEEPALIVE = 1 << 2,
	MARK_HOLE = 1 << 3,	  /* acknowledges what is behind a hole */
	MARK_UNANSWERED = 1 << 4, /* no copy of it is ever acknowledged */
};

struct ladder_marks {
	uint8_t of[FLOW_PACKETS_MAX]; /* enum ladder_mark, by place in the list
				       */
	uint32_t hole_bytes[FLOW_PACKETS_MAX];
};

void ladder_marks_make(struct ladder_marks *marks,
	const struct flow_packet *const *list, unsigned count);

#endif

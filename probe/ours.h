/* Which packets on the wire are the probe's: those that it sent, and what
 * answers them. Others of this host, to the same target too, are not looked
 * at and not recorded. */
#ifndef PROBE_OURS_H
#define PROBE_OURS_H

#include "capture/answer.h"
#include "probe/question.h"

struct ours {
	const struct answer_table *table; /* of what was sent */
	const uint16_t *ports; /* guarded source ports, echo identifiers */
	unsigned port_count;
	uint16_t target_port;
};

/* What a question will look like on the wire; no time, no frame. */
struct asked ours_asked(uint8_t family, const struct question *question);

bool ours_is_question(const struct ours *ours, const struct packet *packet);
bool ours_is_answer(const struct ours *ours, const struct packet *packet);

/* The row of one of our packets, heard for the first time on its way out; -1
 * when it is none of the table's. */
int ours_find_sent(const struct ours *ours, const struct packet *packet);

#endif

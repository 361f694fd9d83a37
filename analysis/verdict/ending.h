/* How a connection ended: what one incident is about. */
#ifndef ANALYSIS_VERDICT_ENDING_H
#define ANALYSIS_VERDICT_ENDING_H

#include "analysis/observe/closed_conn.h"

enum ending_kind {
	ENDING_RESET,	/* a group of resets that came from one place */
	ENDING_SILENCE, /* no answer, ICMP errors */
	ENDING_SSH,	/* ended by FIN, or delayed, for a reason of SSH's */
	ENDING_FORGED,	/* data or FIN in an endpoint's name */
	ENDING_SIZE,	/* large packets vanished; it may have recovered */
};

struct ending {
	enum ending_kind kind;
	uint8_t reset; /* ENDING_RESET: index of the first of its group */
};

enum { ENDINGS_MOST = EVIDENCE_RESETS + 4 };

static inline struct ending ending_by_reset(unsigned index)
{
	return (struct ending){ENDING_RESET, (uint8_t)index};
}

/* Resets of one side that came equally far are one sender's, and judged
 * together; is `index` the first of its group? */
bool ending_is_first_reset(const struct evidence *evidence, unsigned index);

/* The side whose packets went unanswered; false: neither. */
bool ending_unanswered_side(const struct closed_conn *conn, unsigned *side);

/* The side that an ending is about: the one that a reset names, or the one
 * whose packets go unanswered. */
unsigned ending_claimed_side(
	const struct closed_conn *conn, struct ending ending);

/* The fatal packet, or the last before the silence: low 32 bits of its frame
 * number. */
uint32_t ending_frame(const struct closed_conn *conn, struct ending ending);

#endif

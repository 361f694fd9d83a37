/* How a connection ended: what one incident is about. */
#ifndef ANALYSIS_VERDICT_ENDING_H
#define ANALYSIS_VERDICT_ENDING_H

#include "analysis/observe/closed_conn.h"

enum ending_kind {
	ENDING_RESET,	/* a group of resets that came from one place */
	ENDING_SILENCE, /* no answer, ICMP errors */
	ENDING_WAITED,	/* acknowledged, and no answer or no window came */
	ENDING_SPOKEN,	/* a side said in clear why it hung up */
	ENDING_SSH,	/* ended by FIN, or delayed, for a reason of SSH's */
	ENDING_FORGED,	/* data or FIN in an endpoint's name */
	ENDING_OTHER,	/* packets of another connection of the same ports */
	ENDING_SIZE,	/* large packets vanished; it may have recovered */
};

struct ending {
	enum ending_kind kind;
	uint8_t reset; /* ENDING_RESET: index of the first of its group */
	uint8_t side;  /* that it is about: the one that a reset names, whose
			  packets go unanswered, or whose large ones vanish */
};

enum { ENDINGS_MOST = EVIDENCE_RESETS + 4 };

/* Resets of one side that came equally far are one sender's, and judged
 * together; is `index` the first of its group? */
bool ending_is_first_reset(const struct evidence *evidence, unsigned index);

/* Whether two resets say the same of a side of which nothing else is known:
 * both of one connection that was picked up in the middle. */
bool ending_is_same_reset(
	const struct reset *reset, const struct reset *other);

/* The side whose packets went unanswered; false: neither. */
bool ending_unanswered_side(const struct closed_conn *conn, unsigned *side);

/* What is about the reset `index`. */
struct ending ending_by_reset(const struct closed_conn *conn, unsigned index);

/* What is no reset, of this kind; `size_side` is that whose large packets
 * vanish. */
struct ending ending_without_reset(const struct closed_conn *conn,
	enum ending_kind kind, unsigned size_side);

#endif

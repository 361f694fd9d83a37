/* How a connection ended: what one incident is about. */
#ifndef ANALYSIS_VERDICT_ENDING_H
#define ANALYSIS_VERDICT_ENDING_H

#include "analysis/observe/closed_conn.h"

enum ending_kind {
	ENDING_RESET,	/* a group of resets with one distance */
	ENDING_SILENCE, /* unanswered packets, ICMP errors */
	ENDING_WAITED,	/* acknowledged, and no response or no window came */
	ENDING_APP_MESSAGE, /* a side gave its reason in clear before it closed
			     */
	ENDING_SSH,    /* ended by FIN, or delayed, for a reason of SSH's */
	ENDING_FORGED, /* data or FIN in an endpoint's name */
	ENDING_OTHER,  /* packets of another connection of the same ports */
	ENDING_SIZE,   /* large packets were lost; it may have recovered */
	ENDING_KIND_COUNT
};

struct ending {
	enum ending_kind kind;
	uint8_t reset; /* ENDING_RESET: index of the first of its group */
	uint8_t side;  /* its subject: the side that a reset names, whose
			  packets go unanswered, or whose large packets are
			  lost */
};

enum { ENDINGS_MOST = EVIDENCE_RESETS + 4 };

/* Resets of one side with one distance have one sender and one verdict, but for
 * those that their receiver dropped, which are bits of `dropped`; is `index`
 * the first of its group? */
bool ending_is_first_reset(
	const struct evidence *evidence, unsigned index, unsigned dropped);

/* Whether two resets say the same of a side of which nothing else is known:
 * both of one connection that was picked up in the middle. */
bool ending_is_same_reset(const struct reset *reset, const struct reset *other);

/* The side whose packets went unanswered; false: neither. */
bool ending_unanswered_side(const struct closed_conn *conn, unsigned *side);

/* What is about the reset `index`. */
struct ending ending_by_reset(const struct closed_conn *conn, unsigned index);

/* An ending without reset, of this kind; `size_side` is the side whose large
 * packets are lost. */
struct ending ending_without_reset(const struct closed_conn *conn,
	enum ending_kind kind, unsigned size_side);

#endif

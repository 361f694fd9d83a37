#ifndef ANALYSIS_VERDICT_FACTS_FORGED_H
#define ANALYSIS_VERDICT_FACTS_FORGED_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"

/* Data or a FIN that its side did not send. */
void facts_forged(const struct closed_conn *conn, struct facts *facts);

/* This side, before its reset, acknowledged bytes that end inside a segment of
 * the peer: they came to it from somebody else. */
void facts_forged_answer(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts);

/* Whether the reset is the consequence of that: by the other side, which
 * believed it, from where its packets come. */
bool facts_forged_is_consequence(
	const struct closed_conn *conn, const struct reset *reset);

#endif

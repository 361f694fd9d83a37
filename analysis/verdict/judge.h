/* Which endings of a connection are incidents, and what the signatures say of
 * them: a function of the connection and of what the recording taught about
 * hosts and paths. */
#ifndef ANALYSIS_VERDICT_JUDGE_H
#define ANALYSIS_VERDICT_JUDGE_H

#include "analysis/verdict/ending.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict.h"
#include "analysis/verdict/verdict_context.h"

/* Which endings of the connection are incidents; `outcome` is how the flow
 * ended: the mechanism of the first, ORDERLY, or UNKNOWN for one still open.
 * Returns their number. */
unsigned judge_endings(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending endings[ENDINGS_MOST],
	enum mechanism *outcome);

/* The facts of an ending, and the verdict on it; its row is NULL where it is
 * no incident. */
void judge_ending(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct facts *facts, struct verdict *verdict);

/* What a connection with incidents teaches about its path. */
void judge_learn(struct learned *learned, const struct closed_conn *conn);

#endif

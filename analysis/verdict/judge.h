/* Which endings of a connection are incidents, and what the signatures say of
 * them: a function of the connection and of what the recording taught about
 * hosts and paths. */
#ifndef ANALYSIS_VERDICT_JUDGE_H
#define ANALYSIS_VERDICT_JUDGE_H

#include "analysis/verdict/ending.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict.h"
#include "analysis/verdict/verdict_context.h"

struct judgement {
	unsigned count; /* of endings that are incidents */
	struct ending endings[ENDINGS_MOST];
	struct reading readings[ENDINGS_MOST]; /* what is said of each */
	/* how the connection ended: the mechanism of the first incident,
	 * ORDERLY, or UNKNOWN for one still open */
	enum mechanism outcome;
	const struct signature *row; /* that says so; NULL: none does */
	/* A reset is acquitted only as long as nobody knows at which distance
	 * its sender is, and later connections may teach that. */
	bool may_change;
	bool is_reset_by_device; /* one of them is, see below */
};

void judge_conn(const struct verdict_context *context,
	const struct closed_conn *conn, struct judgement *judgement);

bool judge_is_incident(const struct judgement *judgement, struct ending ending);

/* Whether the verdict makes an incident: a row applies, and it does not acquit.
 */
static inline bool judge_accuses(const struct verdict *verdict)
{
	return verdict->row && verdict->reading.mechanism != MECHANISM_ORDERLY;
}

/* Whether a device on the path reset it for what it is or carries. */
static inline bool judge_blames_device(const struct verdict *verdict)
{
	return judge_accuses(verdict) && verdict->ending.kind == ENDING_RESET &&
	       verdict->reading.sender == PARTY_MIDDLEBOX &&
	       (verdict->reading.mechanism == MECHANISM_INJECTED ||
		       verdict->reading.mechanism == MECHANISM_FIREWALL_REJECT);
}

/* The facts of an ending, and the verdict on it. Nothing is known in `facts`
 * before (facts_init). */
void judge_ending(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct facts *facts, struct verdict *verdict);

/* Adds a connection with incidents to the statistics of its path, unless its
 * host was restarted: no idle timer ended it then. `learned` is that of
 * `context`. */
void judge_learn(const struct verdict_context *context, struct learned *learned,
	const struct closed_conn *conn);

#endif

/* From the facts of an ending to its verdict.
 *
 * All rows that apply are found. A row that another of them outranks, directly
 * or through rows between, is set aside. What is left stands. Rows that give
 * the same reading (mechanism, sender, culprit) count as the surest of them;
 * of different readings the least sure is the verdict, because to accuse
 * wrongly is worse than to leave open, and the others are reported beside it.
 * Where two readings are equally sure, the verdict is only possible; the one
 * that rests on more facts is told first. */
#ifndef ANALYSIS_VERDICT_VERDICT_H
#define ANALYSIS_VERDICT_VERDICT_H

#include "analysis/verdict/ending.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/knowledge.h"

/* What a row says of an ending. */
struct reading {
	enum mechanism mechanism;
	enum party sender, culprit;
};

struct verdict {
	const struct signature *row; /* NULL: none applies */
	unsigned number;	     /* of the row, as the knowledge has it */
	struct ending ending;	     /* of the kind that the row is about */
	struct reading reading;
	enum grade grade;
	bool is_untold; /* no ending of its own, see judge.c */
	struct bit_set applies; /* all that apply */
	struct bit_set stands;	/* of those, what no other outranks */
};

/* The verdict on an ending with these facts, by the tables about `kinds` (bits
 * by enum ending_kind). */
void verdict_find(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending, unsigned kinds,
	const struct facts *facts, struct verdict *verdict);

/* The party that a role of a row about this ending means. */
enum party verdict_party(
	const struct closed_conn *conn, struct ending ending, enum role role);

/* What the row `number` says of the ending that has these facts. */
struct reading verdict_reading(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending,
	const struct facts *facts, unsigned number);

static inline bool verdict_is_same_reading(
	const struct reading *a, const struct reading *b)
{
	return a->mechanism == b->mechanism && a->sender == b->sender &&
	       a->culprit == b->culprit;
}

#endif

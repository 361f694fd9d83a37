/* Mutants of what connections are judged by: the tables of signatures with one
 * condition or one rank less or another grade, the thresholds with one value
 * moved. */
#ifndef TESTS_SUPPORT_MUTANT_H
#define TESTS_SUPPORT_MUTANT_H

#include "analysis/thresholds/thresholds.h"
#include "analysis/verdict/knowledge.h"

enum mutant_kind {
	MUTANT_NEEDS,
	MUTANT_DENIES,
	MUTANT_FORBIDS,
	MUTANT_KEEPS,
	MUTANT_OUTRANKS,
	MUTANT_GRADE,
	MUTANT_THRESHOLD,
	MUTANT_KINDS,
};

struct mutant {
	enum mutant_kind kind;
	unsigned row;	 /* whose condition or rank it lacks */
	unsigned number; /* a fact; a place among the ranks; a grade; a
			    threshold */
	int64_t value;	 /* of the threshold */
};

enum { MUTANTS_MOST = 1536, MUTANT_NAME_BYTES = 160 };

/* What verdicts are made from, with rows of its own. It points into itself. */
struct mutant_world {
	struct knowledge knowledge;
	struct signature rows[BIT_SET_MOST];
	struct thresholds thresholds;
};

/* As it is built in. */
void mutant_world_init(struct mutant_world *world);

/* Of a world that is as built in. */
void mutant_apply(const struct mutant *mutant, struct mutant_world *world);

/* All of them, in the order of rows. */
unsigned mutant_list(struct mutant mutants[MUTANTS_MOST]);

/* "made-here needs reset-made-at-capture-point", "made-here outranks
 * answers-a-reset", "made-here grade likely", "threshold idle_ms = 500". */
void mutant_name(const struct mutant *mutant, char name[MUTANT_NAME_BYTES]);

#endif

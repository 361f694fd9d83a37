/* What verdicts are made from: the rows of all tables, and which of them
 * outranks which. */
#ifndef ANALYSIS_VERDICT_KNOWLEDGE_H
#define ANALYSIS_VERDICT_KNOWLEDGE_H

#include "analysis/verdict/ending.h"
#include "analysis/verdict/signature.h"

struct knowledge {
	unsigned count;
	const struct signature *rows[BIT_SET_MOST];
	enum ending_kind about[BIT_SET_MOST];	   /* of each row's table */
	struct bit_set of_kind[ENDING_KIND_COUNT]; /* the rows about each */
	/* The rows by the rarest fact that each needs: without it none of them
	 * has to be asked. */
	struct bit_set of_fact[FACT_COUNT];
	/* The rows that each row outranks: those it names, those that they
	 * name, and so on. The relation has no circle (a test sees to it). */
	struct bit_set outranked[BIT_SET_MOST];
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as tables read */
struct knowledge_table {
	const char *title;
	enum ending_kind about; /* what the rows are about */
	const struct signature *rows;
	unsigned count;
};

enum { KNOWLEDGE_TABLES = 18 };

void knowledge_tables(struct knowledge_table tables[KNOWLEDGE_TABLES]);

/* All rows of the tables, ranked. */
void knowledge_init(struct knowledge *knowledge);

/* The same, made once for all analyses of this process; on any thread. */
const struct knowledge *knowledge_built_in(void);

/* Sorts the rows by kind and fact and ranks them by what they say; anew when a
 * test has added a row or changed its ranks or facts. */
void knowledge_rank(struct knowledge *knowledge);

/* The number of the row of this name; false when there is none. */
bool knowledge_find(
	const struct knowledge *knowledge, const char *name, unsigned *number);

#endif

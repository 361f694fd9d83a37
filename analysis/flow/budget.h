/* The memory budget of an analysis' tables together. Each table may use what
 * the others leave, so that a capture of few connections can keep evidence of
 * all of them; a reserve for each table keeps a flood of one kind from
 * starving the rest. */
#ifndef ANALYSIS_FLOW_BUDGET_H
#define ANALYSIS_FLOW_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum budget_share {
	BUDGET_FLOWS,	 /* with their index and names */
	BUDGET_DOSSIERS, /* with what they hold of SSH */
	BUDGET_RECORDS,	 /* connections that are kept for the report */
	BUDGET_SHARE_COUNT,
};

struct budget {
	uint64_t most_bytes;
	uint64_t used_bytes[BUDGET_SHARE_COUNT];
};

/* UINT64_MAX: no bound. */
void budget_init(struct budget *budget, uint64_t most_bytes);

/* What is put by for a table. */
/* Makes it smaller by so much, and by half at most. */
void budget_leave(struct budget *budget, uint64_t bytes);
uint64_t budget_reserve(const struct budget *budget, enum budget_share share);
/* Whether so many bytes could be taken. */
bool budget_has_room(
	const struct budget *budget, enum budget_share share, uint64_t bytes);
/* False when the others leave no room for so many bytes; then none are
 * taken. */
bool budget_take(
	struct budget *budget, enum budget_share share, uint64_t bytes);
/* Takes them in any case, for what exists and can't be refused; others are
 * refused until enough has been given back. */
void budget_take_anyway(
	struct budget *budget, enum budget_share share, uint64_t bytes);
void budget_give(
	struct budget *budget, enum budget_share share, uint64_t bytes);

#endif

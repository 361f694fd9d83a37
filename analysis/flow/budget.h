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
	BUDGET_RECORDS,	 /* incidents that are kept for the report */
	BUDGET_SHARE_COUNT,
};

struct budget {
	uint64_t most_bytes;
	uint64_t used_bytes[BUDGET_SHARE_COUNT];
};

/* 232 bytes for each flow, and not less than for a million of them;
 * UINT64_MAX flows: no bound. */
void budget_init(struct budget *budget, uint64_t max_flows);

/* False when the others leave no room for so many bytes; then none are
 * taken. */
bool budget_take(
	struct budget *budget, enum budget_share share, uint64_t bytes);
void budget_give(
	struct budget *budget, enum budget_share share, uint64_t bytes);

#endif

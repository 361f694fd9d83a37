/* Incidents of `analyze --follow` that were told because they were due by the
 * clock, before packets showed them. */
#ifndef CLI_FORETOLD_H
#define CLI_FORETOLD_H

#include "analysis/analysis.h"

/* What was told, and of which connection. */
struct foretold {
	struct flow_name name;
	struct foreseen_flow flow;
	uint64_t frame;
	int64_t time_ns;
	enum mechanism mechanism;
	enum party culprit;
	uint32_t next; /* place + 1 in its chain; 0: the last */
};

enum { FORETOLD_MOST = 1 << 12 };
struct foretold_list {
	struct foretold *entries; /* owned */
	uint32_t count, room;
	uint32_t first[FORETOLD_MOST]; /* place + 1, by frame */
};

/* NULL: it is not there. */
struct foretold *foretold_find(
	struct foretold_list *list, const struct incident *incident);

/* False when there are FORETOLD_MOST, or without memory. */
bool foretold_add(struct foretold_list *list, const struct incident *incident,
	const struct foreseen_flow *flow);
/* The last entry takes its place. */
void foretold_remove(struct foretold_list *list, struct foretold *entry);
void foretold_release(struct foretold_list *list);

#endif

/* Who has how many of a group's incidents. */
#ifndef ANALYSIS_VERDICT_GROUP_ROLE_H
#define ANALYSIS_VERDICT_GROUP_ROLE_H

#include "analysis/verdict/group_tally.h"

enum {
	GROUP_SHARE_PART = 20, /* what is named has 1/20 of its group */
	GROUP_SHARE_TIMES = 4, /* and so many times the mean */
};

/* Who or what is counted inside a group. */
enum group_role {
	GROUP_SERVER,
	GROUP_CLIENT,
	GROUP_SERVER_NETWORK,
	GROUP_CLIENT_NETWORK,
	GROUP_PORT,
	GROUP_ROLE_COUNT,
};
const char *group_role_word(enum group_role role);

struct group_spread {
	uint32_t distinct;	/* 0: not known, the table was too full */
	uint64_t most;		/* incidents of the most frequent one */
	bool is_more;		/* that one has much more than its share */
	struct address address; /* of it; a network's without the rest */
	uint16_t port;		/* GROUP_PORT: of it */
	uint8_t family;
};

/* Who has the role in this cell; false: the cells do not tell. */
bool group_role_of(const struct group_kind *kind, const struct group_cell *cell,
	enum group_role role, struct group_tally *tally);
/* Counts those that have a role: `tallies` are those of the group's cells, and
 * are sorted; `all` are the group's incidents. */
void group_role_count(struct group_spread *spread, uint64_t all,
	struct group_tally *tallies, uint32_t count);

#endif

/* Which services refused SYNs, and when: a host that answers a connection which
 * it does not know, and refuses new ones to the same port just then, was
 * restarted. Of too many services some are not known (learned_table.h). */
#ifndef ANALYSIS_LEARNED_REFUSALS_H
#define ANALYSIS_LEARNED_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/learned/learned_table.h"
#include "capture/packet.h"

struct refusals {
	struct learned_table table; /* of struct refusal */
};

bool refusals_init(struct refusals *refusals, uint32_t capacity);
void refusals_release(struct refusals *refusals);
void refusals_learn(struct refusals *refusals, const struct address *address,
	uint16_t port, int64_t time_ns);
void refusals_merge(struct refusals *refusals, const struct refusals *from);

/* Whether the service was seen to refuse within that time: of its refusals, the
 * first and the last are known. */
bool refusals_know(const struct refusals *refusals,
	const struct address *address, uint16_t port, int64_t from_ns,
	int64_t until_ns);

#endif

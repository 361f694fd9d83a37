/* Which services refused SYNs, and when: a host that answers a connection which
 * it does not know, and refuses new ones to the same port just then, was
 * restarted. A newcomer may push another out; then less is known. */
#ifndef ANALYSIS_LEARNED_REFUSALS_H
#define ANALYSIS_LEARNED_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

enum { REFUSALS = 1024 };

struct refusals {
	struct {
		uint64_t hash;
		int64_t first_ns, last_ns;
	} service[REFUSALS];
};

void refusals_learn(struct refusals *refusals, const struct address *address,
	uint16_t port, int64_t time_ns);

/* Whether the service was seen to refuse within that time. */
bool refusals_know(const struct refusals *refusals,
	const struct address *address, uint16_t port, int64_t from_ns,
	int64_t until_ns);

#endif

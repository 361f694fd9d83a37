/* Who listens where: addresses and ports that answered a SYN. Tells the server
 * of a connection that is picked up in the middle. A newcomer may push another
 * out; then the guess is made without it. The hash has no seed: which
 * newcomer does that must not differ from run to run. */
#ifndef ANALYSIS_SERVICES_H
#define ANALYSIS_SERVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

enum { SERVICES = 4096 };

struct services {
	uint64_t hashes[SERVICES];
};

void services_learn(struct services *services, const struct address *address,
	uint16_t port);
bool services_know(const struct services *services,
	const struct address *address, uint16_t port);

#endif

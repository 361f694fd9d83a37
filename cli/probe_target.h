/* The host to be probed, as an address. */
#ifndef CLI_PROBE_TARGET_H
#define CLI_PROBE_TARGET_H

#include "capture/failure.h"
#include "capture/packet.h"

struct probe_target {
	struct address address;
	uint8_t family;
};

/* `family` is 4, 6 or 0 for either. Names are looked up in a process of its
 * own, which is locked up: what name servers send is foreign. */
bool probe_target_find(const char *host, uint8_t family,
	struct probe_target *target, struct failure *failure);

#endif

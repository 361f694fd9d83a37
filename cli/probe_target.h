/* The host to be probed, as an address. */
#ifndef CLI_PROBE_TARGET_H
#define CLI_PROBE_TARGET_H

#include "capture/failure.h"
#include "capture/packet.h"

struct probe_target {
	struct address address;
	uint8_t family;
	uint32_t interface_index; /* of a link-local address's link; else 0 */
};

/* A name or an address, which may have brackets around it (IPv6) and a scope
 * behind it (fe80::1%eth0). `family` is 4, 6 or 0 for either. Names are looked
 * up in a process of its own, which is locked up: what name servers send is
 * foreign. */
bool probe_target_find(const char *host, uint8_t family,
	struct probe_target *target, struct failure *failure);

#endif

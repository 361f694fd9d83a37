/* Probes to packets on the wire, by libnet. The only user of libnet. */
#ifndef PROBE_ENGINE_CRAFT_H
#define PROBE_ENGINE_CRAFT_H

#include <stddef.h>

#include "capture/failure.h"
#include "probe/engine/probe_packet.h"

struct craft;

/* Opens a raw socket bound to the interface; needs CAP_NET_RAW. It sends
 * packets up to the interface's own MTU, whatever path MTU the kernel has
 * learned. */
struct craft *craft_open(uint8_t family, const struct address *own,
	const struct address *target, const char *interface,
	struct failure *failure);
void craft_close(struct craft *craft);

/* Sends one; false with a sentence when the kernel refuses it. */
bool craft_send(struct craft *craft, const struct probe_packet *probe,
	struct failure *failure);

/* The whole IP packet as it would be sent, for --dry-run and tests; its
 * length, or 0 when it does not fit or can't be built. Needs no privilege
 * beyond what craft_open took. */
size_t craft_bytes(struct craft *craft, const struct probe_packet *probe,
	uint8_t *bytes, size_t capacity);

/* Bytes of a TCP probe's options. */
uint32_t probe_packet_option_bytes(const struct probe_packet *probe);
/* Length of the IP packet that a probe becomes. */
uint32_t probe_packet_bytes(uint8_t family, const struct probe_packet *probe);

/* "libnet version 1.1.6" */
const char *craft_library_version(void);

#endif

/* How much of a packet's payload the analysis may read, whatever came before
 * it. What a partial result leaves out (capture/file/partial_format.h) is
 * behind that.
 *
 * Of most packets it reads the first bytes. More it reads of what a client asks
 * for and a server says in clear, which their first bytes show, and of SSH
 * until it is encrypted: of connections that speak it, the first SSH_NEED_BYTES
 * are needed whole, both directions together, and of those whose beginning is
 * not known the first UNKNOWN_NEED_BYTES. An SSH connection that exchanges keys
 * beyond that is judged as one that was not captured whole. */
#ifndef ANALYSIS_OBSERVE_PAYLOAD_NEED_H
#define ANALYSIS_OBSERVE_PAYLOAD_NEED_H

#include "capture/packet.h"

enum {
	PAYLOAD_NEED_LEAST = 64, /* of every packet */
	SSH_NEED_BYTES = 65536,
	UNKNOWN_NEED_BYTES = 16384,
};

struct payload_need;

/* NULL without memory. */
struct payload_need *payload_need_new(void);
void payload_need_free(struct payload_need *need);

/* Of the payload_captured bytes of the packet, those that have to stay. Packets
 * in the order of recording. */
uint32_t payload_need_of(
	struct payload_need *need, const struct packet *packet);

#endif

/* An IPv4 packet as it would be over IPv6. */
#ifndef TESTS_SUPPORT_PACKET_IP6_H
#define TESTS_SUPPORT_PACKET_IP6_H

#include "capture/packet.h"

/* Leaves other packets as they are. Resets get a flow label, as Linux refuses
 * (RFC 6437); REJECT rules send none. */
void packet_make_ip6(struct packet *packet);

#endif

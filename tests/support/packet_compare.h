/* How packets are related. */
#ifndef TESTS_SUPPORT_PACKET_COMPARE_H
#define TESTS_SUPPORT_PACKET_COMPARE_H

#include "capture/packet.h"

/* Whether one is a record of the other: all is the same but time, TTL and
 * where it was recorded. */
bool packet_is_copy(const struct packet *packet, const struct packet *other);

/* Whether a trace can't tell them apart. */
bool packet_is_same(const struct packet *packet, const struct packet *other);

/* Whether `packet` is of TCP and went the way of `first`. */
bool packet_is_along(const struct packet *packet, const struct packet *first);

/* Addresses and ports of the packets that came back. */
struct packet packet_turned(const struct packet *packet);

#endif

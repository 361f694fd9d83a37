/* Packets to bytes: for tests, and for traces written by hand that are to be
 * looked at with other tools. Lengths and checksums are right; what a struct
 * packet does not keep takes its usual form (options in Linux' order, IPv4
 * without options, Ethernet addresses made up). */
#ifndef TESTS_SUPPORT_PACKET_ENCODE_H
#define TESTS_SUPPORT_PACKET_ENCODE_H

#include <stddef.h>

#include "capture/packet.h"

enum { MOST_TCP_OPTION_BYTES = 40 };

/* Writes the packet as a frame of `linktype` (Ethernet, raw IP or cooked v2).
 * Payload beyond payload_captured becomes zeros. Returns the bytes written; 0
 * when `capacity` does not suffice or the packet can't be written: what was
 * not decoded, IPv6 fragments, options that don't fit together. */
size_t packet_encode(const struct packet *packet, uint16_t linktype,
	uint8_t *bytes, size_t capacity);

/* The TCP options, in the order that Linux uses, padded to four bytes; their
 * length, or SIZE_MAX when they don't fit. */
size_t tcp_options_encode(const struct packet *packet,
	uint8_t bytes[static MOST_TCP_OPTION_BYTES]);

#endif

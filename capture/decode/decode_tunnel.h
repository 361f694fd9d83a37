/* Packets inside packets: the innermost is what the packet describes, the
 * outermost tunnel is named.
 *
 * What tells two hosts with one address apart is packet->context. A context
 * that differs between the two directions of a connection would tear it apart
 * and make each half look unanswered, a false accusation; two connections
 * that share all of address, ports and time in different networks are rare.
 * So only what both directions share goes in:
 * - VLAN ids do not: on mirror ports each direction often has its own;
 * - of GRE, VXLAN, Geneve, GTP and 4in6 the kind and the unordered pair of
 * outer addresses do: private addresses repeat in them;
 * - GRE keys, VXLAN and Geneve network numbers do not: keys and tunnel ids are
 *   chosen by each receiver, and with asymmetric routing between VXLAN
 *   networks each direction travels in its target's (RFC 9135, 4.1);
 * - IP in IP of one version does not: load balancers wrap only what goes to
 *   the server and its answers go back bare (direct server return); neither
 *   does GRE that a web cache redirect uses, which is one-way as well;
 * - 6in4 and Teredo do not: the relays of the two directions differ
 *   (RFC 3068; RFC 4380, 5.4), and the inner addresses are global;
 * - ERSPAN does not: it is a mirror, not part of the path. */
#ifndef CAPTURE_DECODE_DECODE_TUNNEL_H
#define CAPTURE_DECODE_DECODE_TUNNEL_H

#include "capture/decode/decode.h"

/* An IP header inside another one; `inner_family` is 4 or 6. */
void decode_ip_in_ip(
	struct decoding *decoding, struct cursor cursor, uint8_t inner_family);

/* GRE (RFC 2784, 2890), its PPTP form (RFC 2637), ERSPAN, 802.11 in GRE. */
void decode_gre(struct decoding *decoding, struct cursor cursor);

/* Ethernet straight in IP (protocol 143, EtherIP has its own: RFC 8986). */
void decode_ethernet_in_ip(struct decoding *decoding, struct cursor cursor);

/* VXLAN, Geneve, GTP-U and Teredo by port, when what is inside bears it out.
 * `cursor` holds the UDP payload. Leaves the packet PACKET_UDP otherwise. */
void decode_udp_tunnel(struct decoding *decoding, struct cursor cursor);

/* A label stack, then IP or Ethernet by what it looks like (RFC 4928). */
void decode_mpls(struct decoding *decoding, struct cursor cursor);

#endif

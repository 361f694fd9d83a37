/* EtherTypes, and LLC where there is a length in their place. */
#ifndef CAPTURE_DECODE_DECODE_ETHERTYPE_H
#define CAPTURE_DECODE_DECODE_ETHERTYPE_H

#include "capture/decode/decode.h"

enum ethertype {
	ETHERTYPE_IP4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_BRIDGED = 0x6558, /* Ethernet in GRE or Geneve */
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IP6 = 0x86dd,
	ETHERTYPE_PPP = 0x880b,
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_MULTICAST = 0x8848,
	ETHERTYPE_PPPOE_DISCOVERY = 0x8863,
	ETHERTYPE_PPPOE = 0x8864,
	ETHERTYPE_LLC_JUMBO = 0x8870,
	ETHERTYPE_VLAN_SERVICE = 0x88a8, /* 802.1ad */
	ETHERTYPE_MACSEC = 0x88e5,
	ETHERTYPE_VNTAG = 0x8926,
	ETHERTYPE_ETAG = 0x893f, /* 802.1BR */
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_QINQ_OLD_2 = 0x9200,
};

void decode_ethernet(struct decoding *decoding, struct cursor cursor);
void decode_ethertype(
	struct decoding *decoding, struct cursor cursor, uint16_t ethertype);
void decode_llc(struct decoding *decoding, struct cursor cursor);

#endif

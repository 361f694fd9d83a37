/* LINKTYPE_ numbers as capture files carry them (the registry kept at
 * tcpdump.org/linktypes.html). Those above 103 equal libpcap's DLT_ numbers on
 * Linux; below, some differ, and files written with the DLT_ number exist, so
 * reading maps them with linktype_canonical. */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H

#include <stdint.h>

enum linktype {
	LINKTYPE_NULL = 0, /* BSD loopback: family in the writer's byte order */
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_EXP_ETHERNET = 2,
	LINKTYPE_AX25 = 3,
	LINKTYPE_PRONET = 4,
	LINKTYPE_CHAOS = 5,
	LINKTYPE_IEEE802_5 = 6, /* token ring */
	LINKTYPE_ARCNET_BSD = 7,
	LINKTYPE_SLIP = 8,
	LINKTYPE_PPP = 9, /* with or without the HDLC-like ff 03 */
	LINKTYPE_FDDI = 10,
	LINKTYPE_PPP_HDLC = 50,	 /* ff 03 or Cisco HDLC, then the protocol */
	LINKTYPE_PPP_ETHER = 51, /* PPPoE session header first */
	LINKTYPE_SYMANTEC_FIREWALL = 99,
	LINKTYPE_ATM_RFC1483 = 100, /* LLC/SNAP */
	LINKTYPE_RAW = 101,	    /* IPv4 or IPv6 by the version nibble */
	LINKTYPE_SLIP_BSDOS = 102,
	LINKTYPE_PPP_BSDOS = 103,
	LINKTYPE_C_HDLC = 104, /* Cisco HDLC */
	LINKTYPE_IEEE802_11 = 105,
	LINKTYPE_ATM_CLIP = 106,
	LINKTYPE_FRELAY = 107,
	LINKTYPE_LOOP = 108, /* as NULL, family in network order */
	LINKTYPE_ENC = 109,
	LINKTYPE_NETBSD_HDLC = 112,
	LINKTYPE_LINUX_SLL = 113, /* cooked, version 1 */
	LINKTYPE_LTALK = 114,
	LINKTYPE_PFLOG = 117,
	LINKTYPE_CISCO_IOS = 118,
	LINKTYPE_IEEE802_11_PRISM = 119,
	LINKTYPE_IEEE802_11_AIRONET = 120,
	LINKTYPE_IP_OVER_FC = 122,
	LINKTYPE_SUNATM = 123,
	LINKTYPE_IEEE802_11_RADIOTAP = 127,
	LINKTYPE_TZSP = 128,
	LINKTYPE_ARCNET_LINUX = 129,
	LINKTYPE_IEEE802_11_AVS = 163,
	LINKTYPE_PPP_PPPD = 166, /* a direction byte in place of ff */
	LINKTYPE_LINUX_LAPD = 177,
	LINKTYPE_JUNIPER_ETHER = 178,
	LINKTYPE_JUNIPER_PPP = 179,
	LINKTYPE_JUNIPER_CHDLC = 181,
	LINKTYPE_USB_LINUX = 189,
	LINKTYPE_PPI = 192, /* per-packet information, inner DLT within */
	LINKTYPE_PPP_WITH_DIR = 204, /* direction byte, then PPP */
	LINKTYPE_C_HDLC_WITH_DIR = 205,
	LINKTYPE_FRELAY_WITH_DIR = 206,
	LINKTYPE_USB_LINUX_MMAPPED = 220,
	LINKTYPE_IPNET = 226,
	LINKTYPE_CAN_SOCKETCAN = 227,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
	LINKTYPE_NFLOG = 239,
	LINKTYPE_NETANALYZER = 240,
	LINKTYPE_NETANALYZER_TRANSPARENT = 241,
	LINKTYPE_IPOIB = 242,
	LINKTYPE_INFINIBAND = 247,
	LINKTYPE_SCTP = 248,
	LINKTYPE_USBPCAP = 249,
	LINKTYPE_NETLINK = 253,
	LINKTYPE_BLUETOOTH_LINUX_MONITOR = 254,
	LINKTYPE_PKTAP = 258, /* Apple: header with inner DLT */
	LINKTYPE_EPON = 259,
	LINKTYPE_ETHERNET_MPACKET = 274,
	LINKTYPE_LINUX_SLL2 = 276, /* cooked, version 2: interface index */
	LINKTYPE_VPP_DISPATCH = 280,
};

/* The registry's number for one that a file or libpcap gives. DLT_RAW is 12
 * on Linux and 14 on OpenBSD, DLT_ATM_RFC1483 is 11, DLT_ATM_CLIP 19
 * (pcap/dlt.h of libpcap 1.10.3). The registry gives none of these to another
 * link type. */
static inline uint16_t linktype_canonical(uint16_t number)
{
	switch (number) {
	case 11:
		return LINKTYPE_ATM_RFC1483;
	case 12:
	case 14:
		return LINKTYPE_RAW;
	case 19:
		return LINKTYPE_ATM_CLIP;
	default:
		return number;
	}
}

#endif

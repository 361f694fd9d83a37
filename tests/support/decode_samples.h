/* A frame for every way in which a TCP segment can be wrapped, and for every
 * reason not to decode. */
#ifndef TESTS_SUPPORT_DECODE_SAMPLES_H
#define TESTS_SUPPORT_DECODE_SAMPLES_H

#include <stdbool.h>

#include "capture/linktype.h"
#include "capture/packet.h"

#define MACS "020000000002 020000000001 "
#define ETHERNET_IP4 MACS "0800 "
#define WIRELESS_ADDRESSES "020000000002 020000000001 020000000003 1000 "

/* in the order of the frame: NOLINTNEXTLINE(clang-analyzer-optin.*Padding) */
struct wrapped_sample {
	const char *name;
	uint16_t linktype;
	const char *outer;   /* see layers.h */
	const char *trailer; /* behind the segment, not part of it */
	enum tunnel tunnel;
	bool is_ip6; /* the segment */
	bool has_context;
};

static const struct wrapped_sample wrapped_samples[] = {
	{"Ethernet", LINKTYPE_ETHERNET, ETHERNET_IP4, ""},
	{"Ethernet with padding", LINKTYPE_ETHERNET, ETHERNET_IP4,
		"000000000000"},
	{"Ethernet, IPv6", LINKTYPE_ETHERNET, MACS "86dd", "", .is_ip6 = true},
	{"VLAN", LINKTYPE_ETHERNET, MACS "8100 0064 0800", ""},
	{"QinQ", LINKTYPE_ETHERNET, MACS "88a8 0064 8100 0065 0800", ""},
	{"old QinQ", LINKTYPE_ETHERNET, MACS "9100 0064 8100 0065 86dd", "",
		.is_ip6 = true},
	{"VN-Tag and 802.1BR", LINKTYPE_ETHERNET,
		MACS "8926 00000000 893f 000000000000 0800", ""},
	{"802.3 with SNAP", LINKTYPE_ETHERNET, MACS "0100 aaaa03 000000 0800",
		""},
	{"802.3 with the SAP of IP", LINKTYPE_ETHERNET, MACS "0100 060603", ""},
	{"MACsec, readable", LINKTYPE_ETHERNET,
		MACS "88e5 20 00 00000001 0200000000010001 0800",
		"00112233445566778899aabbccddeeff"},
	{"PPPoE", LINKTYPE_ETHERNET, MACS "8864 1100 0001 0000 0021", ""},
	{"MPLS", LINKTYPE_ETHERNET, MACS "8847 00010040 00011140", ""},
	{"MPLS, IPv6", LINKTYPE_ETHERNET, MACS "8847 00010140", "",
		.is_ip6 = true},
	{"pseudowire", LINKTYPE_ETHERNET,
		MACS "8847 00010140 00000000 " ETHERNET_IP4, ""},
	{"pseudowire without control word", LINKTYPE_ETHERNET,
		MACS "8847 00010140 " ETHERNET_IP4, ""},
	{"cooked", LINKTYPE_LINUX_SLL, "0000 0001 0006 0200000000010000 0800",
		""},
	{"cooked with VLAN", LINKTYPE_LINUX_SLL,
		"0004 0001 0006 0200000000010000 8100 0005 0800", ""},
	{"cooked 2", LINKTYPE_LINUX_SLL2,
		"86dd 0000 00000007 0001 04 06 0200000000010000", "",
		.is_ip6 = true},
	{"raw", LINKTYPE_RAW, "", ""},
	{"raw, IPv6", LINKTYPE_RAW, "", "", .is_ip6 = true},
	{"raw as Linux numbers it", 12, "", ""},
	{"raw as OpenBSD numbers it", 14, "", ""},
	{"IPv4", LINKTYPE_IPV4, "", ""},
	{"IPv6", LINKTYPE_IPV6, "", "", .is_ip6 = true},
	{"BSD loopback, little-endian", LINKTYPE_NULL, "02000000", ""},
	{"BSD loopback, big-endian", LINKTYPE_NULL, "0000001e", "",
		.is_ip6 = true},
	{"OpenBSD loopback", LINKTYPE_LOOP, "00000018", "", .is_ip6 = true},
	{"PPP", LINKTYPE_PPP, "ff03 0021", ""},
	{"PPP, all compressed", LINKTYPE_PPP, "57", "", .is_ip6 = true},
	{"PPP with MPLS", LINKTYPE_PPP, "0281 00010140", ""},
	{"PPP in HDLC", LINKTYPE_PPP_HDLC, "ff03 0021", ""},
	{"Cisco in HDLC", LINKTYPE_PPP_HDLC, "0f00 0800", ""},
	{"PPP with direction", LINKTYPE_PPP_WITH_DIR, "01 ff03 0021", ""},
	{"pppd", LINKTYPE_PPP_PPPD, "01 03 0021", ""},
	{"PPPoE alone", LINKTYPE_PPP_ETHER, "1100 0001 0000 0057", "",
		.is_ip6 = true},
	{"Cisco HDLC", LINKTYPE_C_HDLC, "0f00 0800", ""},
	{"Cisco HDLC with direction", LINKTYPE_C_HDLC_WITH_DIR, "00 0f00 86dd",
		"", .is_ip6 = true},
	{"frame relay, NLPID", LINKTYPE_FRELAY, "1841 03 cc", ""},
	{"frame relay, SNAP", LINKTYPE_FRELAY, "1841 03 00 80 000000 0800", ""},
	{"frame relay, Cisco", LINKTYPE_FRELAY, "1841 0800", ""},
	{"ATM", LINKTYPE_ATM_RFC1483, "aaaa03 000000 0800", ""},
	{"ATM, bridged", LINKTYPE_ATM_RFC1483,
		"aaaa03 0080c2 0007 0000 " ETHERNET_IP4, ""},
	{"ATM, routed", LINKTYPE_ATM_RFC1483, "fefe03 cc", ""},
	{"FDDI", LINKTYPE_FDDI, "50 " MACS "aaaa03 000000 0800", ""},
	{"token ring", LINKTYPE_IEEE802_5,
		"1040 020000000002 820000000001 06300010ab20 aaaa03 000000 "
		"0800",
		""},
	{"packet filter log", LINKTYPE_PFLOG,
		"3d020000 656d3000000000000000000000000000 "
		"00000000000000000000000000000000 "
		"00000000000000000000000000000000 "
		"000000000000000000000000",
		""},
	{"OpenBSD encapsulation", LINKTYPE_ENC, "02000000 00001000 00000000",
		""},
	{"netfilter log", LINKTYPE_NFLOG,
		"02000000 08000100 08000100 05000a00 00000000 44000900", ""},
	{"per-packet information", LINKTYPE_PPI,
		"00000c00 01000000 00000000 " ETHERNET_IP4, ""},
	{"macOS pktap", LINKTYPE_PKTAP,
		"10000000 01000000 01000000 00000000 " ETHERNET_IP4, ""},
	{"NetAnalyzer", LINKTYPE_NETANALYZER, "00000000 " ETHERNET_IP4, ""},
	{"NetAnalyzer with preamble", LINKTYPE_NETANALYZER_TRANSPARENT,
		"00000000 55555555555555d5 " ETHERNET_IP4, ""},
	{"preamble", LINKTYPE_ETHERNET_MPACKET,
		"55555555555555d5 " ETHERNET_IP4, ""},
	{"802.11", LINKTYPE_IEEE802_11,
		"0801 0000 " WIRELESS_ADDRESSES "aaaa03 000000 0800", ""},
	{"802.11 QoS", LINKTYPE_IEEE802_11,
		"8802 0000 " WIRELESS_ADDRESSES "0000 aaaa03 000000 86dd", "",
		.is_ip6 = true},
	{"802.11 QoS with HT control", LINKTYPE_IEEE802_11,
		"8882 0000 " WIRELESS_ADDRESSES
		"0000 00000000 aaaa03 000000 0800",
		""},
	{"802.11 between access points", LINKTYPE_IEEE802_11,
		"0803 0000 " WIRELESS_ADDRESSES
		"020000000004 aaaa03 000000 0800",
		"00112233"},
	{"802.11 aggregate", LINKTYPE_IEEE802_11,
		"8801 0000 " WIRELESS_ADDRESSES
		"8000 020000000004020000000005 0048 aaaa03 000000 0800",
		""},
	{"radiotap", LINKTYPE_IEEE802_11_RADIOTAP,
		"00000800 00000000 0801 0000 " WIRELESS_ADDRESSES
		"aaaa03 000000 0800",
		""},
	{"radiotap with padding", LINKTYPE_IEEE802_11_RADIOTAP,
		"00001900 030000a0 00000000 00000000 0000000000000000 20 "
		"8801 0000 " WIRELESS_ADDRESSES "0000 0000 aaaa03 000000 0800",
		""},
	{"Prism", LINKTYPE_IEEE802_11_PRISM,
		"44000000 10000000 0000000000000000 0801 "
		"0000 " WIRELESS_ADDRESSES "aaaa03 000000 0800",
		""},
	{"AVS", LINKTYPE_IEEE802_11_AVS,
		"80211001 00000010 0000000000000000 0801 "
		"0000 " WIRELESS_ADDRESSES "aaaa03 000000 0800",
		""},
	{"GRE", LINKTYPE_ETHERNET, ETHERNET_IP4 "ip4/47 0000 0800", "",
		TUNNEL_GRE, .has_context = true},
	{"GRE with everything", LINKTYPE_ETHERNET,
		ETHERNET_IP4 "ip4/47 b000 86dd 00000000 00000007 00000001", "",
		TUNNEL_GRE, .is_ip6 = true, .has_context = true},
	{"GRE over IPv6 with Ethernet", LINKTYPE_RAW,
		"ip6/47 0000 6558 " ETHERNET_IP4, "", TUNNEL_GRE,
		.has_context = true},
	{"GRE with MPLS", LINKTYPE_RAW, "ip4/47 0000 8847 00010140", "",
		TUNNEL_GRE, .has_context = true},
	{"GRE with 802.11", LINKTYPE_RAW,
		"ip4/47 0000 8200 8801 0000 " WIRELESS_ADDRESSES
		"0000 aaaa03 000000 0800",
		"0000", TUNNEL_GRE, .has_context = true},
	{"web cache redirect", LINKTYPE_RAW, "ip4/47 0000 883e 00000000", "",
		TUNNEL_GRE},
	{"PPTP", LINKTYPE_RAW,
		"ip4/47 3081 880b 0044 0007 00000001 00000002 ff03 0021", "",
		TUNNEL_GRE, .has_context = true},
	{"ERSPAN I", LINKTYPE_RAW, "ip4/47 0000 88be " ETHERNET_IP4, "",
		TUNNEL_ERSPAN},
	{"ERSPAN II", LINKTYPE_RAW,
		"ip4/47 1000 88be 00000001 1001000100000000 " ETHERNET_IP4, "",
		TUNNEL_ERSPAN},
	{"ERSPAN III", LINKTYPE_RAW,
		"ip4/47 1000 22eb 00000001 200100010000000000000001 "
		"0000000000000000 " ETHERNET_IP4,
		"", TUNNEL_ERSPAN},
	{"VXLAN", LINKTYPE_ETHERNET,
		ETHERNET_IP4 "ip4/17 udp/4789 08000000 00006400 " ETHERNET_IP4,
		"", TUNNEL_VXLAN, .has_context = true},
	{"VXLAN with policy, as Linux numbered it", LINKTYPE_RAW,
		"ip6/17 udp/8472 88000005 00006400 " MACS "86dd", "",
		TUNNEL_VXLAN, .is_ip6 = true, .has_context = true},
	{"Geneve", LINKTYPE_RAW,
		"ip4/17 udp/6081 01006558 00006400 00000000 " ETHERNET_IP4, "",
		TUNNEL_GENEVE, .has_context = true},
	{"Geneve with IP", LINKTYPE_RAW, "ip4/17 udp/6081 00000800 00006400",
		"", TUNNEL_GENEVE, .has_context = true},
	{"GTP", LINKTYPE_RAW,
		"ip4/17 udp/2152 34ff0000 00000007 00000085 01000900", "",
		TUNNEL_GTP, .has_context = true},
	{"4in4", LINKTYPE_RAW, "ip4/4", "", TUNNEL_IP_IN_IP},
	{"6in4", LINKTYPE_RAW, "ip4/41", "", TUNNEL_6IN4, .is_ip6 = true},
	{"4in6", LINKTYPE_RAW, "ip6/4", "", TUNNEL_IP_IN_IP,
		.has_context = true},
	{"6in6", LINKTYPE_RAW, "ip6/41", "", TUNNEL_IP_IN_IP, .is_ip6 = true},
	{"MPLS in IP", LINKTYPE_RAW, "ip4/137 00010140", ""},
	{"Ethernet in IP", LINKTYPE_RAW, "ip6/143 " ETHERNET_IP4, "",
		TUNNEL_IP_IN_IP},
	{"authentication header", LINKTYPE_RAW,
		"ip4/51 04040000 00000001 00000002 000000000000000000000000",
		"", TUNNEL_IP_IN_IP},
	{"tunnels in tunnels", LINKTYPE_ETHERNET,
		ETHERNET_IP4 "ip4/47 0000 0800 ip4/17 udp/4789 08000000 "
			     "00006400 " MACS "86dd ip6/4",
		"", TUNNEL_GRE, .has_context = true},
};

/* in the order of the frame: NOLINTNEXTLINE(clang-analyzer-optin.*Padding) */
struct skipped_sample {
	const char *name;
	uint16_t linktype;
	const char *bytes;
	enum skip_reason skip_reason;
};

static const struct skipped_sample skipped_samples[] = {
	{"ARP", LINKTYPE_ETHERNET, MACS "0806 0001080006040001", SKIP_ARP},
	{"LLDP", LINKTYPE_ETHERNET, MACS "88cc 0207", SKIP_ETHERTYPE},
	{"spanning tree", LINKTYPE_ETHERNET, MACS "0026 424203 0000", SKIP_LLC},
	{"MACsec", LINKTYPE_ETHERNET, MACS "88e5 2c 00 00000001 0200000000",
		SKIP_ENCRYPTED},
	{"PPPoE discovery", LINKTYPE_ETHERNET, MACS "8863 1109 0000 0000",
		SKIP_MANAGEMENT},
	{"LCP", LINKTYPE_PPP, "ff03 c021 0101", SKIP_MANAGEMENT},
	{"MPPE", LINKTYPE_PPP, "ff03 00fd 9000", SKIP_ENCRYPTED},
	{"PPTP acknowledgement", LINKTYPE_RAW,
		"ip4/47 2081 880b 0000 0007 00000002", SKIP_MANAGEMENT},
	{"pseudowire channel", LINKTYPE_ETHERNET,
		MACS "8847 00010140 10000021 0000", SKIP_MANAGEMENT},
	{"beacon", LINKTYPE_IEEE802_11, "8000 0000 " WIRELESS_ADDRESSES,
		SKIP_MANAGEMENT},
	{"protected 802.11", LINKTYPE_IEEE802_11,
		"0841 0000 " WIRELESS_ADDRESSES "0011223344556677",
		SKIP_ENCRYPTED},
	{"broken 802.11", LINKTYPE_IEEE802_11_RADIOTAP,
		"00000900 02000000 40 0801 0000 " WIRELESS_ADDRESSES
		"aaaa03 000000 0800",
		SKIP_MALFORMED},
	{"ESP", LINKTYPE_RAW, "ip4/50 00000001 00000001", SKIP_ENCRYPTED},
	{"SCTP", LINKTYPE_RAW, "ip6/132 00010002 00000000 00000000", SKIP_SCTP},
	{"OSPF", LINKTYPE_RAW, "ip4/89 02010030", SKIP_IP_PROTOCOL},
	{"ICMPv6 in IPv4", LINKTYPE_RAW, "ip4/58 80000000", SKIP_IP_PROTOCOL},
	{"no IP version", LINKTYPE_RAW, "50000000", SKIP_MALFORMED},
	{"IP header of 16 bytes", LINKTYPE_RAW,
		"44000028 00000000 40060000 0a000001 0a000002 00000000",
		SKIP_MALFORMED},
	{"USB", LINKTYPE_USB_LINUX, "00000000", SKIP_LINKTYPE},
	{"nothing", LINKTYPE_ETHERNET, "", SKIP_MALFORMED},
	{"TCP of 12 bytes", LINKTYPE_RAW, "ip4/6 00010002 00000003 00000004",
		SKIP_MALFORMED},
};

enum {
	WRAPPED_SAMPLES = sizeof(wrapped_samples) / sizeof(*wrapped_samples),
	SKIP_SAMPLES = sizeof(skipped_samples) / sizeof(*skipped_samples),
};

#endif

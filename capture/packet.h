/* A frame understood: the innermost IP packet, with TCP, UDP or ICMP in it.
 * All values are in host byte order. */
#ifndef CAPTURE_PACKET_H
#define CAPTURE_PACKET_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture/numbers.h"

enum tcp_flag {
	TCP_FIN = 0x001,
	TCP_SYN = 0x002,
	TCP_RST = 0x004,
	TCP_PSH = 0x008,
	TCP_ACK = 0x010,
	TCP_URG = 0x020,
	TCP_ECE = 0x040,
	TCP_CWR = 0x080,
	TCP_NS = 0x100,
};

/* How far decoding got. */
enum packet_kind {
	PACKET_OTHER,	 /* not IP, or another payload: see `skip_reason` */
	PACKET_TCP,	 /* ports, numbers and flags are valid */
	PACKET_UDP,	 /* ports are valid */
	PACKET_ICMP,	 /* ICMP or ICMPv6 */
	PACKET_FRAGMENT, /* a later fragment: addresses only */
};

/* IPv4 addresses stand in the first four bytes, the others are zero. */
struct address {
	uint8_t bytes[16]; /* network order, as everywhere addresses are kept */
};

/* Quirks of a packet. A quirk is not an error: it is often the evidence. */
enum quirk {
	QUIRK_SHORT = 1u << 0,		/* snap length cut a header */
	QUIRK_IP_LENGTH = 1u << 1,	/* total length against the frame */
	QUIRK_IP_HEADER = 1u << 2,	/* version, header length */
	QUIRK_TCP_HEADER = 1u << 3,	/* data offset */
	QUIRK_TCP_OPTIONS = 1u << 4,	/* an option overran or was malformed */
	QUIRK_OFFLOAD_LENGTH = 1u << 5, /* IPv4 total length 0: segmentation
					 offload, length from the frame */
	QUIRK_NO_OPTIONS_SEEN = 1u << 6, /* snap length cut the options */
	QUIRK_FLAGS = 1u << 7,		 /* SYN+FIN, SYN+RST and the like */
	QUIRK_EXTENSION_CHAIN = 1u << 8, /* IPv6 headers beyond the limit */
	QUIRK_FRAGMENT = 1u << 9,	 /* first fragment of several */
	QUIRK_TUNNEL_DEPTH = 1u << 10,	 /* more tunnels than are followed */
	QUIRK_RESERVED_BIT = 1u << 11,	 /* IPv4 reserved flag set */
	QUIRK_PORT_ZERO = 1u << 12,
	QUIRK_BAD_CHECKSUM = 1u << 13, /* only checked on request */
	QUIRKS_END,		       /* after the last bit */
};

/* The outermost tunnel that a packet came out of. */
enum tunnel {
	TUNNEL_NONE,
	TUNNEL_GRE,
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_IP_IN_IP, /* 4in4, 6in6, 4in6 */
	TUNNEL_6IN4,
	TUNNEL_TEREDO,
	TUNNEL_ERSPAN, /* a switch's mirror port */
	TUNNEL_GTP,
	TUNNEL_COUNT,
};
/* Stable word of a tunnel, for reports: "gre". */
const char *tunnel_word(enum tunnel tunnel);

/* Which options a TCP header carried. */
enum tcp_option {
	OPTION_MSS = 1u << 0,
	OPTION_WINDOW_SCALE = 1u << 1,
	OPTION_SACK_PERMITTED = 1u << 2,
	OPTION_SACK = 1u << 3,
	OPTION_TIMESTAMP = 1u << 4,
	OPTION_MD5 = 1u << 5,
	OPTION_MPTCP = 1u << 6,
	OPTION_FAST_OPEN = 1u << 7,
	OPTION_UNKNOWN = 1u << 8,
	OPTION_USER_TIMEOUT = 1u << 9,
	OPTION_MPTCP_FASTCLOSE = 1u << 10,
	OPTION_AUTHENTICATION = 1u << 11, /* TCP-AO */
	TCP_OPTIONS_END, /* after the last bit */
};

struct sack_block {
	uint32_t start, end; /* [start, end) */
};

/* What an ICMP error quotes of the packet that caused it. */
struct quotation {
	struct address source, target;
	uint32_t sequence;		   /* TCP; valid if has_sequence */
	uint32_t acknowledged;		   /* valid if has_acknowledged */
	uint16_t source_port, target_port; /* valid if has_ports */
	uint16_t total_bytes; /* of the IP packet, as the quote says */
	uint16_t ip_id; /* of a fragment in IPv6, lower half; else 0 there */
	uint16_t tcp_flags; /* valid if has_acknowledged */
	uint8_t family;	    /* 4, 6, or 0: nothing usable was quoted */
	uint8_t protocol;
	uint8_t ttl; /* as it was when the error arose */
	uint8_t tos;
	bool is_df;
	bool has_ports, has_sequence, has_acknowledged;
};

/* The order is for the caches: what nearly every packet needs stands in the
 * first 128 bytes. packet_decode sets everything above `sack` for every
 * packet, to 0 where the kind has no such thing; of `sack` the first
 * `sack_count`, and `quoted` for PACKET_ICMP. */
struct packet {
	/* where it was recorded */
	int64_t time_ns;
	uint64_t frame;	     /* number over all files, from 1 */
	uint32_t wire_bytes; /* of the whole frame */
	uint32_t interface;
	uint32_t context;  /* tunnel endpoints hashed, see decode_tunnel.h;
			      0 = none. Equal addresses in other contexts are
			      other hosts */
	uint32_t quirks;   /* of enum quirk */
	uint32_t ip_bytes; /* whole IP packet on the wire */
	uint8_t kind;	   /* enum packet_kind */
	uint8_t direction; /* enum frame_direction */
	uint8_t tunnel;	   /* enum tunnel, outermost */
	uint8_t skip_reason; /* enum skip_reason; valid for PACKET_OTHER */

	/* network: of the innermost IP header that was captured */
	uint8_t family; /* 4, 6, 0 */
	uint8_t protocol;
	uint8_t ttl;	/* hop limit */
	uint8_t tos;	/* traffic class: DSCP and ECN */
	uint16_t ip_id; /* of a fragment in IPv6, lower half; else 0 there */

	/* transport */
	uint16_t source_port, target_port;
	uint16_t tcp_flags;
	uint32_t sequence;
	uint32_t acknowledged;	/* the field, whether or not ACK is set */
	uint32_t payload_bytes; /* TCP/UDP payload on the wire */
	uint16_t window;	/* as sent, unscaled */
	uint16_t options;	/* of enum tcp_option */

	struct address source, target;

	uint32_t timestamp_value, timestamp_echo;
	uint32_t option_order; /* kinds in order of appearance, hashed; 0 =
				  no options */
	uint32_t payload_captured;
	uint8_t link_source; /* MAC address of the sending station, folded; 0:
				none. What differs is of different stations */
	const uint8_t *payload; /* lives as long as the frame's bytes */
	const uint8_t *segment; /* the same of the TCP header, with its options
				   and payload behind it as far as captured;
				   NULL: not from a frame, or cut */
	uint32_t flow_label;	/* IPv6 */
	bool is_df;		/* IPv4 only */
	bool is_first_fragment; /* and more follow */
	uint8_t option_bytes;	/* length of the options on the wire */
	uint8_t tcp_header_bytes;

	uint16_t mss;
	uint8_t window_scale; /* as sent, may exceed 14 */
	uint8_t sack_count;
	uint16_t urgent;

	/* ICMP and ICMPv6 */
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_id, icmp_sequence; /* echo */
	uint32_t icmp_mtu; /* too-big messages; 0 when not given */

	uint32_t device; /* kernel's index of the interface where the frame
			    says it (cooked v2), else 0 */

	struct sack_block sack[4];
	struct quotation quoted;
};

/* Why a frame was not decoded to TCP, UDP or ICMP; counted for the summary. */
enum skip_reason {
	SKIP_NONE,
	SKIP_LINKTYPE, /* a link type that is not known here */
	SKIP_ARP,
	SKIP_ETHERTYPE,
	SKIP_LLC,
	SKIP_IP_PROTOCOL,
	SKIP_ENCRYPTED,	 /* ESP, MACsec, protected 802.11 */
	SKIP_MANAGEMENT, /* 802.11 management and control, LCP, ... */
	SKIP_TRUNCATED,	 /* not even an IP header was captured */
	SKIP_MALFORMED,	 /* no IP header where one should be */
	SKIP_SCTP,
	SKIP_DEPTH, /* more layers than are followed */
	SKIP_COUNT,
};
const char *skip_reason_word(enum skip_reason skip_reason);

/* What the fields of struct packet hold has to fit into them. */
static_assert(PACKET_FRAGMENT <= UINT8_MAX && TUNNEL_COUNT <= UINT8_MAX &&
		      SKIP_COUNT <= UINT8_MAX,
	"kind, tunnel and reason fit a byte");
static_assert(TCP_OPTIONS_END - 1 <= UINT16_MAX, "options fit 16 bits");
static_assert(QUIRKS_END - 1 <= UINT32_MAX, "quirks fit 32 bits");

static inline uint32_t packet_sequence_length(const struct packet *packet)
{
	return packet->payload_bytes + !!(packet->tcp_flags & TCP_SYN) +
	       !!(packet->tcp_flags & TCP_FIN);
}

#endif

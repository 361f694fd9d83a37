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
	PACKET_OTHER, /* not IP, or IP with another payload: see `undecoded` */
	PACKET_TCP,   /* ports, numbers and flags are valid */
	PACKET_UDP,   /* ports are valid */
	PACKET_ICMP,  /* ICMP or ICMPv6 */
	PACKET_FRAGMENT, /* a later fragment: addresses only */
};

/* IPv4 addresses stand in the first four bytes, the others are zero. */
struct address {
	uint8_t bytes[16]; /* network order, as everywhere addresses are kept */
};

/* What is odd about a packet. Odd is not wrong: it is often the evidence. */
enum oddity {
	ODD_SHORT = 1u << 0,	       /* snap length cut a header */
	ODD_IP_LENGTH = 1u << 1,       /* total length against the frame */
	ODD_IP_HEADER = 1u << 2,       /* version, header length */
	ODD_TCP_HEADER = 1u << 3,      /* data offset */
	ODD_TCP_OPTIONS = 1u << 4,     /* an option overran or was malformed */
	ODD_OFFLOAD_LENGTH = 1u << 5,  /* IPv4 total length 0: segmentation
					  offload, length from the frame */
	ODD_NO_OPTIONS_SEEN = 1u << 6, /* snap length cut the options */
	ODD_FLAGS = 1u << 7,	       /* SYN+FIN, SYN+RST and the like */
	ODD_EXTENSION_CHAIN = 1u << 8, /* more IPv6 headers than are followed */
	ODD_FRAGMENT = 1u << 9,	       /* first fragment of several */
	ODD_TUNNEL_DEPTH = 1u << 10,   /* more tunnels than are followed */
	ODD_RESERVED_BIT = 1u << 11,   /* IPv4 reserved flag set */
	ODD_PORT_ZERO = 1u << 12,
	ODD_BAD_CHECKSUM = 1u << 13, /* only looked at where it is asked for */
	ODDITIES_END,		     /* after the last bit */
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
	uint32_t oddities; /* of enum oddity */
	uint32_t ip_bytes; /* whole IP packet on the wire */
	uint8_t kind;	   /* enum packet_kind */
	uint8_t direction; /* enum frame_direction */
	uint8_t tunnel;	   /* enum tunnel, outermost */
	uint8_t undecoded; /* enum undecoded; valid for PACKET_OTHER */

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
enum undecoded {
	UNDECODED_NONE,
	UNDECODED_LINKTYPE, /* a link type that is not known here */
	UNDECODED_ARP,
	UNDECODED_ETHERTYPE,
	UNDECODED_LLC,
	UNDECODED_IP_PROTOCOL,
	UNDECODED_ENCRYPTED,  /* ESP, MACsec, protected 802.11 */
	UNDECODED_MANAGEMENT, /* 802.11 management and control, LCP, ... */
	UNDECODED_TRUNCATED,  /* not even an IP header was captured */
	UNDECODED_MALFORMED,  /* no IP header where one should be */
	UNDECODED_SCTP,
	UNDECODED_DEPTH, /* more layers than are followed */
	UNDECODED_COUNT,
};
const char *undecoded_word(enum undecoded undecoded);

/* What the fields of struct packet hold has to fit into them. */
static_assert(PACKET_FRAGMENT <= UINT8_MAX && TUNNEL_COUNT <= UINT8_MAX &&
		      UNDECODED_COUNT <= UINT8_MAX,
	"kind, tunnel and reason fit a byte");
static_assert(TCP_OPTIONS_END - 1 <= UINT16_MAX, "options fit 16 bits");
static_assert(ODDITIES_END - 1 <= UINT32_MAX, "oddities fit 32 bits");

static inline uint32_t packet_sequence_length(const struct packet *packet)
{
	return packet->payload_bytes + !!(packet->tcp_flags & TCP_SYN) +
	       !!(packet->tcp_flags & TCP_FIN);
}

#endif

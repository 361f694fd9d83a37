/* One packet to be sent, as an experiment describes it. The runner fills in
 * the addresses, the IP ID and, for TCP, the connection's fields. */
#ifndef PROBE_ENGINE_PROBE_PACKET_H
#define PROBE_ENGINE_PROBE_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "probe/protocol/probe_rules.h"

enum {
	PROBE_PACKET_COMMENT = 56,
	PROBE_PACKET_PAYLOAD = 256,
};

enum probe_packet_kind {
	PROBE_PACKET_TCP,
	PROBE_PACKET_ECHO, /* ICMP or ICMPv6 echo request */
	PROBE_PACKET_UDP,
	PROBE_PACKET_FRAGMENT, /* a fragment of an echo request */
	PROBE_PACKET_TOO_BIG, /* an ICMP error about a packet of the target's */
};

struct probe_packet {
	enum probe_packet_kind kind;
	uint8_t ttl, tos;
	bool is_df; /* IPv4 */
	/* of the whole IP packet, padded with zeros; 0: without padding */
	uint32_t ip_bytes;
	uint16_t ip_id; /* IPv4; the fragment's in IPv6. Set by the runner,
			   except for fragments */
	/* TCP and UDP ports; identifier and sequence number of an echo */
	uint16_t source_port, target_port;
	uint32_t sequence, acknowledged;
	uint16_t tcp_flags, window;
	uint16_t mss;		/* option; 0: none */
	uint8_t window_scale;	/* option, if has_options */
	bool has_options;	/* window scale, SACK permitted */
	struct sack_block sack; /* option; empty: none */
	bool has_timestamp;
	uint32_t timestamp_value, timestamp_echo;
	const uint8_t *payload; /* static bytes; then zeros up to ip_bytes */
	uint16_t payload_bytes;
	/* PROBE_PACKET_FRAGMENT: bytes [offset, offset + piece_bytes) of an
	 * echo request whose ICMP message is whole_bytes long */
	uint16_t offset, piece_bytes, whole_bytes;
	bool has_more;
	/* PROBE_PACKET_TCP: a connection owes it to the other side; it is sent
	 * when an experiment has used up its packets, too */
	bool is_duty;
	/* PROBE_PACKET_TOO_BIG */
	struct quotation quote;
	uint16_t claimed_mtu;
	uint8_t experiment;		    /* set by the runner */
	char comment[PROBE_PACKET_COMMENT]; /* for the recording */
};

#endif

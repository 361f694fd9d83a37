/* What is kept of a connection while it lives.
 *
 * One struct flow is all that a healthy connection costs: three lines of the
 * cache, of which nine packets of ten touch the first two. Whatever only
 * incidents need is in an evidence record (analysis/observe/evidence.h), opened
 * when something happens. */
#ifndef ANALYSIS_FLOW_FLOW_H
#define ANALYSIS_FLOW_FLOW_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/packet.h"

enum side_flag {
	SIDE_SEEN = 1u << 0,
	SIDE_SYN = 1u << 1, /* SYN or SYN-ACK seen */
	SIDE_FIN = 1u << 2,
	SIDE_RST = 1u << 3,
	SIDE_DATA = 1u << 4,	/* has sent payload */
	SIDE_ID_ZERO = 1u << 5, /* IPv4 identification: what was seen of it */
	SIDE_ID_STEP = 1u << 6,
	SIDE_ID_JUMP = 1u << 7,
	SIDE_DF = 1u << 8,
	SIDE_NO_DF = 1u << 9,
	SIDE_TIMESTAMP = 1u << 10, /* sends the option after the handshake */
	SIDE_UNSEEN = 1u << 11, /* packets of it are missing from the capture:
				   they were acknowledged but never captured */
	SIDE_QUIT = 1u << 12,	/* its last payload ended the session, see
				   quit_command.h */
	SIDE_UNCONFIRMED = 1u << 13, /* unconfirmed_bytes awaits its answer */
	SIDE_TTL_MIXED = 1u << 14,   /* more TTLs than there are slots */
	SIDE_FIN_ACKED = 1u << 15,
	SIDE_FLAGS_END, /* after the last bit */
};
static_assert(SIDE_FLAGS_END - 1 <= UINT16_MAX, "side.flags holds them");

enum { SIDE_TTLS = 3 };

static inline uint16_t saturate16(uint32_t value)
{
	return value > UINT16_MAX ? UINT16_MAX : (uint16_t)value;
}

/* One direction of a connection. */
struct side {
	int64_t last_ns;
	uint32_t next;	     /* one past the highest sequence number sent */
	uint32_t acked;	     /* highest acknowledgment sent */
	uint32_t last_frame; /* low 32 bits; see flow_frame */
	uint32_t packets;    /* saturates */
	uint16_t window;
	uint16_t ip_id;
	uint16_t passed_bytes; /* largest IP packet known to have arrived */
	uint16_t flags;	       /* enum side_flag */
	uint16_t last_payload; /* saturates */
	uint16_t digest;       /* of its last early data, see observe_odd.c */
	uint8_t ttl;
	uint8_t tos;
	uint8_t last_flags;    /* low eight TCP flags of the last packet */
	uint8_t capture_point; /* where its packets enter the recording:
			  interface and direction of the first, see
			  capture_points.h */
};

/* RFC 7323, 2.3. A scale that the snapshot length cut off is one more. */
enum { WINDOW_SCALE_MOST = 14, WINDOW_SCALE_UNKNOWN };

/* The rest of a direction; touched when something changes. */
struct side_cold {
	uint32_t first_sequence; /* its initial sequence number if SIDE_SYN */
	uint32_t fin_frame;
	uint8_t ttl[SIDE_TTLS];	      /* distinct TTLs of packets without RST */
	uint8_t ttl_count[SIDE_TTLS]; /* saturate */
	uint8_t link_source;	  /* of its first packet, as in struct packet */
	uint8_t window_scale : 4; /* of its SYN; 0: none */
	uint8_t app_message : 4;  /* enum app_message: its first words */
};

/* In a SYN: it asks for ECN (RFC 3168, 6.1.1). */
enum { TCP_ASKS_ECN = TCP_ECE | TCP_CWR };

enum flow_flag {
	FLOW_V6 = 1u << 0,
	FLOW_CLIENT_IS_1 = 1u << 1,
	FLOW_ORIENTED = 1u << 2, /* by a SYN */
	FLOW_SYNACK = 1u << 3,
	FLOW_ESTABLISHED = 1u << 4, /* handshake complete or seen mid-stream */
	FLOW_RESET = 1u << 5,
	FLOW_MIDSTREAM = 1u << 6,    /* began before the recording */
	FLOW_DUPLICATED = 1u << 7,   /* every packet is recorded twice */
	FLOW_CLOCK_STEP = 1u << 8,   /* time ran backwards inside it */
	FLOW_WEAKENED = 1u << 9,     /* something of it was evicted */
	FLOW_SSH = 1u << 10,	     /* a banner was seen; or port 22, and the
				       client has said nothing else */
	FLOW_GAP_PENDING = 1u << 11, /* traffic after a gap, not answered yet */
	FLOW_SYN_RTT = 1u << 12,
	FLOW_ACK_RTT = 1u << 13,
	FLOW_PORT_REUSED = 1u << 14, /* a connection of the same name before */
	FLOW_USED = 1u << 15,	     /* the slot holds a flow */
	FLOW_DULL = 1u << 16,	    /* no evidence record could be had for it */
	FLOW_CLOSED = 1u << 17,	    /* its incident has been handed in */
	FLOW_GAP_SIDE_1 = 1u << 18, /* side 1 broke the silence */
	FLOW_WATCHED =
		1u << 19, /* its evidence record wants to see every packet */
	FLOW_REPEATED_0 = 1u << 20, /* side 0 has sent data again, */
	FLOW_REPEATED_1 = 1u << 21, /* side 1 */
	FLOW_HTTP = 1u << 22,	    /* asked in clear: each request is heard */
	FLOW_ASKED = 1u << 23,	    /* its last word is a client's request */
	FLOW_FLAGS_END,		    /* after the last bit that is a flag */
};

/* What flow.flags holds above the flags. */
enum {
	FLOW_TUNNEL_SHIFT = 24, /* enum tunnel */
	FLOW_TUNNEL_BITS = 4,
	FLOW_SYNS_SHIFT = 28, /* SYNs sent, saturates */
	FLOW_SYNS_BITS = 4,
	FLOW_SYNS_MOST = (1 << FLOW_SYNS_BITS) - 1,
};
static_assert(FLOW_FLAGS_END - 1 < 1u << FLOW_TUNNEL_SHIFT &&
		      FLOW_TUNNEL_SHIFT + FLOW_TUNNEL_BITS <= FLOW_SYNS_SHIFT &&
		      FLOW_SYNS_SHIFT + FLOW_SYNS_BITS <= 32,
	"flags, tunnel and SYNs fit side by side");
static_assert(TUNNEL_COUNT <= 1 << FLOW_TUNNEL_BITS, "every tunnel fits");

enum { FLOW_RTT_MOST_US = (1 << 24) - 1 }; /* 16.8 s */

struct flow {
	uint64_t identity[2]; /* see flow_key.h */
	struct side side[2];
	uint32_t flags;	   /* enum flow_flag, tunnel and SYNs: see above */
	uint32_t evidence; /* index + 1; 0: nothing has happened */
	uint32_t v6;	   /* index + 1 of its struct v6_name; 0: IPv4 */
	uint32_t first_frame;
	uint16_t mss[2];	       /* offer of each side; 0: none seen */
	uint16_t unconfirmed_bytes[2]; /* largest IP packet of each side that
					  is not yet known to have arrived */
	/* Round trips from here to the server and the client, the shortest;
	 * saturate. And of both sides, when what is unconfirmed has arrived:
	 * see flow_set_unconfirmed_end. */
	uint32_t server_rtt_us : 24;
	uint32_t unconfirmed_end_0 : 8;
	uint32_t client_rtt_us : 24;
	uint32_t unconfirmed_end_1 : 8;

	/* here ends what plain packets touch */
	struct side_cold cold[2];
	int64_t first_ns;
	uint32_t synack_frame;
	uint32_t gap_ms; /* longest silence it survived */
	uint32_t pending_gap_ms;
	uint32_t gap_frame; /* broke the silence that is pending */
	uint64_t history;   /* of listed flows: see flow_history.h */
};

enum { FLOW_LINE_BYTES = 64, FLOW_HOT_BYTES = 2 * FLOW_LINE_BYTES };
static_assert(offsetof(struct flow, cold) == FLOW_HOT_BYTES &&
		      sizeof(struct flow) == 3 * FLOW_LINE_BYTES,
	"plain packets touch two lines, of flows that begin on one");

/* What ends at `end` of that side's numbers has arrived once an acknowledgment
 * is beyond. Eight bits of the number are kept, rounded up to 4096; the end may
 * lie less than FLOW_END_SPAN beyond what is acknowledged. */
enum { FLOW_END_SHIFT = 12, FLOW_END_SPAN = 1 << (FLOW_END_SHIFT + 6) };

static inline void flow_set_unconfirmed_end(
	struct flow *flow, unsigned side, uint32_t end)
{
	uint32_t kept = (end + (1u << FLOW_END_SHIFT) - 1) >> FLOW_END_SHIFT;

	if (side)
		flow->unconfirmed_end_1 = kept & 0xff;
	else
		flow->unconfirmed_end_0 = kept & 0xff;
}

static inline bool flow_is_beyond_unconfirmed(
	const struct flow *flow, unsigned side, uint32_t acknowledged)
{
	uint32_t kept =
		side ? flow->unconfirmed_end_1 : flow->unconfirmed_end_0;

	return (int8_t)((acknowledged >> FLOW_END_SHIFT) - kept) >= 0;
}

static inline unsigned flow_client(const struct flow *flow)
{
	return (flow->flags & FLOW_CLIENT_IS_1) != 0;
}

static inline unsigned flow_server(const struct flow *flow)
{
	return (flow->flags & FLOW_CLIENT_IS_1) == 0;
}

/* Frame numbers are kept by their low 32 bits; `now` is a later frame, less
 * than 2^32 frames on. 0 stays 0. */
static inline uint64_t flow_frame(uint64_t now, uint32_t low)
{
	return low ? now - (uint32_t)((uint32_t)now - low) : 0;
}

static inline bool flow_has_repeated(const struct flow *flow, unsigned side)
{
	return flow->flags & (side ? FLOW_REPEATED_1 : FLOW_REPEATED_0);
}

static inline unsigned flow_syns(const struct flow *flow)
{
	return flow->flags >> FLOW_SYNS_SHIFT & FLOW_SYNS_MOST;
}

static inline void flow_count_syn(struct flow *flow)
{
	if (flow_syns(flow) < FLOW_SYNS_MOST)
		flow->flags += 1u << FLOW_SYNS_SHIFT;
}

static inline enum tunnel flow_tunnel(const struct flow *flow)
{
	return (enum tunnel)(flow->flags >> FLOW_TUNNEL_SHIFT &
			     ((1u << FLOW_TUNNEL_BITS) - 1));
}

/* Once, while the flow is new. */
static inline void flow_set_tunnel(struct flow *flow, enum tunnel tunnel)
{
	flow->flags |= (uint32_t)tunnel << FLOW_TUNNEL_SHIFT;
}

/* Nothing came from the server but its SYN-ACK. */
static inline bool flow_server_never_spoke(const struct flow *flow)
{
	return (flow->flags & FLOW_SYNACK) &&
	       (flow->side[flow_server(flow)].last_flags & TCP_SYN);
}

static inline int64_t flow_last_ns(const struct flow *flow)
{
	int64_t a = flow->side[0].last_ns, b = flow->side[1].last_ns;

	return a > b ? a : b;
}

/* From end to end and back; 0: not known. */
static inline int64_t flow_round_trip_ns(const struct flow *flow)
{
	return 1000 * ((int64_t)flow->server_rtt_us + flow->client_rtt_us);
}

#endif

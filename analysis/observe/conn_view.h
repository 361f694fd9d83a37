/* A connection as another capture point saw it: what that proves about packets
 * that are here and not there, or the other way round. */
#ifndef ANALYSIS_OBSERVE_CONN_VIEW_H
#define ANALYSIS_OBSERVE_CONN_VIEW_H

#include "analysis/observe/closed_conn.h"

struct view_reset {
	uint32_t frame, sequence, acknowledged;
	uint16_t tcp_flags;
	uint8_t side;
};

struct view_side {
	uint32_t first_sequence; /* its initial sequence number if SIDE_SYN */
	uint32_t next, acked;
	uint32_t packets, last_frame;
	uint16_t flags; /* enum side_flag */
	uint8_t ttl;	/* the usual one, of packets without RST */
	uint8_t window_scale; /* as in struct side_cold */
	bool has_ttl;
	/* bytes that never came there, though later ones did: the first that
	 * were missed, [start, end) */
	bool has_gap;
	uint32_t gap_start, gap_end;
};

struct conn_view {
	struct address address[2]; /* by side */
	uint16_t port[2];
	uint8_t place;
	uint8_t reset_count;
	bool has_more_resets; /* than are kept */
	bool is_orderly;      /* it ended as it should, judged alone */
	uint32_t flags;	      /* enum flow_flag */
	uint32_t record;      /* index there; UINT32_MAX: none was kept */
	int64_t first_ns, last_ns;
	uint32_t server_rtt_us, client_rtt_us;
	struct view_side side[2];
	struct view_reset resets[EVIDENCE_RESETS];
};

/* The view from there beside a connection here. */
struct conn_link {
	const struct conn_view *view;
	bool is_swapped;    /* side 0 here is side 1 there */
	bool is_translated; /* an address or port differs */
	/* what was recorded there, by the clock here */
	int64_t covered_from_ns, covered_until_ns;
	uint64_t frame; /* completes the low 32 bits of frames there */
	/* the rest of it, which a NAT gave another client's address or port;
	 * NULL: nothing shows that */
	const struct conn_view *moved;
	bool is_lossless; /* nothing there was acknowledged and not recorded */
	/* at which TTL the hosts of both sides (as here) arrive there in all
	 * connections; 0: not known */
	uint8_t host_ttl[2];
};

static inline unsigned conn_link_side(
	const struct conn_link *link, unsigned side)
{
	return link->is_swapped ? !side : side;
}

/* What is to be told to others of a connection that closed. */
void conn_view_of(
	const struct closed_conn *conn, unsigned place, struct conn_view *view);

#endif

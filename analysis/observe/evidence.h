/* The evidence record of a connection with a possible incident: the packets
 * that may decide, and snapshots of both sides when they came. Opened at the
 * first reset, ICMP error, retransmission, sequence gap or SSH banner; handed
 * over when the connection closes or its timeout expires; freed when no
 * incident results. */
#ifndef ANALYSIS_OBSERVE_EVIDENCE_H
#define ANALYSIS_OBSERVE_EVIDENCE_H

#include "analysis/flow/flow.h"
#include "analysis/observe/packet_summary.h"
#include "analysis/observe/ssh.h"
#include "analysis/thresholds/thresholds.h"
#include "capture/numbers.h"

enum {
	EVIDENCE_RESETS = 8,
	EVIDENCE_ERRORS = 4,
	EVIDENCE_AFTER = 6,
};
static_assert(EVIDENCE_RESETS <= UINT8_MAX && EVIDENCE_ERRORS <= UINT8_MAX &&
		      EVIDENCE_AFTER <= UINT8_MAX,
	"their counts fit a byte");

/* The fields of a packet that verdicts use. */
struct packet_note {
	int64_t time_ns;
	uint32_t frame; /* low 32 bits */
	uint32_t sequence, acknowledged;
	uint32_t payload_bytes;
	uint32_t flow_label;
	uint16_t tcp_flags;
	uint16_t window;
	uint16_t ip_id;
	uint16_t options;  /* enum tcp_option */
	uint16_t ip_bytes; /* saturates */
	uint16_t icmp_mtu;
	uint8_t ttl, tos;
	uint8_t side; /* who is named as its sender */
	uint8_t kind; /* PACKET_TCP, PACKET_ICMP; 0: none */
	uint8_t icmp_type, icmp_code;
	uint8_t capture_point;
	uint8_t direction;
	uint8_t link_source;
	bool has_sequence; /* of an ICMP error: the quote tells it */
	bool is_df;
};

/* An ICMP error: `side` sent the packet that it quotes. */
struct error_note {
	struct packet_note note;
	struct address from, to;
};

/* The last packet of one side as the flow remembers it. */
struct side_snapshot {
	int64_t last_ns;
	uint32_t last_frame;
	uint32_t next, acked;
	uint16_t window, ip_id;
	uint16_t last_payload;
	uint16_t flags; /* enum side_flag */
	uint8_t ttl, tos, last_flags;
	uint32_t packets;
};

/* A reset, with snapshots of both sides just before it. */
struct reset {
	struct packet_note note;
	struct side_snapshot before[2];
	/* retransmissions of each side that had no response by then;
	 * keepalive probes left out */
	uint16_t unanswered[2];
	uint16_t repeats;    /* further resets that differ in time only */
	uint32_t last_frame; /* of those */
	char text[64];	     /* its payload, as sent */
	uint8_t text_bytes;
	bool has_repeated[2]; /* had this side sent data again by then? */
};

/* Segments of one side that went unacknowledged, or were lost and recovered. */
struct unacked_run {
	bool is_active;
	uint32_t start, end; /* sequence numbers of the retransmitted segment */
	uint16_t count;	     /* retransmissions of it */
	uint16_t first_ip_bytes, smallest_ip_bytes;
	struct packet_summary first, last; /* of the retransmissions */
	int64_t since_ns;      /* last packet before the first of them */
	uint16_t answers;      /* packets of the peer since the first */
	uint32_t answer_frame; /* the last of them */
	uint16_t refused;      /* retransmissions after which the first packet
				  of the peer acknowledges nothing new */
	bool is_df;
	bool is_fin;
	bool is_keepalive; /* probes below SND.NXT */
	uint16_t pause_s;  /* the longest between two of them; saturates */
};

/* What one side sent again although the peer had acknowledged it. */
struct unheard_acks {
	uint16_t count;	      /* transmissions of one segment */
	uint32_t start, next; /* of the segment; the side's next, then */
	struct packet_summary first, last;
};

/* Bytes of one side that neither the capture nor the receiver has. */
struct seq_gap {
	bool is_active;
	uint32_t start, end;
	struct packet_summary after; /* the packet that showed it */
	int64_t quiet_ns;	     /* of that side, before that packet */
	uint16_t later_packets;	     /* arrived above it */
	uint16_t largest_later;	     /* IP bytes of them */
	uint16_t largest_fill;	     /* of the packets that filled it */
	uint32_t first_start;
	int64_t first_fill_ns;
	bool is_sacked; /* the receiver's SACK shows the gap */
};

/* "Too big" messages about one side's packets. */
struct too_big {
	uint16_t count;
	uint16_t mtu; /* the least that a PTB named or implies */
	bool is_mtu_told;
	uint32_t first_frame;
	int64_t first_ns;
	uint16_t larger_after; /* packets above it, later than a round trip */
	struct packet_summary larger; /* the last of them */
	uint32_t larger_start;	      /* sequence number of the first of them */
	bool is_larger_passed;	      /* that was acknowledged */
	uint16_t fitting_after;
};

/* ICMP errors that quote data not in flight, by the first of them. */
struct out_of_window {
	uint16_t count;
	uint8_t icmp_type, icmp_code;
	bool has_sequence;
	uint32_t frame;
	uint32_t sequence;    /* quoted, if has_sequence */
	uint32_t first, last; /* were in flight then */
};

/* Packets with the same addresses and ports that belong to another connection,
 * see observe_other.c. */
struct other_conn {
	uint16_t answers;   /* to the SYN, that acknowledge something else */
	uint16_t continued; /* of the connection before, after a handshake */
	uint8_t answer_side, continues_side;
	bool has_before; /* the connection before was open when this began */
	uint32_t packets[2];   /* of either side, that are not this one's */
	uint32_t acknowledged; /* by the last of the answers */
	uint32_t before_next[2];
	struct packet_summary answer, continues; /* the first of them */
};

/* The message in clear with which a side explained its close. */
struct closing_message {
	uint8_t app_message; /* enum app_message: a refusal or an alert; 0: none
			      */
	uint8_t side;
	bool is_warning; /* an alert of that level, or an error after which a
			    session may go on */
	bool is_reply;	 /* no greeting: other messages came before it */
	struct packet_summary packet;
	char text[80]; /* as sent, cut; ends with a zero */
	/* behind an alert: of its side, and of the other at that time */
	uint32_t alert_end, peer_next;
};

/* A side closed when it had waited for something of the other. */
struct overdue {
	uint32_t silent_ms; /* 0: there is none */
	uint8_t side;
};

/* A request that was acknowledged and had no response when a side closed. */
struct response_wait {
	int64_t waited_ns; /* 0: there is none */
	uint8_t side;	   /* who ended it */
	bool is_closed;	   /* the server, by a FIN in place of the response */
	struct packet_summary end;
};

enum forgery {
	FORGED_NOTHING,
	FORGED_CONTENTS, /* other data for the same bytes */
	FORGED_FIN,	 /* the side keeps sending after a FIN in its name */
	FORGED_ODD,	 /* no timestamps, and from another distance */
};

/* A segment that its side did not send. */
struct forged {
	uint8_t forgery; /* enum forgery */
	uint8_t side;	 /* in whose name */
	uint16_t digest; /* of an odd segment's data, which begins here: */
	uint32_t sequence;
	struct packet_summary packet, contradicts;
};

struct evidence {
	uint8_t reset_count, error_count, after_count;
	uint16_t errors_more, resets_more[2]; /* of a side */
	uint32_t last_reset_frame;
	struct error_note last_error;
	struct out_of_window out_of_window;
	struct unacked_run unacked[2];
	struct unacked_run recovered[2]; /* the longest that was recovered */
	struct unheard_acks unheard[2];
	struct seq_gap seq_gap[2];
	struct seq_gap filled_gap[2]; /* the one that took longest to fill */
	struct too_big too_big[2];
	struct other_conn other;
	struct closing_message closing_message;
	struct response_wait response_wait;
	struct overdue overdue;
	struct forged forged;
	/* since when a side's window is 0, and since when it is open again: a
	 * reset may cross the packet that says so. 0: it is open */
	int64_t shut_ns[2], opened_ns[2];
	uint32_t shut_frame[2];
	/* segments as large as the peer's window without its scale */
	uint16_t misread[2];
	struct packet_summary misread_first[2];
	/* kept of SSH, and of flows with an evidence record at the FIN */
	struct packet_summary fin[2];
	uint32_t fin_acked_frame[2]; /* acknowledges one number beyond all that
					was recorded of the side: probably a
					FIN that was not */
	/* of this side's data, the part that the peer has acknowledged by SACK
	 * beyond a gap, and the packet that did so first */
	uint32_t sacked_end[2], sacked_frame[2];
	uint16_t sacked_largest[2]; /* longest block */
	/* without the timestamps that both sides had used */
	uint16_t untimed[2];
	struct packet_summary untimed_first[2];
	uint16_t zero_windows[2];
	uint16_t probes[2]; /* keepalives */
	int64_t last_reset_ns;
	uint32_t synack_retransmissions;
	/* NULL: no SSH, or no room. What it points to is read of views only
	 * (evidence_view). */
	struct ssh_talk *ssh;
	/* Last, since most records have none of these: what is behind the
	 * counted ones is zero. */
	struct error_note errors[EVIDENCE_ERRORS];
	struct reset resets[EVIDENCE_RESETS];
	struct packet_note
		after[EVIDENCE_AFTER]; /* no resets; after the first one */
};

/* From where on all is zero. */
size_t evidence_used_bytes(const struct evidence *evidence);

/* Whether no verdict would need the record: a loss that was recovered at once,
 * packets out of order. For records that no later packet can change (see
 * observe_tcp.c). */
bool evidence_is_dull(
	const struct thresholds *thresholds, const struct evidence *evidence);
/* How often `side` has sent again what was acknowledged, to the end. */
unsigned evidence_unheard(const struct flow *flow,
	const struct evidence *evidence, unsigned side);
/* A loss that ended only when smaller packets were sent. */
static inline bool evidence_is_repaired_by_smaller(
	const struct unacked_run *recovered)
{
	return recovered->smallest_ip_bytes < recovered->first_ip_bytes;
}
/* Bytes that were missing for long. */
static inline bool evidence_is_filled_late(
	const struct thresholds *thresholds, const struct seq_gap *filled)
{
	return filled->first_fill_ns - filled->after.time_ns >=
	       thresholds->gap_ms * MILLISECOND_NS;
}
/* Whether it holds evidence of packets too large for the path. */
bool evidence_tells_of_sizes(
	const struct thresholds *thresholds, const struct evidence *evidence);
#endif

/* The record of a probe's packets: those sent, the response to each, the
 * server's data on each connection, the quotes. */
#ifndef ANALYSIS_PATH_PATH_RECORD_H
#define ANALYSIS_PATH_PATH_RECORD_H

#include "analysis/path/path.h"
#include "analysis/path/path_idle_record.h"
#include "analysis/path/path_dialogs.h"
#include "analysis/path/path_judge.h"
#include "analysis/path/path_reset_record.h"
#include "analysis/path/path_threshold.h"
#include "capture/numbers.h"
#include "capture/sequence.h"
#include "probe/protocol/connection_role.h"
#include "probe/protocol/hop_distance.h"
#include "probe/protocol/probe_method.h"
#include "probe/protocol/probe_rules.h"
#include "probe/protocol/stray_segment.h"

enum {
	PATH_QUOTES = 192,
	PATH_SPOOFERS = 16,
	PATH_STREAMS = 64,
	PATH_SYNS = 320,
	PATH_STRAYS = 8,
	PATH_STRAY_FLOWS = 16,
	PATH_FIRST_WORDS = 24,
};

/* Why a sent packet measures nothing. */
enum row_use {
	ROW_MEASURES,
	ROW_OF_EXPERIMENT, /* sent on another connection than the run's */
	/* the connection had closed, or may have, and no response came: it
	 * sends no more DSACKs */
	ROW_AFTER_END,
	/* no response came, and the server may not have had the handshake's
	 * ACK: then it answers no data */
	ROW_BEFORE_OPEN,
	/* the path takes less since */
	ROW_BEFORE_CHANGE,
};

/* The responses to one sent packet, unchecked; frames are 0 where none came.
 * path_record_expired() and path_record_refused() return those that are
 * accepted. */
struct reply {
	uint64_t arrived, expired, refused, unreachable;
	uint64_t incomplete; /* the target has the fragment, and not all */
	int64_t arrived_ns, expired_ns, incomplete_ns;
	struct address expired_from, refused_from, unreachable_from;
	uint32_t claimed_mtu;
	uint8_t refused_ttl;	    /* as the refusal quotes it */
	uint8_t arrived_quoted_ttl; /* as the target quotes it; 0: it does not
				       quote */
	uint32_t expired_bytes; /* as the expiry quotes it; 0: it does not */
	bool is_expired_joined; /* quoted longer than the fragment was */
	bool is_arrived_in_fragments; /* the answer itself was fragmented */
	bool is_reset;		      /* the answer that arrived is one */
	uint32_t arrived_bytes; /* of the answer's packet, or first fragment */
};

/* Packets of one size to the target by one method. */
struct size_tally {
	uint16_t sent, arrived, refused;
	uint16_t arrived_whole; /* the answer came in one packet */
	uint64_t sent_frame, arrived_frame, refused_frame; /* the first */
	int refused_row;
};

/* A packet as a router quotes it, or the target. */
struct quote {
	uint64_t frame;
	uint64_t against; /* of the packet that was quoted */
	uint8_t ttl;	  /* hop limit it was sent with: the hop */
	bool is_target;	  /* the hop is the target's */
	bool is_whole;	  /* the quote reached to the end of TCP's options */
	enum truth is_checksum_right;
	struct packet packet, sent;
};

/* The first PTB that was sent to the server about one of its segments; frame
 * 0: none was. */
struct ptb_sent {
	uint64_t frame, about_frame;
	int64_t ns;
	uint32_t claimed_mtu;
	uint32_t start;	  /* of the segment that it was about */
	unsigned repeats; /* as large as before */
	uint64_t repeat_frame;
	uint64_t honoured_frame; /* the first that was not; 0: none */
	int64_t honoured_ns;
};

struct path_reset {
	uint64_t frame; /* 0: none */
	uint8_t ttl;	/* 0: not known */
};

/* Resets that answer SYNs with a traffic class (RESET_MARK): with and without
 * it, and the first of them. */
struct path_marked {
	unsigned with, without;
	uint64_t frame, against;
};

/* ACKs of no connection, and the first reset that answers one. */
struct path_strays {
	unsigned sent;
	uint16_t port; /* ours */
	uint32_t numbers[PATH_STRAYS];
	uint64_t sent_frame; /* the last */
	struct path_reset reset;
};

/* A SYN with a hop limit, and what it has that devices may refuse. */
struct path_syn {
	uint32_t row;
	uint8_t features; /* a set: enum syn_feature */
};

/* When the path began to take less. */
struct path_change {
	uint32_t row;	/* the last that arrived of those that do no more */
	uint32_t bytes; /* its size; 0: it did not change */
	uint64_t frame;
};

/* The target's data on one connection; of a port of stray segments, the port
 * alone. */
struct path_stream {
	uint16_t port; /* ours */
	uint16_t mss;  /* that our SYN offered */
	bool is_open;
	bool has_sent_data; /* we did, beyond what the handshake opened */
	bool is_flow;  /* measures by acknowledged data, and asks nothing */
	bool is_asked; /* we opened a window for the response, before we
			  closed */
	bool has_left;
	uint32_t said;	       /* our next number; what the server has of it: */
	uint32_t acknowledged; /* valid if is_open */
	/* when a window for its answer was opened, when data came after that,
	 * when our FIN left; INT64_MAX: never */
	int64_t asked_ns, answered_ns, left_ns;
	uint64_t syn_frame, asked_frame;
	int64_t syn_ns; /* of the first */
	uint32_t first; /* of our numbers */
	uint32_t theirs; /* the server's first number; valid if is_open */
	/* the SYN-ACK, and what it says of the server; frame 0: none came */
	uint64_t syn_ack_frame;
	uint8_t syn_ack_ttl;
	bool has_window_scale;
	uint8_t window_scale;
	/* what the server says first, as far as it came in order */
	uint8_t words[PATH_FIRST_WORDS];
	uint8_t word_bytes;
	uint32_t next;	/* of the server's: the first that has not come */
	/* came beyond a gap; valid if beyond_frame is not 0 */
	struct sack_block beyond;
	uint64_t beyond_frame;
	int64_t beyond_ns;
	uint32_t largest; /* segment's IP packet; 0: none */
	uint64_t largest_frame;
	bool is_cut;	 /* the server had more data when it sent that */
	int64_t sent_ns; /* when our last packet left */
	/* data in order that may be several segments; 0: none */
	uint64_t merged_frame;
	uint32_t merged_start;
	int64_t merged_ns;
	struct ptb_sent ptb;
	/* the first with the exact number (RFC 5961, 3.2) before we ended the
	 * connection */
	struct path_reset reset;
	bool has_ended_first; /* we did */
	uint32_t left_end;    /* behind our FIN; valid if has_left */
	/* the server's answer to our end, after the reset; 0: none */
	uint64_t continued_frame;
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): by subject */
struct path {
	struct section_comment comment;
	struct client_settings client;
	const struct probe_rules *rules; /* that it was made by */
	double thresholds[PATH_THRESHOLD_COUNT];
	struct probe_table table;
	struct reply replies[SENT_PROBES_MAX];
	uint8_t uses[SENT_PROBES_MAX]; /* enum row_use */
	struct size_tally sizes[METHOD_COUNT][PROBE_MOST_BYTES + 1];
	unsigned distance;
	unsigned hop_count;
	struct path_hop hops[HOP_LIMIT_WHOLE_WAY];
	struct path_totals totals;
	struct path_idle idle;
	struct path_reset_record resets;
	struct path_dialogs dialogs;
	unsigned quote_count;
	struct quote quotes[PATH_QUOTES];
	unsigned quote_probe_count;
	struct packet quote_probes[PATH_QUOTES]; /* sent to be quoted */
	unsigned stream_count;
	struct path_stream streams[PATH_STREAMS];
	/* ports of stray segments, in the order of their first */
	unsigned stray_flow_count;
	struct path_stream stray_flows[PATH_STRAY_FLOWS];
	/* One of these segments was reset twice, or reset and refused: a device
	 * resets them as well. */
	bool are_strays_forged;
	/* The server's first words on one of them were that it has too many
	 * connections (MaxStartups), and the SYN of that one; 0: on none. */
	uint64_t startups_frame, startups_syn_frame;
	/* the same of "Not allowed at this time" */
	uint64_t not_allowed_frame, not_allowed_syn_frame;
	unsigned later_fragments; /* of answers that came in fragments */
	/* Echo is answered at another distance than the connection: by another
	 * host, or over another route. */
	bool is_echo_elsewhere;
	/* The first echo reply that is shorter than its request, whole, and
	 * that request; 0: none is. Replies say nothing of sizes then. */
	uint64_t short_frame, short_against;
	unsigned tcp_distance, echo_distance; /* 0: not known */
	struct connection_roles roles;
	/* the handshake of the run's connection */
	uint64_t syn_frame, opened_frame, rejected_frame;
	struct path_reset closed; /* the first that answers the SYN */
	/* a SYN-ACK came after that, and only one SYN was sent */
	bool is_syn_answered_twice;
	/* the port's own, and those of ports that nobody uses */
	struct path_marked marked, marked_unused;
	struct path_strays strays;
	/* of the target's packets without RST, TCP's and others: the first
	 * frame with each TTL; 0: none */
	uint64_t tcp_ttls[UINT8_MAX + 1], other_ttls[UINT8_MAX + 1];
	/* of those with data or a DSACK: a device may answer SYNs */
	bool served_ttls[UINT8_MAX + 1];
	unsigned syn_count;
	struct address rejected_from;
	uint8_t rejected_type, rejected_code;
	bool is_peer_mss_unsure; /* SYN-ACKs contradict each other */
	struct path_change change;
	unsigned syn_tests;
	struct path_syn syns[PATH_SYNS];
	/* a router reported a packet without its don't-fragment bit */
	uint64_t df_cleared_frame;
	uint32_t server_next;  /* the next byte from the server */
	uint32_t syn_sequence; /* of our SYN */
	/* when a packet came that only a server with the handshake's ACK
	 * sends; INT64_MAX: none did */
	int64_t confirmed_ns;
	uint64_t syn_ack_again_frame; /* before that, the second; 0: none */
	/* sources that rejected delivered packets: all their other PTBs are
	 * ignored */
	unsigned spoofer_count;
	struct address spoofers[PATH_SPOOFERS];
	/* when the server ended the connection; INT64_MAX: it did not */
	int64_t ended_ns;
	bool has_closed; /* we did */
	/* a set of experiments, of those that were begun: not interrupted */
	uint32_t ended;
	struct path_verdict verdict;
	unsigned excluded_count, open_count;
	struct path_statement excluded[QUESTION_COUNT], open[QUESTION_COUNT];
};

/* From one time to another, both as recordings say; -1 when one of them is not
 * known (INT64_MIN), or clocks are absurd. */
static inline int64_t path_record_elapsed_ns(int64_t from_ns, int64_t to_ns)
{
	int64_t span_ns;

	return from_ns == INT64_MIN || to_ns == INT64_MIN ||
			       __builtin_sub_overflow(to_ns, from_ns, &span_ns)
		       ? -1
		       : span_ns;
}

/* -1 also where one of them did not come. */
static inline int64_t path_record_between_ns(
	const struct dialog_arrival *from, const struct dialog_arrival *to)
{
	return from && to ? path_record_elapsed_ns(from->ns, to->ns) : -1;
}

static inline bool path_record_is_interrupted(const struct path *path)
{
	return (path->comment.experiments & ~path->ended) != 0;
}

/* The connection of that port of ours; NULL: there is none, or no room was. */
static inline struct path_stream *path_record_stream(
	struct path *path, uint16_t port)
{
	for (unsigned i = 0; i < path->stream_count; i++)
		if (path->streams[i].port == port)
			return &path->streams[i];
	return NULL;
}

/* Whether the port spoke SSH, or is SSH's. */
static inline bool path_record_is_ssh(const struct path *path)
{
	return path->totals.is_ssh || path->comment.port == SSH_PORT;
}

/* By what a row measures; METHOD_COUNT: by nothing. */
static inline enum probe_method path_record_method(
	const struct path *path, uint32_t row)
{
	return path->uses[row] == ROW_MEASURES
		       ? probe_method_of(&path->table.sent_probe[row])
		       : METHOD_COUNT;
}

/* Whether the row is already acknowledged data, of more than the one byte by
 * which a connection asks whether it is confirmed, on that connection; or a
 * stray segment of that port. */
static inline bool path_record_is_of_flow(
	const struct path *path, uint32_t row, const struct path_stream *stream)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];

	return sent_probe->protocol == PROTOCOL_TCP &&
	       !sent_probe->is_fragment && sent_probe->payload_bytes > 1 &&
	       sent_probe->source_port == stream->port &&
	       !(sent_probe->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) &&
	       (stray_segment_is(sent_probe) ||
		       !sequence_after(sent_probe->sequence +
					       sent_probe->payload_bytes,
			       stream->first + 1));
}

/* Of so many missing answers, those that did not come: others may be among the
 * packets that the capture lost. */
static inline unsigned path_record_missing(
	const struct path *path, unsigned missing)
{
	return missing > path->totals.capture_lost
		       ? missing - (unsigned)path->totals.capture_lost
		       : 0;
}

/* Whether the row went as far as the target, if nothing stopped it. */
static inline bool path_record_is_whole_way(
	const struct path *path, uint32_t row)
{
	unsigned ttl = path->table.sent_probe[row].ttl;

	return ttl >= (path->distance ? path->distance : HOP_LIMIT_WHOLE_WAY);
}

/* The frame of the accepted time exceeded; 0: none. A packet that arrived did
 * not expire, whatever an error claims. */
static inline uint64_t path_record_expired(
	const struct path *path, uint32_t row)
{
	const struct reply *reply = &path->replies[row];

	return reply->arrived ? 0 : reply->expired;
}

/* The same of PTB: a source that rejected a delivered packet forged that PTB,
 * so all its PTBs are ignored. */
uint64_t path_record_refused(const struct path *path, uint32_t row);
bool path_record_is_spoofer(
	const struct path *path, const struct address *address);

#endif

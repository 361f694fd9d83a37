/* What each packet of a connection means to its sequence numbers, for plots:
 * numbers that count from 0 and don't wrap, retransmissions, window edges, SACK
 * blocks, round trips. All is said of what was recorded at one place; the
 * scripts of the HTML report say the same (report/page/packets.js). */
#ifndef REPORT_SEGMENT_H
#define REPORT_SEGMENT_H

#include "report/flow_packets.h"

enum segment_kind {
	SEGMENT_NONE, /* takes no sequence numbers */
	SEGMENT_NEW,
	SEGMENT_AGAIN, /* its bytes were seen before */
	SEGMENT_PROBE, /* a keepalive, or asks for a window */
};

struct segment_range {
	int64_t start, end; /* end: behind the last */
};

struct segment {
	const struct packet *packet;
	bool is_to_client;
	bool is_foreign; /* a device on the path sent it */
	bool is_reset, is_icmp;
	enum segment_kind kind;
	struct segment_range data; /* of its sender's numbers */
	bool has_ack;		   /* the three that follow are known */
	int64_t ack, edge; /* of the other side's numbers: acknowledged, and
			      up to where the window allows */
	unsigned sack_count;
	struct segment_range sack[4]; /* the same numbers */
	int64_t rtt_ns; /* from the segment that it acknowledges, if that was
			   sent once (Karn); -1: not known */
};

enum { SEGMENT_HOLES = 256, SEGMENT_WAITING = 4096 };

struct segment_waiting {
	int64_t end, time_ns;
	bool is_sure; /* nothing at or before it was sent again */
};

struct segment_side {
	bool has_base, has_syn, has_scale, has_sent;
	uint8_t scale;
	uint32_t base;
	int64_t most_end;
	/* numbers that were jumped over: who brings them is late, not again */
	struct segment_range holes[SEGMENT_HOLES];
	unsigned hole_count;
	/* not acknowledged yet; a ring, the oldest makes room */
	struct segment_waiting waiting[SEGMENT_WAITING];
	uint32_t waiting_first, waiting_end;
};

struct segment_tracker {
	const struct incident *incident; /* NULL: nothing happened */
	struct segment_side sides[2];	 /* the client's, the server's */
};

/* 300 KB; `incident` has to stay. */
void segment_tracker_begin(
	struct segment_tracker *tracker, const struct incident *incident);

/* The packets of a connection in the order of recording. */
void segment_take(struct segment_tracker *tracker, const struct packet *packet,
	enum speaker speaker, struct segment *segment);

#endif

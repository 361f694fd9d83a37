/* What was shown to devices in a recording (probe/protocol/reset_rules.h), on
 * which connections, and the resets that came. */
#ifndef ANALYSIS_PATH_PATH_RESET_RECORD_H
#define ANALYSIS_PATH_PATH_RESET_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/protocol/reset_rules.h"

enum {
	RESET_FLOWS = 64,
	RESET_SHOWS = 512,
	RESET_BURST = 4, /* resets of one connection that are kept */
};

/* A segment of old data that was sent. */
struct reset_show {
	enum reset_segment segment;
	uint8_t flow, hop_limit;
	uint16_t ip_id, window;
	uint32_t row; /* of the probe's table; its reply is there */
	uint32_t ip_bytes, sequence, acknowledged;
	uint64_t frame;
	uint64_t expired_frame; /* time exceeded, of just this one; 0: none */
	int64_t ns;
};

struct reset_packet {
	uint64_t frame;
	int64_t ns;
	uint32_t ahead; /* of the first reset's number */
	uint32_t acknowledged;
	uint16_t tcp_flags, window, ip_id;
	uint8_t ttl;
};

/* A connection that an experiment opened. */
struct reset_flow {
	uint16_t port; /* ours */
	uint32_t next; /* of our numbers */
	uint32_t server_next;
	bool is_open, has_left, has_spoken;
	int64_t left_ns; /* has_left: when our FIN or reset was sent */
	bool has_sent;	 /* the trigger as data, after a control */
	unsigned syns;	 /* that were sent before an answer */
	unsigned triggers, controls;
	uint64_t syn_frame;
	int64_t syn_ns, opened_ns; /* of the last one; INT64_MIN: not yet */
	int64_t syn_before_ns;	   /* if there were several: of the last but one
				    */
	/* The first has the exact number (RFC 5961, 3.2), or the one that the
	 * trigger acknowledged: what the server said meanwhile, a device takes
	 * no note of. None: 0. */
	unsigned reset_count;
	uint32_t first_number; /* of the first reset */
	struct reset_packet resets[RESET_BURST];
	int provoked_by;       /* a trigger, of the record's shows; -1: none */
	bool is_asked;	       /* after the reset, by a question */
	uint64_t denied_frame; /* that was answered by a reset; 0: no */
};

struct path_reset_record {
	unsigned flow_count, show_count;
	int64_t last_ns; /* of all packets that were received */
	struct reset_flow flows[RESET_FLOWS];
	struct reset_show shows[RESET_SHOWS];
};

/* Takes a TCP packet that was sent on an experiment's connection; `row` of the
 * probe's table holds its answer, -1: none does. */
void path_reset_sent(
	struct path_reset_record *record, const struct packet *packet, int row);
/* Takes a packet that was received. */
void path_reset_heard(struct path_reset_record *record,
	const struct address *target, const struct packet *packet);

/* Whether the trigger was sent as data on the port's connection. */
bool path_reset_is_sent(const struct path_reset_record *record, uint16_t port);
/* Whether it was shown there. */
bool path_reset_is_shown(const struct path_reset_record *record, uint16_t port);

#endif

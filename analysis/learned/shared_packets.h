/* Packets that more than one capture point recorded, and what they tell of the
 * points' clocks.
 *
 * A packet is known again by what no router, and mostly no NAT, changes:
 * sequence and acknowledgment number, flags, timestamps, IPv4 identification,
 * length and first bytes of its payload. Only the last 65,536 are remembered.
 * Between two points, the packets of one direction come later by offset plus
 * delay, those of the other by offset minus delay: half the sum of both medians
 * is the offset, as in NTP (RFC 5905, 8). Fooled by: paths whose two directions
 * differ in delay, by half of the difference. */
#ifndef ANALYSIS_LEARNED_SHARED_PACKETS_H
#define ANALYSIS_LEARNED_SHARED_PACKETS_H

#include "capture/packet.h"

enum {
	SHARED_PLACES = 64,
	SHARED_SAMPLES = 256,
	SHARED_PACKET_BYTES = 64, /* of a payload, that are compared */
};

/* How the clock of a place differs from that of place 0. */
struct clock_offset {
	uint64_t packets;  /* that both recorded */
	int64_t offset_ns; /* to be subtracted from its times */
	int64_t error_ns;  /* the offset is right within it: no packet
			      arrives before it was sent */
	double skew_ppm;   /* how fast it runs away; 0: not known */
	int64_t middle_ns; /* when it was that far off, by place 0's clock */
	bool is_known;	   /* by packets of both directions */
};

/* Differences of one direction, thinned out evenly. */
struct clock_samples {
	struct {
		int64_t time_ns, later_ns;
	} row[SHARED_SAMPLES];
	uint32_t count, stride, skipped;
};

struct shared_slot {
	uint64_t identity;
	int64_t time_ns; /* where it was met first */
	uint8_t place;
	uint64_t met; /* bits by place */
};

struct shared_packets {
	struct shared_slot *slots;
	struct clock_samples (*samples)[2]; /* of each place, by direction */
	uint64_t packets[SHARED_PLACES];    /* shared with place 0 */
	uint64_t shared;		    /* recorded again somewhere else */
};

/* The same wherever the TCP packet is recorded; never 0. */
uint64_t shared_packet_identity(const struct packet *packet);
/* Which of two: the server's port is the lower one nearly always, on both sides
 * of a NAT. */
unsigned shared_packet_direction(const struct packet *packet);

bool shared_packets_init(struct shared_packets *shared);
void shared_packets_release(struct shared_packets *shared);
/* Takes TCP packets of all places, about in the order of time. */
void shared_packets_add(struct shared_packets *shared, unsigned place,
	const struct packet *packet);
struct clock_offset shared_packets_offset(
	const struct shared_packets *shared, unsigned place);

#endif

/* The packets of one connection, picked from a recording: all that matter when
 * it is long, and how many were left out between them. */
#ifndef REPORT_FLOW_PACKETS_H
#define REPORT_FLOW_PACKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/verdict/incident.h"
#include "capture/packet.h"

/* The sender, by the addresses of a packet. */
enum speaker {
	SPEAKER_NOBODY, /* the packet is not of this connection */
	SPEAKER_CLIENT,
	SPEAKER_SERVER,
	SPEAKER_TO_CLIENT, /* somebody else's ICMP error about it */
	SPEAKER_TO_SERVER,
};
enum speaker flow_speaker(
	const struct flow_name *flow, const struct packet *packet);

enum {
	FLOW_HEAD = 20,	   /* the first packets */
	FLOW_BEFORE = 120, /* up to and with the key frame */
	FLOW_AFTER = 40,   /* those that follow it */
	FLOW_TAIL = 20,	   /* the last */
	FLOW_PACKETS_MAX = FLOW_HEAD + FLOW_BEFORE + FLOW_AFTER + FLOW_TAIL,
};

struct flow_packet {
	struct packet packet; /* its payload pointer is not valid */
	uint64_t ordinal; /* in the flow, from 0: gaps are what is left out */
	enum speaker speaker;
};

/* Follows one connection: from its beginning to where its ports are used
 * anew. */
struct flow_follower {
	struct flow_name flow;
	int64_t began_ns;   /* earlier packets are another's; INT64_MIN: all */
	uint64_t key_frame; /* 0: none */
	uint32_t first_sequence;
	bool has_first_syn, is_over;
};

void flow_follower_begin(struct flow_follower *follower,
	const struct flow_name *flow, int64_t began_ns, uint64_t key_frame);
/* Packets have to come in the order of recording. */
enum speaker flow_follower_take(
	struct flow_follower *follower, const struct packet *packet);

struct flow_packets {
	struct flow_follower follower;
	uint64_t total;
	uint32_t head_count, after_count;
	uint64_t before_count, tail_count; /* ever put into the rings */
	struct flow_packet head[FLOW_HEAD], before[FLOW_BEFORE];
	struct flow_packet after[FLOW_AFTER], tail[FLOW_TAIL];
};

/* Keeps a packet of which the follower said who speaks. */
void flow_packets_keep(struct flow_packets *packets,
	const struct packet *packet, enum speaker speaker);
/* Writes what was kept, in order; returns how many. */
unsigned flow_packets_list(const struct flow_packets *packets,
	const struct flow_packet *list[FLOW_PACKETS_MAX]);

#endif

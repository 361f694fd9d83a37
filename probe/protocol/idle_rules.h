/* Idle connections: how the prober asks whether one still lives, and how the
 * analysis recognises that in the recording. The question is a keepalive (RFC
 * 9293, 3.8.4): one byte of old data right below the next number. The byte is
 * the question's number, from 0, as long as none is answered. With a hop
 * limit that ends on the path it is a refresh: devices up to that hop count the
 * connection as active, devices behind it do not. */
#ifndef PROBE_PROTOCOL_IDLE_RULES_H
#define PROBE_PROTOCOL_IDLE_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

enum {
	IDLE_USUAL_MAX_S = 360,
	IDLE_LEAST_MAX_S = 2,
	IDLE_MOST_MAX_S = 7500, /* the least that a NAT may have (RFC 5382,
				   REQ-5) is 7440 s */
	IDLE_USUAL_PRECISION_PERCENT = 5,
	IDLE_MOST_PRECISION_PERCENT = 50,
	/* unanswered questions about one connection until it counts as dead;
	 * the last comes later, so that a short outage of the path is none */
	IDLE_SILENT_TRIES = 5,
	IDLE_LATE_MS = 1000,
	/* unauthenticated connections at one sshd, the run's own among them:
	 * it drops some of more than ten (sshd_config(5), MaxStartups) */
	IDLE_SSH_CONNECTIONS = 8,
	/* sshd closes them after 120 s (LoginGraceTime) */
	IDLE_SSH_MOST_S = 112,
	/* a connection with the advised keepalives proves them when it lives so
	 * much longer than the fatal idle time, with no keepalive so much later
	 * than advised, as a host that is held up sends them */
	IDLE_PROOF_PERCENT = 125,
	IDLE_PROOF_LATE_PERCENT = 150,
};

/* What the user asked for. */
struct idle_options {
	unsigned max_s;		    /* longest idle time to be tested */
	unsigned precision_percent; /* of the time-out */
	bool is_verified; /* run one connection with the advised keepalive */
};

/* Whether a packet that was sent is such a question, on a connection whose next
 * number is `next`. */
static inline bool idle_is_question(const struct packet *packet, uint32_t next)
{
	enum { SHOWN = TCP_ACK | TCP_SYN | TCP_FIN | TCP_RST };

	return packet->kind == PACKET_TCP && packet->payload_bytes == 1 &&
	       (packet->tcp_flags & SHOWN) == TCP_ACK &&
	       packet->sequence + 1 == next;
}

/* Whether a question is the first of its test. */
static inline bool idle_is_first_question(const struct packet *packet)
{
	return !packet->payload || packet->payload_captured == 0 ||
	       packet->payload[0] == 0;
}

/* Seconds between keepalives where connections survive `survived_ns` without
 * packets: a third, so that one keepalive may be lost; 0: too short for any. */
static inline unsigned idle_keepalive_s(int64_t survived_ns)
{
	int64_t third_s = survived_ns / 3 / 1000000000;

	if (survived_ns < 1000000000)
		return 0;
	return third_s < 1 ? 1 : (unsigned)third_s;
}

/* The run of the prober with these options takes no longer. */
static inline unsigned idle_longest_s(const struct idle_options *options)
{
	enum { ROUNDS = 10, BESIDE_S = 60 };

	return ROUNDS * options->max_s + BESIDE_S;
}

#endif

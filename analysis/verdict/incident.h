/* The analysis' result for the report: one connection that failed, stalled or
 * was refused, with its verdict and the deciding packets and facts. */
#ifndef ANALYSIS_VERDICT_INCIDENT_H
#define ANALYSIS_VERDICT_INCIDENT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "analysis/learned/triggers.h"
#include "analysis/verdict/reset_look.h"
#include "analysis/verdict/vocabulary.h"
#include "capture/packet.h"

enum truth { TRUTH_UNKNOWN, TRUTH_NO, TRUTH_YES };

enum {
	INCIDENT_EVIDENCE = 16,
	INCIDENT_ALSO = 6,
	INCIDENT_OUTRANKED = 12,
	INCIDENT_UNDECIDED = 4,
	INCIDENT_EXCERPTS = 14,
	FOUND_BYTES = 128,
	TRIGGER_TEXT = 128,
};

/* What a fact speaks for: the verdict, another reading that stands beside it,
 * or neither. */
enum evidence_weight { WEIGHT_NEUTRAL, WEIGHT_FOR, WEIGHT_AGAINST };

/* One fact as a row of evidence. Words are static strings. */
struct evidence_row {
	const char *fact; /* "reset-ttl-matches-sender" */
	enum truth holds;
	enum evidence_weight weight;
	uint64_t frame;		 /* 0: none; numbers over all files */
	uint64_t against;	 /* the frame it was compared with; 0: none */
	char found[FOUND_BYTES]; /* UTF-8, printable */
	char expected[FOUND_BYTES];
};

/* Another reading of the same packets. */
struct other_reading {
	enum mechanism mechanism;
	enum party sender;
	enum party culprit;
	const char *why; /* one sentence, static */
};

struct undecided {
	const char *fact;
	const char *settled_by; /* experiment or capture point, static */
};

/* One packet as people need to see it. */
struct packet_excerpt {
	int64_t time_ns;
	uint64_t frame; /* of one of them it is the incident's: the fatal */
	uint32_t payload_bytes;
	uint16_t tcp_flags;
	uint8_t ttl;
	uint8_t kind;	     /* enum packet_kind: PACKET_TCP or PACKET_ICMP */
	bool is_from_client; /* of an ICMP error: what it quotes is */
	/* of a reset */
	bool is_df;
	bool has_options;
	uint16_t ip_id;
	uint32_t window; /* as sent */
	/* of an ICMP error */
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_mtu;
	struct address from, to; /* of its own IP header */
	const char *note; /* static, or NULL: "as always from the server" */
};

struct endpoint {
	struct address address;
	uint16_t port;
};

static inline bool endpoint_is_same(
	const struct endpoint *one, const struct endpoint *other)
{
	return one->port == other->port &&
	       memcmp(&one->address, &other->address, sizeof(one->address)) ==
		       0;
}

struct flow_name {
	struct endpoint client, server;
	uint8_t family;	    /* 4 or 6 */
	bool is_guessed;    /* no SYN was seen: who is the client is a guess */
	enum tunnel tunnel; /* the outermost the flow was carried in */
};

/* What connections that a device reset have and others lack. */
struct incident_trigger {
	enum trigger_kind kind;	 /* TRIGGER_NONE: none is known */
	char text[TRIGGER_TEXT]; /* the name or the bytes, made printable; of
				    the others the server's name in `flow`
				    says it */
	struct trigger_counts counts;
	uint64_t left_out; /* connections that are not compared */
};

struct incident {
	struct flow_name flow;
	uint64_t frame;	  /* the fatal packet, see fatal_packet.h */
	int64_t time_ns;  /* of that packet */
	int64_t began_ns; /* first packet of the flow */
	int64_t idle_ns;  /* silence before it; 0: none worth naming */
	enum mechanism mechanism;
	enum party sender, culprit;
	enum grade grade;
	unsigned hop; /* of the sender, as traceroute counts from the capture
			 point; 0: not known */
	const char *signature; /* name of the row that applied, static; NULL:
				  none did */
	const char *summary;   /* one sentence for people, static */
	char detail[256];    /* the same with this flow's numbers; may be "" */
	char advice[512];    /* what to do, may hold several sentences; "" */
	const char *pattern; /* known injector pattern, or NULL */
	const char *tampering_signature; /* SIGCOMM 2023 label, or NULL */
	char wire_text[128]; /* the peer's clear text: reset payload, SSH
				banner text; foreign bytes, made printable */
	unsigned evidence_count, also_count, undecided_count, excerpt_count;
	unsigned outranked_count;
	struct evidence_row evidence[INCIDENT_EVIDENCE];
	struct other_reading also[INCIDENT_ALSO];
	struct undecided undecided[INCIDENT_UNDECIDED];
	/* names of rows that applied too and were set aside, static */
	const char *outranked[INCIDENT_OUTRANKED];
	struct packet_excerpt excerpts[INCIDENT_EXCERPTS];
	/* passive path MTU: 0 where not known */
	uint32_t mtu_passed, mtu_failed; /* largest IP packet that passed,
					    smallest that never did */
	bool is_reverse; /* large packets of the server vanish */
	/* idle gaps on this path over all flows; 0 where not known */
	uint32_t gaps_survived, gaps_died;
	int64_t longest_survived_ns, shortest_died_ns;
	char timers[512];	/* known timers that fit, "; " between; or "" */
	struct reset_look look; /* of the fatal packet */
	uint8_t ttl;		/* of the fatal packet; 0: not known */
	uint16_t window;	/* of a reset, as sent */
	uint32_t group;		/* number of its key, see group_key.h */
	struct incident_trigger trigger;
	bool is_weakened; /* evictions or capture losses lowered the grade */
};

/* Resets of one side with one distance have one sender and one verdict; a
 * route may change by a hop meanwhile. */
static inline bool incident_same_distance(uint8_t ttl, uint8_t other)
{
	return ttl <= other + 1 && other <= ttl + 1;
}

struct closed_conn;
struct ending;
struct verdict_context;

/* Judges one ending of the connection, for which a row applies, and writes it
 * down as an incident. */
void incident_of_ending(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct incident *incident);
/* The same without evidence, packets, other readings and advice: what groups
 * are made of. */
void incident_brief(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct incident *incident);

void incident_name(const struct closed_conn *conn, struct flow_name *name);

#endif

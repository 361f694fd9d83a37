/* Who talks in a trace, and what each end would send next. An end has a name
 * and fields that its packets have; a flow counts the numbers of a TCP
 * connection along. So the line of a packet says only what is different.
 *
 * Parser and writer of a line ask conversation_expect for the packet that the
 * conversation expects, and hand what it became to conversation_take. What
 * follows how is told in trace.h. */
#ifndef TESTS_SUPPORT_CONVERSATION_H
#define TESTS_SUPPORT_CONVERSATION_H

#include <stddef.h>

#include "capture/packet.h"

enum {
	CONVERSATION_ENDS = 32,
	CONVERSATION_FLOWS = 64, /* one more takes the place of the oldest */
	NAME_BYTES = 16,
	TTL_UNLESS_SAID = 64,
};

struct conversation_end {
	char name[NAME_BYTES];
	/* what its packets have: `source` is its address; a connection begins
	 * with its ID, and with its time stamp's value at time 0 */
	struct packet usual;
	uint32_t isn;
	uint16_t syn_window;
	unsigned restarts; /* lines that said ISN, ID or clock */
	/* its packets are recorded once more, so much later, and there have
	 * some fields (bits: rows of packet_fields) of `copy` */
	bool is_copied;
	int64_t copy_after_ns;
	uint64_t copy_fields;
	struct packet copy;
};

struct conversation_side {
	struct address address;
	uint64_t last_packet; /* number of it in the conversation; 0: none */
	uint32_t isn;
	uint32_t next; /* sequence number behind what it sent */
	uint32_t
		contiguous; /* ... without a gap: what the other acknowledges */
	struct sack_block
		ahead[4];    /* what it sent behind a gap; empty: unused */
	uint32_t clock;	     /* TSval at time 0 */
	uint32_t last_clock; /* TSval of its last packet; 0: none */
	unsigned restarts;   /* as of its end when it began */
	uint16_t port;
	uint16_t ip_id; /* of its next packet */
	uint8_t family; /* 0: the flow is not in use */
};

struct conversation_flow {
	struct conversation_side side[2];
};

struct conversation {
	struct conversation_end ends[CONVERSATION_ENDS];
	struct conversation_flow flows[CONVERSATION_FLOWS];
	unsigned end_count;
	unsigned flow_count; /* all that there were */
	uint64_t packet_count;
	int64_t time_ns; /* of the last packet whose time is known */
	struct packet
		last; /* kind PACKET_OTHER and family 0 before the first */
	/* the end whose line wants the last packet recorded once more */
	const struct conversation_end *copied; /* NULL: none */
};

/* What a clock of time stamps has counted since time 0: milliseconds. */
uint32_t conversation_clock(int64_t time_ns);

/* Both directions of a packet's flow, seen from its source. */
struct conversation_sides {
	struct conversation_side *source, *target; /* NULL: not followed */
};

/* A client and a server on Linux, two routers apart, at time 0. */
void conversation_begin(struct conversation *conversation);

/* The end of that name; NULL: none. */
struct conversation_end *conversation_end(
	struct conversation *conversation, const char *name, size_t length);

/* Another end; NULL: there are too many. */
struct conversation_end *conversation_add(
	struct conversation *conversation, const struct conversation_end *end);

/* The client of the beginning: a host on Linux. */
const struct conversation_end *conversation_host(void);

/* The end at an address, rather the one with that port as well; NULL: none. */
const struct conversation_end *conversation_end_at(
	const struct conversation *conversation, uint8_t family,
	const struct address *address, uint16_t port);

/* The flow of a TCP packet's addresses and ports. One that is not known begins
 * if either of the ends (NULL: no name) has a name; one that is known begins
 * anew with a SYN if the line of an end has said other numbers since. */
struct conversation_sides conversation_flow_of(
	struct conversation *conversation,
	const struct conversation_end *source,
	const struct conversation_end *target, const struct packet *packet);

/* Fills in what a packet has unless its line says otherwise. Before: time,
 * kind, family, addresses, ports, TCP flags, ICMP type and code. An end
 * without a name (NULL) promises a TTL and nothing else. */
void conversation_expect(const struct conversation_sides *sides,
	const struct conversation_end *source,
	const struct conversation_end *target, struct packet *packet);

/* Counts on after a packet. */
void conversation_take(
	struct conversation *conversation, const struct packet *packet);

/* A packet of the end as it is recorded once more. */
struct packet conversation_copy(
	const struct conversation_end *end, const struct packet *packet);

/* Where the last TCP packet of an address went: what an ICMP error to it most
 * likely quotes. */
struct conversation_sides conversation_last_of(
	struct conversation *conversation, uint8_t family,
	const struct address *address);

#endif

/* Initial sequence numbers of SYNs that were answered, and by whom: an answer
 * from another address than was asked tells of a NAT that translates one
 * direction only; an answer while another connection of the same two is silent
 * tells that both, and the path between them, are there, if it is from the same
 * distance. A later one may push another out; then less is known. */
#ifndef ANALYSIS_LEARNED_ANSWERED_SYNS_H
#define ANALYSIS_LEARNED_ANSWERED_SYNS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

enum { ANSWERED_SYNS = 4096 };

struct answered_syn {
	int64_t time_ns; /* of the SYN-ACK; 0: none */
	uint64_t order;	 /* its frame, all of it */
	uint32_t sequence, frame;
	uint16_t client_port, server_port;
	uint8_t ttl; /* of the SYN-ACK */
	struct address server, client;
};

/* Zeroed, it knows of none. */
struct answered_syns {
	struct answered_syn *syn; /* ANSWERED_SYNS of them, owned */
};

/* False without memory. */
bool answered_syns_init(struct answered_syns *answered);
void answered_syns_release(struct answered_syns *answered);

/* Of a SYN-ACK. */
void answered_syns_learn(
	struct answered_syns *answered, const struct packet *packet);

/* Of each slot the later one stays, whichever of both knows it. */
void answered_syns_merge(
	struct answered_syns *answered, const struct answered_syns *from);

/* The answer to a SYN with this number, from this port, by somebody else than
 * `server`; NULL: none is known. */
const struct answered_syn *answered_syns_elsewhere(
	const struct answered_syns *answered, uint32_t sequence,
	uint16_t client_port, const struct address *server);

/* Who and when: a SYN of this client to that port of the server that was
 * answered between both times, the first that is known; NULL: none is. Looks
 * through all. */
const struct answered_syn *answered_syns_between(
	const struct answered_syns *answered, const struct address *client,
	const struct address *server, uint16_t server_port, int64_t from_ns,
	int64_t to_ns);

#endif

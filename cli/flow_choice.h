/* The connection that `timeline` shows: the one named, the one of a packet, or
 * that of the most severe incident. */
#ifndef CLI_FLOW_CHOICE_H
#define CLI_FLOW_CHOICE_H

#include "report/source.h"

struct flow_choice {
	/* what was asked for */
	struct flow_name named; /* family 0: not by name */
	uint64_t frame;		/* 0: not by a packet */
	struct packet framed;	/* that packet, */
	bool has_framed;	/* once it has come by */
	/* what was settled */
	bool has_flow; /* false: nothing asked for, and nothing died */
	struct flow_name flow;
	uint64_t incident_index; /* UINT64_MAX: nothing happened to it */
	struct incident incident;
};

/* Keeps the packet of `frame` when it comes by. */
void flow_choice_look(struct flow_choice *choice, const struct packet *packet);

/* Settles it, after the first pass. False when the packet asked for is not
 * there or belongs to no connection. */
bool flow_choice_settle(struct flow_choice *choice,
	const struct report_source *source, struct failure *failure);

#endif

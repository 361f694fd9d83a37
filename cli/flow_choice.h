/* The connection that `timeline` shows: the one named, the one of a packet, or
 * that of the most severe incident. */
#ifndef CLI_FLOW_CHOICE_H
#define CLI_FLOW_CHOICE_H

#include "cli/tcp_streams.h"
#include "report/source.h"

struct flow_choice {
	/* what was asked for */
	struct flow_name named; /* family 0: not by name */
	bool is_lone;		/* named.client is all that was named */
	bool is_first;		/* the first failure, not the worst */
	uint64_t frame;		/* 0: not by a packet */
	bool has_stream;	/* by the number that Wireshark gives it */
	uint64_t stream;
	struct tcp_streams streams;
	struct packet framed; /* that packet, or the first of the connection, */
	bool has_framed;      /* once it has come by */
	uint64_t last_frame;  /* of the stream; 0: not by a stream */
	/* Of the TCP packet that was named: where its connection begins. */
	struct tcp_stream_start start; /* frame 0: not known */
	/* what was settled */
	bool has_flow; /* false: nothing asked for, and nothing died */
	struct flow_name flow;
	uint64_t incident_index; /* UINT64_MAX: nothing happened to it */
	struct incident incident;
};

/* Keeps the packet of `frame`, or the first of what was named, when it comes
 * by. */
void flow_choice_look(struct flow_choice *choice, const struct packet *packet);
void flow_choice_release(struct flow_choice *choice);

/* Settles it, after the first pass. False when what was asked for is not there,
 * or is of no connection. */
bool flow_choice_settle(struct flow_choice *choice,
	const struct report_source *source, struct failure *failure);

#endif

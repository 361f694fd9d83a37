/* The kinds of packets of a connection in the order in which each came first,
 * as Zeek has them in the field history of conn.log: S a SYN, H a SYN-ACK, A an
 * ACK without payload, D payload, F a FIN, R a reset; of the client in upper
 * case. Each letter once a side; Zeek's letters for repetitions, gaps, broken
 * checksums and closed windows are not told. */
#ifndef ANALYSIS_FLOW_FLOW_HISTORY_H
#define ANALYSIS_FLOW_FLOW_HISTORY_H

#include "analysis/flow/flow.h"

enum { FLOW_HISTORY_TEXT = 13 };

/* A packet of that side. */
void flow_history_note(struct flow *flow, unsigned side, uint16_t tcp_flags,
	uint32_t payload_bytes);

/* "ShADadFf" */
void flow_history_text(
	char text[FLOW_HISTORY_TEXT], const struct flow *flow);
/* The same when the other end is the client. */
void flow_history_turn(char text[FLOW_HISTORY_TEXT]);

#endif

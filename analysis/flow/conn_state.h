/* What came of a connection in one word, as Zeek has it in the field conn_state
 * of conn.log. By the packets alone: a reset counts for the end in whose name
 * it came, forged or not. */
#ifndef ANALYSIS_FLOW_CONN_STATE_H
#define ANALYSIS_FLOW_CONN_STATE_H

#include "analysis/flow/flow.h"

enum conn_state {
	CONN_S0,
	CONN_S1,
	CONN_SF,
	CONN_REJ,
	CONN_S2,
	CONN_S3,
	CONN_RSTO,
	CONN_RSTR,
	CONN_RSTOS0,
	CONN_RSTRH,
	CONN_SH,
	CONN_SHR,
	CONN_OTH,
	CONN_STATE_COUNT,
};

enum conn_state conn_state_of_flow(const struct flow *flow);

/* "SF", and what it means in a sentence. */
const char *conn_state_word(enum conn_state state);
const char *conn_state_meaning(enum conn_state state);

#endif

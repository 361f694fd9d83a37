#ifndef ANALYSIS_VERDICT_FACTS_SILENCE_H
#define ANALYSIS_VERDICT_FACTS_SILENCE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Unanswered packets, their sizes, the idle time before, and ICMP errors about
 * them. */
void facts_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

/* Was the recording one of both directions, as far as the silence that the
 * `victim` met goes? Sets FACT_BOTH_DIRECTIONS_RECORDED; `victim` is the index
 * of the side that waits, and the connection has evidence. */
void facts_silence_directions(
	const struct closed_conn *conn, unsigned victim, struct facts *facts);

/* Of that, what went unanswered of one side's, at which sizes: of a side that
 * has a run of retransmissions (ending_unanswered_side). */
void facts_unanswered(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned victim, struct facts *facts);

/* A FIN alone was sent again and again: nothing is lost with it. */
bool facts_silence_is_bare_fin(const struct unacked_run *unacked);

/* Has the server, which said nothing else, repeated its SYN-ACK after the
 * handshake? */
void facts_silence_handshake(
	const struct closed_conn *conn, struct facts *facts);

#endif

#ifndef ANALYSIS_VERDICT_FACTS_SHAPE_H
#define ANALYSIS_VERDICT_FACTS_SHAPE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* The form of an answer without a connection. */
bool facts_shape_is_stateless(const struct packet_note *note);

/* The reset's form, compared with its alleged sender's packets. */
void facts_shape(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

/* Does a bare reset answer a packet that was not the other side's newest? */
bool facts_shape_answers_older(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset);

/* All of the side's packets had DF, or none had, and the reset is not so. */
bool facts_shape_has_other_df(const struct reset *reset);

/* How many bytes of the reset's payload are a text (RFC 9293, 3.5.3: resets
 * may carry an explanation); 0: it is none. */
size_t facts_shape_text(
	const struct thresholds *limits, const struct reset *reset);

#endif

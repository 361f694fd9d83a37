#ifndef ANALYSIS_VERDICT_FACTS_APP_MESSAGE_H
#define ANALYSIS_VERDICT_FACTS_APP_MESSAGE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* What was said in clear about the end. */
void facts_app_message(const struct closed_conn *conn, struct facts *facts);

/* What the side that sent the reset had said of it before. */
void facts_app_message_before(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

/* Whether the connection is SSH: a side has told its version, or refused to in
 * sshd's words, or nobody has said anything else on SSH's port. */
bool facts_app_message_is_ssh(const struct closed_conn *conn);

#endif

#ifndef ANALYSIS_VERDICT_FACTS_BENIGN_H
#define ANALYSIS_VERDICT_FACTS_BENIGN_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* The facts of a benign reset: its sender, the service, and the data
 * outstanding. After the facts about the reset's form. */
void facts_benign(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);

/* Whether a client ended a short connection with this reset, right when it had
 * an answer: as a health check does, or a program that dies then. */
bool facts_benign_is_check(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset);

/* Whether the server's port is one of HTTP or HTTPS. */
bool facts_benign_is_web_port(const struct closed_conn *conn);

/* Of a service that answers every request: LDAP, SQL Server, Oracle, MySQL,
 * PostgreSQL, Redis, memcached, MongoDB (IANA). */
bool facts_benign_is_answering_port(const struct closed_conn *conn);

/* A protocol whose ends ask each other whether they are still there. */
bool facts_benign_has_heartbeats(const struct flow *flow);

#endif

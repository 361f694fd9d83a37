/* A closed connection: everything that is still known of it. */
#ifndef ANALYSIS_OBSERVE_CLOSED_CONN_H
#define ANALYSIS_OBSERVE_CLOSED_CONN_H

#include "analysis/observe/evidence.h"

struct conn_link;

struct closed_conn {
	struct flow flow;
	struct address address[2]; /* by side */
	uint16_t port[2];
	int64_t closed_ns; /* how long the capture continued after its
			      last packet */
	const struct evidence *evidence; /* NULL for a plain unanswered SYN */
	/* how another capture point saw it; NULL: none did, or it is not known
	 * yet */
	const struct conn_link *link;
};

#endif

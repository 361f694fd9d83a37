/* Which probe the quote of an ICMP error is of. */
#ifndef PROBE_PROTOCOL_RESPONSE_QUOTE_H
#define PROBE_PROTOCOL_RESPONSE_QUOTE_H

#include "probe/protocol/probe_table.h"

/* The newest row that fits best; -1: none does. */
int response_quoted(struct probe_table *table, const struct packet *packet);

#endif

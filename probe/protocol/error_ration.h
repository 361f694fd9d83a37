/* Routers rate-limit the ICMP errors that they send (RFC 1812, 4.3.2.8; RFC
 * 4443, 2.4 f). Linux sends six to a destination at once, and one a second
 * after that. */
#ifndef PROBE_PROTOCOL_ERROR_RATION_H
#define PROBE_PROTOCOL_ERROR_RATION_H

#include <stdbool.h>

enum {
	ERROR_RATION_REFILL_MS = 1050, /* then a router may send one */
	ERROR_RATION_REST_MS = 900, /* of which this much is seen on the wire */
};

/* A hop that leaves more than one small packet unanswered, and more than a
 * third of them, rate-limits its errors. Fewer is loss, which is sporadic. */
static inline bool error_ration_is_seen(unsigned sent, unsigned unanswered)
{
	return unanswered > 1 && 3 * unanswered > sent;
}

#endif

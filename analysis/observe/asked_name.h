/* Whom a client asks for by name, in its first data: the SNI of a TLS
 * ClientHello (RFC 6066, 3) or the Host of an HTTP request (RFC 9110, 7.2). */
#ifndef ANALYSIS_OBSERVE_ASKED_NAME_H
#define ANALYSIS_OBSERVE_ASKED_NAME_H

#include "analysis/learned/triggers.h"
#include "analysis/observe/app_message.h"

/* The longest name of a host, RFC 1035, 2.3.4, with a port behind it. */
enum { ASKED_NAME_BYTES = 264 };
/* What of a request is searched for its Host. */
enum { ASKED_REQUEST_BYTES = 2048 };

struct asked_name {
	enum trigger_kind kind; /* TRIGGER_NONE: it names nobody */
	bool is_unknown;	/* it may name somebody: what was captured, or
				   is in this packet, ends before that shows */
	unsigned bytes;
	char text[ASKED_NAME_BYTES]; /* foreign bytes, ASCII in lower case; no
				  zero behind them */
};

/* `app_message` is what the packet's payload begins with. */
void asked_name_of(const struct packet *packet, enum app_message app_message,
	struct asked_name *name);

#endif

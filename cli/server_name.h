/* The name of a server in a ClientHello (RFC 6066, 3). */
#ifndef CLI_SERVER_NAME_H
#define CLI_SERVER_NAME_H

#include "probe/protocol/tls_rules.h"

/* Whether it is a host name, and no address (RFC 6066 forbids those). */
bool server_name_is(const char *text);

/* The name that a client would send to this host: none for an address. */
void server_name_of(const char *host, char name[TLS_NAME_BYTES]);

#endif

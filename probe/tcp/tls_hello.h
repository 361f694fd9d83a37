/* A ClientHello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2) in one record: what
 * OpenSSL's clients say. It asks for no resumption, and its key share is a
 * public value of no use to anybody. */
#ifndef PROBE_TCP_TLS_HELLO_H
#define PROBE_TCP_TLS_HELLO_H

#include "capture/byte_writer.h"
#include "probe/protocol/tls_rules.h"

/* With the name of the server unless that is "", or the purpose has none. The
 * whole has `least_bytes` at least, by padding (RFC 7685). Where there is too
 * little room the writer is full. */
void tls_hello_write(struct byte_writer *writer, enum tls_purpose purpose,
	const char *name, uint32_t least_bytes);

#endif

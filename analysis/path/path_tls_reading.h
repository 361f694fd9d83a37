/* What the two streams of a TLS connection say (probe/protocol/tls_answer.h),
 * and when each message of the server's was whole. */
#ifndef ANALYSIS_PATH_PATH_TLS_READING_H
#define ANALYSIS_PATH_PATH_TLS_READING_H

#include "analysis/path/path_dialogs.h"
#include "analysis/verdict/incident.h"
#include "probe/protocol/tls_answer.h"
#include "probe/protocol/tls_rules.h"

struct tls_reading {
	const struct path_dialog *flow; /* NULL: there is no such connection */
	struct tls_answer answer;
	char name[TLS_NAME_BYTES]; /* that was sent; "" */
	/* of the server's stream; NULL: not there */
	const struct dialog_arrival *first, *hello, *alert, *certificate;
	const struct dialog_arrival *request, *done;
	const struct dialog_arrival *asked; /* when our last byte left */
};

/* Whether the connection is one of this experiment, by what we said on it. */
bool path_tls_is_of(const struct path_dialog *flow, enum tls_purpose *purpose);
/* Whether the port's connection is one of this experiment, and the server
 * ended it. */
bool path_tls_is_ended(const struct path_dialogs *dialogs, uint16_t port);

void path_tls_read(const struct path_dialog *flow, struct tls_reading *reading);

/* Between which seconds since 1970 a certificate (DER; RFC 5280, 4.1.2.5) is
 * valid; false where they are not read. */
bool path_tls_validity(
	struct cursor certificate, int64_t *from_s, int64_t *until_s);

/* Whether a certificate (DER; RFC 5280, 4.2.1.6) is for that name. */
enum truth path_tls_is_certified(struct cursor certificate, const char *name);

#endif

/* HTTP answers that refuse the request and announce that the server closes. */
#ifndef ANALYSIS_OBSERVE_HTTP_ERROR_H
#define ANALYSIS_OBSERVE_HTTP_ERROR_H

#include "capture/packet.h"

/* What of an answer is searched for its Connection field. */
enum { HTTP_ERROR_BYTES = 2048 };

/* Does the payload begin with an answer of status 4xx or 5xx that ends the
 * connection: "Connection: close" (RFC 9112, 9.6), or HTTP/1.0 that does not
 * keep it alive (9.3)? Only what a line's end closes is a field. */
bool http_error_closes(const struct packet *packet);

#endif

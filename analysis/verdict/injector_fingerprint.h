/* Names for what a reset looks like: injectors that were seen before, and the
 * tampering signatures of "Global, Passive Detection of Connection Tampering"
 * (SIGCOMM 2023). Labels beside the verdict, never the verdict. */
#ifndef ANALYSIS_VERDICT_INJECTOR_FINGERPRINT_H
#define ANALYSIS_VERDICT_INJECTOR_FINGERPRINT_H

#include "analysis/observe/closed_conn.h"

/* Of the reset `index`; NULL when it fits none. */
const char *injector_fingerprint_of(
	const struct closed_conn *conn, unsigned index);

/* How the client's packets ended, as the server's side would name it; NULL
 * when the client did not end it so. Computed for resets in the client's name;
 * for those in the server's name the same words are used mirrored. */
const char *injector_fingerprint_tampering(const struct closed_conn *conn);

#endif

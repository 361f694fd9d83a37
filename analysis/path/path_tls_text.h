/* A TLS server's answer in words. */
#ifndef ANALYSIS_PATH_PATH_TLS_TEXT_H
#define ANALYSIS_PATH_PATH_TLS_TEXT_H

#include "analysis/path/finding.h"
#include "analysis/path/path_dialogs.h"
#include "analysis/path/path_tls_reading.h"

/* What the server chose, or why it refused; nothing where it did neither. */
void path_tls_describe(
	const struct tls_answer *answer, struct tls_figures *tls);

/* Which protocol the server speaks that does not speak TLS. */
const char *path_tls_protocol(const struct dialog_stream *stream);

#endif

/* Connections on which the server answers nothing. Where all of its segments
 * are full, or its only one, no smaller rest shows that one went missing: then
 * the silence itself does, if the server was free to answer. It was when it
 * answered another connection, which offered no larger segments, in the
 * meantime; or, for a server that attends to one client at a time, when it
 * answered such ones before and after, and this connection was alone. */
#ifndef ANALYSIS_PATH_PATH_REVERSE_SILENT_H
#define ANALYSIS_PATH_PATH_REVERSE_SILENT_H

#include "analysis/path/path_record.h"

/* Whether the server acknowledged all that we said on this connection, and
 * nothing came until we left, for longer than a round trip takes. */
bool path_reverse_is_silent(
	const struct path *path, const struct path_stream *stream);
/* Whether a silent connection's server was free to answer. */
bool path_reverse_is_free(
	const struct path *path, const struct path_stream *stream);

#endif

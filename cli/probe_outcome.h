/* How a probe ends: what its recording ends with, and whether the target was
 * reached. */
#ifndef CLI_PROBE_OUTCOME_H
#define CLI_PROBE_OUTCOME_H

#include "analysis/path/path.h"
#include "capture/failure.h"
#include "capture/file/recording_writer.h"

/* States which experiments came to their end, and the client's settings, as the
 * last block of the recording; what fails is told when that is closed. */
void probe_outcome_state(struct recording_writer *writer, uint32_t ended,
	const struct client_settings *settings);

/* Whether the target answered; if not, the failure says whether it is there,
 * as far as routers tell. */
bool probe_outcome_is_reached(
	const struct path *path, const char *host, struct failure *failure);

#endif

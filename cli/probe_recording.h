/* The recording of a probe: how it begins and how it ends. */
#ifndef CLI_PROBE_RECORDING_H
#define CLI_PROBE_RECORDING_H

#include "capture/failure.h"
#include "capture/file/recording_writer.h"
#include "cli/run_files.h"
#include "probe/protocol/client_settings.h"
#include "probe/protocol/section_comment.h"

/* Begins the file, whose descriptor it owns, once all inputs are read: what was
 * there before is lost now. NULL with a failure. The caller closes the
 * writer. */
struct recording_writer *probe_recording_begin(int descriptor, const char *path,
	const struct section_comment *comment, struct run_files *files,
	struct failure *failure);

/* States which experiments came to their end, what the capture lost, and the
 * client's settings, as the last block, and closes the writer; NULL: nothing is
 * recorded. False with the first failure of the recording. */
bool probe_recording_end(struct recording_writer *writer,
	const struct section_end *end, const struct client_settings *settings,
	struct failure *failure);

#endif

/* Opens a recording and reads its beginning in one step, which the program
 * does before and after it has locked itself up. */
#ifndef TESTS_SUPPORT_OPEN_RECORDING_H
#define TESTS_SUPPORT_OPEN_RECORDING_H

#include "capture/file/recording.h"

/* NULL and a sentence when either fails. */
static inline struct recording *open_and_begin(
	const char *const *paths, unsigned path_count, struct failure *failure)
{
	struct recording *recording =
		recording_open(paths, path_count, failure);

	if (recording && !recording_begin(recording, failure)) {
		recording_close(recording);
		recording = NULL;
	}
	return recording;
}

#endif

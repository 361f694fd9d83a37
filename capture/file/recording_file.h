/* The file that a recording goes to. */
#ifndef CAPTURE_FILE_RECORDING_FILE_H
#define CAPTURE_FILE_RECORDING_FILE_H

#include "capture/failure.h"

/* Creates (truncates) it, as the calling user; "-" is standard output. Returns
 * a descriptor for writing, or -1 with a sentence that says what to do. */
int recording_file_create(const char *path, struct failure *failure);

#endif

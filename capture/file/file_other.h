/* Files that are no capture that is read here: what they are, and what to do.
 */
#ifndef CAPTURE_FILE_FILE_OTHER_H
#define CAPTURE_FILE_FILE_OTHER_H

#include <stddef.h>
#include <stdint.h>

/* A clause that goes on from "it is ", from the first bytes of the file. */
const char *file_other_advice(const uint8_t *bytes, size_t length);

#endif

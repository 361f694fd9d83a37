/* A process that makes an older recording its owner's alone, mode 0600, when
 * the run overwrites it. That is known only once foreign bytes were read, and
 * whoever reads them is another user by then, whose file it is not. */
#ifndef CLI_FILE_PRIVACY_H
#define CLI_FILE_PRIVACY_H

#include <stdbool.h>

/* Starts it, before privilege is given up and before any thread is started.
 * Returns a socket to it; -1: it is not needed, since the file has that mode,
 * or is no regular file; or it could not be started, and then the mode is set
 * at once. The process ends when the socket is closed. */
int file_privacy_start(int descriptor);

/* Sets the mode, and closes the socket; false when the process is gone. Of
 * somebody else's file the mode is theirs to set: it stays then. */
bool file_privacy_set(int socket);

#endif

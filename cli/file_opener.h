/* A process that opens the files of a rotating recording, as the calling user:
 * the capturing process has dropped that right by then, and can't open
 * anything. It holds the directory open, has the name pattern fixed, and
 * receives the number of the next file, never a path; it has no other right
 * (sandbox_enter_opener). */
#ifndef CLI_FILE_OPENER_H
#define CLI_FILE_OPENER_H

#include "capture/failure.h"
#include "cli/rotation.h"

/* Starts it, before privilege is given up and before any thread is started;
 * `rotation` is copied with what it points to. Returns a socket to it, or -1.
 * The process ends when the socket is closed. */
int file_opener_start(const struct rotation *rotation, struct failure *failure);

/* Opens this file, which is created when there is none and else not emptied;
 * returns a descriptor for writing, or -1. */
int file_opener_open(
	int opener, const struct rotation_file *file, struct failure *failure);

#endif

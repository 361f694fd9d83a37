/* A process that creates the files of a rotating recording, as the calling
 * user: the one that listens has given up the right to by then, and can't open
 * anything. It is told which file is next, never a path. */
#ifndef CLI_FILE_OPENER_H
#define CLI_FILE_OPENER_H

#include "capture/failure.h"
#include "cli/rotation.h"

/* Starts it, before privilege is given up and before any thread is started;
 * `rotation` is copied with what it points to. Returns a socket to it, or -1.
 * The process ends when the socket is closed. */
int file_opener_start(const struct rotation *rotation, struct failure *failure);

/* Creates this file; returns a descriptor for writing, or -1. */
int file_opener_create(
	int opener, const struct rotation_file *file, struct failure *failure);

#endif

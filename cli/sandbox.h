/* Enters the sandbox before the process reads foreign bytes. Everything that
 * it needs is open by then. */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdio.h>
#include <sys/types.h>

#include "capture/failure.h"

enum sandbox_kind {
	SANDBOX_READER,	  /* files already open in, report out */
	SANDBOX_LISTENER, /* the same, with sockets that are open already */
	SANDBOX_PROBER,	  /* the same, and sends by them */
	SANDBOX_GUARD,	  /* waits, and reads the drop counters of open
			     sockets */
	SANDBOX_RESOLVER, /* queries name services, returns the result by an
			     open pipe */
	SANDBOX_OPENER,	  /* opens files for writing; by sandbox_enter_opener */
	SANDBOX_MODE_SETTER, /* makes an open file private; by
				sandbox_enter_mode_setter */
};

/* Gives up for good: root and every capability (real user's rights remain),
 * new privileges, the file system (Landlock) and all system calls but those
 * that reading and reporting take (seccomp; others fail, and those that could
 * only do harm kill the process). Whoever reads for the user says on standard
 * error which of these the kernel does not offer. Call it before any thread is
 * started: it binds the calling thread and those that it starts. False, with a
 * sentence, when privilege is held and can't be given up. */
bool sandbox_enter(enum sandbox_kind kind, struct failure *failure);

/* The same for a process that ends when `parent` does, which has started it. */
bool sandbox_enter_with_parent(
	enum sandbox_kind kind, pid_t parent, struct failure *failure);

/* For a process that only opens files for writing below `folder` (a descriptor;
 * output_place_below, output_file_open_rotated) and hands their descriptors on:
 * keeps the caller's identity, and nothing else that it takes no part of. Of
 * root's capabilities CAP_DAC_OVERRIDE stays where the folder is somebody
 * else's. False when the rest is held and can't be given up. */
bool sandbox_enter_opener(int folder);

/* For a process that only sets the mode of an open file to 0600: keeps the
 * caller's identity and nothing else. Of root's capabilities CAP_FOWNER stays
 * where the file is somebody else's. False as sandbox_enter_opener. */
bool sandbox_enter_mode_setter(int file);

/* One line: what this kernel offers to lock a process up with, and what not. */
void sandbox_print_offer(FILE *out);

#endif

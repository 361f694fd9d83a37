/* A process that keeps the guards of a probe's ports open for a while after
 * the probe was killed, or gave a connection up that the target still keeps.
 * While they are open this host's kernel answers nothing that comes for them;
 * without them it resets what the target still believes to be a connection. */
#ifndef CLI_SITTER_H
#define CLI_SITTER_H

#include <sys/types.h>

struct sitter {
	int descriptor; /* -1: there is none */
	pid_t process;
};

enum { SITTER_MOST = 130 }; /* sockets */

/* Starts it, without privilege and with nothing open but the `count` sockets.
 * Where there can be no process the probe does without. To be called before
 * sandbox_enter. */
void sitter_start(
	struct sitter *sitter, const int *descriptors, unsigned count);
/* The probe ended in order: it ends too, at once. */
void sitter_dismiss(struct sitter *sitter);
/* The target has not ended all: it stays for its while. Waits for nothing. */
void sitter_leave(struct sitter *sitter);

#endif

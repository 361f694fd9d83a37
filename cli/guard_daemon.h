/* A process that keeps the guards of a probe's ports open for a while after
 * the probe was killed, or gave a connection up that the target still keeps.
 * While they are open this host's kernel answers nothing that comes for them;
 * without them it resets what the target still believes to be a connection. */
#ifndef CLI_GUARD_DAEMON_H
#define CLI_GUARD_DAEMON_H

#include <sys/types.h>

struct guard_daemon {
	int descriptor; /* -1: there is none */
	pid_t process;
};

enum { GUARD_DAEMON_SOCKETS = 130 }; /* sockets */

/* Starts it, without privilege and with nothing open but the `count` sockets.
 * Where there can be no process the probe does without. To be called before
 * sandbox_enter. */
void guard_daemon_start(struct guard_daemon *guard_daemon,
	const int *descriptors, unsigned count);
/* The probe ended in order: it ends too, at once. */
void guard_daemon_dismiss(struct guard_daemon *guard_daemon);
/* The target has not ended all: it stays for its while. Waits for nothing. */
void guard_daemon_leave(struct guard_daemon *guard_daemon);

#endif

/* A process that keeps the guards of a probe's ports open for a while after
 * the probe was killed, or closed a connection that the target still has open.
 * While they are open, this host's kernel answers no packet to these ports;
 * without them it would reset connections that are still open at the target. */
#ifndef CLI_GUARD_DAEMON_H
#define CLI_GUARD_DAEMON_H

#include <stdbool.h>
#include <sys/types.h>

struct guard_daemon {
	int descriptor; /* -1: there is none */
	pid_t process;
	bool is_needed; /* the probe begins to send */
};

enum { GUARD_DAEMON_SOCKETS = 290 }; /* sockets */

/* Starts it, without privilege and with nothing open but the `count` sockets.
 * Where there can be no process the probe does without. To be called before
 * sandbox_enter. */
void guard_daemon_start(struct guard_daemon *guard_daemon,
	const int *descriptors, unsigned count);
/* Packets are about to leave. Before that nobody answers any: a probe that ends
 * until then leaves no process behind, however it ends. */
void guard_daemon_need(struct guard_daemon *guard_daemon);
/* The probe ended in order: it ends too, at once. */
void guard_daemon_dismiss(struct guard_daemon *guard_daemon);
/* The target has not closed all connections: the process lingers. Does not
 * wait. */
void guard_daemon_leave(struct guard_daemon *guard_daemon);

#endif

#include "cli/guard_daemon.h"

#include <assert.h>
#include <linux/sock_diag.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/sandbox.h"
#include "cli/guard_linger.h"

enum { MOST_KEPT = GUARD_DAEMON_SOCKETS + 1 };

static int compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* Who waits for the end of a pipe that the probe writes to must not wait for
 * us. */
static void close_others(int *kept, unsigned count)
{
	unsigned from = 0;

	qsort(kept, count, sizeof(kept[0]), compare);
	for (unsigned i = 0; i < count; i++) {
		if ((unsigned)kept[i] > from)
			/* Can't fail but on kernels before 5.9: then more
			 * stays open for as long. */
			(void)close_range(from, (unsigned)kept[i] - 1, 0);
		from = (unsigned)kept[i] + 1;
	}
	(void)close_range(from, ~0u, 0);
}

/* What the socket's filter has dropped (Linux counts it in tcp_v4_rcv and
 * tcp_v6_rcv), and what was no such packet after all. 0 where the kernel does
 * not tell: then the stay is the shortest. */
static uint32_t drops_of(int descriptor)
{
	uint32_t values[SK_MEMINFO_VARS] = {0};
	socklen_t bytes = sizeof(values);

	(void)getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, values, &bytes);
	return values[SK_MEMINFO_DROPS];
}

static void guard_linger_by(const int *sockets, unsigned count)
{
	struct guard_linger stays[MOST_KEPT];
	bool goes_on = true;

	for (unsigned i = 0; i < count; i++)
		stays[i] = guard_linger_begin(drops_of(sockets[i]));
	for (unsigned now_s = 1; goes_on; now_s++) {
		struct timespec second = {1, 0};

		while (nanosleep(&second, &second) != 0)
			;
		goes_on = false;
		for (unsigned i = 0; i < count; i++)
			if (guard_linger_goes_on(
				    &stays[i], drops_of(sockets[i]), now_s))
				goes_on = true;
	}
}

/* Waits for a byte; false: the probe's end of the pipe is closed. */
static bool is_told(int descriptor)
{
	char byte;

	return read(descriptor, &byte, 1) == 1;
}

/* `kept` are the sockets and `descriptor`, which drops nothing. */
_Noreturn static void sit(int *kept, unsigned count, int descriptor)
{
	static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct failure failure;

	for (unsigned i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN); /* valid signals */
	/* Neither a terminal's end nor a kill of the probe's group is for us;
	 * both calls are for the better only. */
	(void)setsid();
	(void)prctl(PR_SET_NAME, "culprit-guard", 0, 0, 0);
	close_others(kept, count);
	/* The folder's file system may have to be unmounted meanwhile. */
	if (chdir("/") != 0 || !sandbox_enter(SANDBOX_GUARD, &failure))
		_exit(1);
	/* The first byte: needed; the second: dismissed. The end between them:
	 * the probe is gone, and may have connections. */
	bool is_needed = is_told(descriptor);
	bool is_dismissed = is_needed && is_told(descriptor);

	if (is_needed && !is_dismissed)
		guard_linger_by(kept, count);
	_exit(0);
}

void guard_daemon_start(struct guard_daemon *guard_daemon,
	const int *descriptors, unsigned count)
{
	int kept[MOST_KEPT], ends[2];

	assert(count <= GUARD_DAEMON_SOCKETS);
	memcpy(kept, descriptors, count * sizeof(kept[0]));
	guard_daemon->descriptor = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return;
	kept[count++] = ends[1];
	pid_t child = fork();
	if (child == 0)
		sit(kept, count, ends[1]);
	(void)close(ends[1]);
	if (child < 0)
		(void)close(ends[0]);
	else
		*guard_daemon = (struct guard_daemon){ends[0], child, false};
}

/* If the process has ended already, no message is needed. */
static void tell(const struct guard_daemon *guard_daemon)
{
	(void)send(guard_daemon->descriptor, "", 1, MSG_NOSIGNAL);
}

void guard_daemon_need(struct guard_daemon *guard_daemon)
{
	if (guard_daemon->descriptor < 0)
		return;
	tell(guard_daemon);
	guard_daemon->is_needed = true;
}

void guard_daemon_dismiss(struct guard_daemon *guard_daemon)
{
	if (guard_daemon->descriptor < 0)
		return;
	if (guard_daemon->is_needed)
		tell(guard_daemon);
	(void)close(guard_daemon->descriptor);
	(void)waitpid(
		guard_daemon->process, NULL, 0); /* it has no more to say */
	guard_daemon->descriptor = -1;
}

void guard_daemon_leave(struct guard_daemon *guard_daemon)
{
	if (guard_daemon->descriptor >= 0)
		(void)close(guard_daemon->descriptor);
	guard_daemon->descriptor = -1;
}

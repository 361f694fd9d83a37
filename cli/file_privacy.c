#include "cli/file_privacy.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/sandbox.h"

/* A descriptor that is kept here would keep the reader of a pipe waiting. */
static bool keep_only(int socket, int descriptor)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0 || dup2(socket, STDIN_FILENO) < 0 ||
		dup2(nothing, STDOUT_FILENO) < 0 ||
		dup2(nothing, STDERR_FILENO) < 0)
		return false;
	return (descriptor <= STDERR_FILENO + 1 ||
		       close_range(STDERR_FILENO + 1, (unsigned)descriptor - 1,
			       0) == 0) &&
	       close_range((unsigned)descriptor + 1, UINT_MAX, 0) == 0;
}

_Noreturn static void run(int socket, int descriptor)
{
	sigset_t all;
	char byte;

	/* A terminal's signals are for the one that reads. */
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	if (!keep_only(socket, descriptor) ||
		!sandbox_enter_mode_setter(descriptor) ||
		read(STDIN_FILENO, &byte, 1) != 1)
		_exit(1);
	(void)fchmod(descriptor, 0600); /* may be somebody else's */
	_exit(write(STDIN_FILENO, &byte, 1) != 1);
}

/* The process has no parent that would have to wait for it at its end: who
 * reads may not do that. */
static bool start(const int ends[2], int descriptor)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		pid_t grandchild = fork();

		if (grandchild == 0)
			run(ends[1], descriptor);
		_exit(grandchild < 0);
	}
	return child > 0 && waitpid(child, &status, 0) == child &&
	       WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int file_privacy_start(int descriptor)
{
	struct stat status;
	int ends[2];
	bool is_started;

	if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
		(status.st_mode & ALLPERMS) == 0600)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		(void)fchmod(descriptor, 0600);
		return -1;
	}
	is_started = start(ends, descriptor);
	(void)close(ends[1]);
	if (is_started)
		return ends[0];
	(void)close(ends[0]);
	(void)fchmod(descriptor, 0600);
	return -1;
}

bool file_privacy_set(int socket)
{
	char byte = 0;
	bool is_set = write(socket, &byte, 1) == 1 &&
		      read(socket, &byte, 1) == 1;

	(void)close(socket); /* all was said */
	return is_set;
}

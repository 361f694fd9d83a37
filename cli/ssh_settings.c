/* ssh may run what ~/.ssh/config names (Match exec), so it must be nobody but
 * the user whose file that is. What it prints stays in the pipe, which holds
 * all of it, until this process is in its sandbox. */
#include "cli/ssh_settings.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture/live/time_now.h"

enum { LONGEST_S = 3, LINE_BYTES = 512, MOST_BYTES = 64 << 10 };

/* A number of a file of one line; 0: there is none. */
static unsigned sysctl_number(const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned number = 0;

	if (file && fscanf(file, "%u", &number) != 1)
		number = 0;
	if (file)
		(void)fclose(file); /* only read */
	return number;
}

static void take_kernel(struct client_settings *settings)
{
	/* The numbers are those of IPv6 too. */
	settings->kernel_idle_s =
		sysctl_number("/proc/sys/net/ipv4/tcp_keepalive_time");
	settings->kernel_interval_s =
		sysctl_number("/proc/sys/net/ipv4/tcp_keepalive_intvl");
	settings->kernel_probes =
		sysctl_number("/proc/sys/net/ipv4/tcp_keepalive_probes");
}

/* A number that sudo left in the environment; false: none, or root's. */
static bool number_of(const char *name, unsigned long *number)
{
	const char *text = getenv(name);
	char *end;

	if (!text || text[0] < '1' || text[0] > '9')
		return false;
	errno = 0;
	*number = strtoul(text, &end, 10);
	return errno == 0 && *end == '\0' && *number < UINT32_MAX;
}

/* Root whom sudo made becomes the user who called sudo, for good. */
static bool become_caller(void)
{
	unsigned long user, group;
	gid_t only;

	if (getuid() != 0 || !number_of("SUDO_UID", &user))
		return true;
	if (!number_of("SUDO_GID", &group))
		return false;
	only = (gid_t)group;
	return setgroups(1, &only) == 0 && setresgid(only, only, only) == 0 &&
	       setresuid((uid_t)user, (uid_t)user, (uid_t)user) == 0;
}

/* The streams are the pipe and /dev/null; nothing else is open. */
static bool redirect(int descriptor)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	return nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
	       dup2(descriptor, STDOUT_FILENO) >= 0 &&
	       dup2(nothing, STDERR_FILENO) >= 0 &&
	       close_range(STDERR_FILENO + 1, UINT_MAX, 0) == 0;
}

_Noreturn static void run_ssh(int descriptor, const char *host, uint16_t port)
{
	static const struct rlimit no_core = {0, 0};
	static const struct rlimit processor = {LONGEST_S, LONGEST_S};
	char number[8];
	/* Else ssh may ask name servers for the host: root reads no foreign
	 * byte, and packets of its own are no part of a probe. */
	char *arguments[9] = {(char[]){"ssh"}, (char[]){"-G"}, (char[]){"-o"},
		(char[]){"CanonicalizeHostname=no"}};
	unsigned count = 4;
	char *copy = strdup(host);

	(void)snprintf(number, sizeof(number), "%u", port);
	if (port) {
		arguments[count++] = (char[]){"-p"};
		arguments[count++] = number;
	}
	arguments[count++] = (char[]){"--"};
	arguments[count] = copy;
	if (!copy || !redirect(descriptor) || !become_caller() ||
		prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		setrlimit(RLIMIT_CORE, &no_core) != 0 ||
		setrlimit(RLIMIT_CPU, &processor) != 0 || setsid() < 0)
		_exit(1);
	(void)signal(SIGPIPE, SIG_DFL); /* cannot fail: a valid signal */
	(void)signal(SIGALRM, SIG_DFL); /* the same */
	(void)alarm(LONGEST_S); /* goes on in the program that follows */
	(void)execvp(arguments[0], arguments);
	_exit(1);
}

void ssh_settings_start(
	struct ssh_settings *asked, const char *host, uint16_t port)
{
	int ends[2];
	size_t length = strlen(host);
	bool is_bracketed = length > 2 && host[0] == '[';
	char *plain = is_bracketed ? strndup(host + 1, length - 2) : NULL;

	take_kernel(&asked->settings);
	if ((is_bracketed && !plain) || pipe2(ends, O_CLOEXEC) != 0)
		goto end;
	asked->child = fork();
	if (asked->child == 0)
		run_ssh(ends[1], plain ? plain : host, port);
	(void)close(ends[1]);
	if (asked->child > 0)
		asked->descriptor = ends[0];
	else
		(void)close(ends[0]); /* only read */
end:
	free(plain);
}

/* Takes the whole lines out of a buffer; returns what is left in it. */
static size_t take_lines(
	struct client_settings *settings, char *buffer, size_t count)
{
	char *line = buffer, *end;

	while ((end = memchr(line, '\n', count)) != NULL) {
		*end = '\0';
		client_settings_line(settings, line);
		count -= (size_t)(end + 1 - line);
		line = end + 1;
	}
	memmove(buffer, line, count);
	return count;
}

/* More of what ssh prints; 0 at its end, or after the deadline. */
static size_t read_more(
	int descriptor, char *buffer, size_t bytes, int64_t deadline_ms)
{
	struct pollfd ready = {.fd = descriptor, .events = POLLIN};
	int64_t left_ms = deadline_ms - time_now_ms();
	ssize_t count;

	if (left_ms <= 0 || poll(&ready, 1, (int)left_ms) <= 0)
		return 0;
	count = read(descriptor, buffer, bytes);
	return count > 0 ? (size_t)count : 0;
}

/* Whether it ended, and well: a part of the settings is none. One that no
 * longer prints anything, and does not end, is left: this process is not to
 * wait for it, and it is killed when this one ends. */
static bool has_ended_well(pid_t child, int64_t deadline_ms)
{
	static const struct timespec pause = {0, 10000000};
	int status = 0;
	pid_t ended;

	while ((ended = waitpid(child, &status, WNOHANG)) == 0 &&
		time_now_ms() < deadline_ms)
		(void)nanosleep(&pause, NULL); /* it may be shorter */
	return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void ssh_settings_read(struct ssh_settings *asked)
{
	char buffer[LINE_BYTES];
	size_t held = 0, count, all = 0;
	struct client_settings settings = asked->settings;
	int64_t deadline_ms = time_now_ms() + LONGEST_S * INT64_C(1000);

	if (!asked->descriptor)
		return;
	while (all < MOST_BYTES &&
		(count = read_more(asked->descriptor, buffer + held,
			 sizeof(buffer) - held, deadline_ms)) > 0) {
		all += count;
		held = take_lines(&settings, buffer, held + count);
		if (held == sizeof(buffer))
			held = 0; /* no line that is of use is as long */
	}
	(void)close(asked->descriptor); /* only read; ends a writer */
	asked->descriptor = 0;
	if (has_ended_well(asked->child, deadline_ms))
		asked->settings = settings;
}

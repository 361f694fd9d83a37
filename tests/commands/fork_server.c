/* Preloaded into culprit, runs its main() as often as it is asked to, each time
 * in a child that it forks. Loading the program, above all with the sanitizers,
 * takes most of the time of a short run, and is done once.
 *
 * Standard input is a socket of messages (SOCK_SEQPACKET). A message holds the
 * arguments of a run, each ended by a zero byte, and carries its three standard
 * descriptors. The answer is the wait status. The other end is
 * fork_server.py. */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MOST = 64, REQUEST_BYTES = 65536, DESCRIPTORS = 3 };

struct request {
	char bytes[REQUEST_BYTES];
	int argument_count;
	char *arguments[ARGUMENTS_MOST + 1]; /* into bytes, NULL at the end */
	int descriptors[DESCRIPTORS];
};

int __libc_start_main(int (*program)(int, char **, char **), int count,
	char **arguments, void (*init)(void), void (*fini)(void),
	void (*end)(void), void *stack);

static int (*culprit)(int, char **, char **);

static void give_up(const char *why)
{
	(void)fprintf(stderr, "fork server: %s\n", why);
	_exit(125);
}

static void take_descriptors(struct msghdr *message, struct request *request)
{
	const struct cmsghdr *part = CMSG_FIRSTHDR(message);

	if (!part || part->cmsg_type != SCM_RIGHTS ||
		part->cmsg_len != CMSG_LEN(sizeof(request->descriptors)))
		give_up("a request without its three descriptors");
	memcpy(request->descriptors, CMSG_DATA(part),
		sizeof(request->descriptors));
}

static void split(struct request *request, size_t size)
{
	char *end = request->bytes + size;

	request->argument_count = 0;
	for (char *at = request->bytes; at < end; at += strlen(at) + 1) {
		if (request->argument_count == ARGUMENTS_MOST)
			give_up("too many arguments");
		request->arguments[request->argument_count++] = at;
	}
	request->arguments[request->argument_count] = NULL;
}

/* False at the end of the requests. */
static bool receive(struct request *request)
{
	char control[CMSG_SPACE(sizeof(request->descriptors))]
		__attribute__((aligned(sizeof(size_t))));
	struct iovec bytes = {request->bytes, sizeof(request->bytes)};
	struct msghdr message = {.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	ssize_t size = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);

	if (size <= 0)
		return false;
	if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ||
		request->bytes[size - 1] != '\0')
		give_up("a request that does not fit");
	take_descriptors(&message, request);
	split(request, (size_t)size);
	return true;
}

static int run(struct request *request, char **environment)
{
	for (int i = 0; i < DESCRIPTORS; i++) {
		if (dup2(request->descriptors[i], i) < 0)
			give_up("a descriptor that can't be taken");
		(void)close(request->descriptors[i]);
	}
	return culprit(
		request->argument_count, request->arguments, environment);
}

/* Returns in children only, with what main() of culprit returned. */
static int serve(int count, char **arguments, char **environment)
{
	static struct request request;

	(void)count;
	(void)arguments;
	while (receive(&request)) {
		int status;
		pid_t child = fork();

		if (child == 0)
			return run(&request, environment);
		for (int i = 0; i < DESCRIPTORS; i++)
			(void)close(request.descriptors[i]);
		if (child < 0 || waitpid(child, &status, 0) != child)
			give_up("no child");
		if (send(STDIN_FILENO, &status, sizeof(status), MSG_NOSIGNAL) !=
			sizeof(status))
			break;
	}
	_exit(0);
}

/* What starts every program: it is handed serve() in the place of main(). */
int __libc_start_main(int (*program)(int, char **, char **), int count,
	char **arguments, void (*init)(void), void (*fini)(void),
	void (*end)(void), void *stack)
{
	void *address = dlsym(RTLD_NEXT, "__libc_start_main");
	int (*start)(int (*)(int, char **, char **), int, char **,
		void (*)(void), void (*)(void), void (*)(void), void *);

	memcpy(&start, &address, sizeof(start));
	culprit = program;
	return start(serve, count, arguments, init, fini, end, stack);
}

#include "cli/reverse_names.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/live/time_now.h"
#include "cli/sandbox.h"
#include "cli/task_apart.h"

enum { MOST_HOPS = 64, LONGEST_MS = 5000 };

/* One message: all that is asked. */
struct question {
	uint8_t family;
	uint8_t count;
	struct {
		uint8_t place; /* of the hop */
		struct address address;
	} hops[MOST_HOPS];
};

/* One message for each name that there is, and an end: a place that no hop
 * has. */
struct name_answer {
	uint8_t place;
	char name[PATH_HOP_NAME];
};

static bool look_up(
	const struct address *address, uint8_t family, char name[PATH_HOP_NAME])
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	memcpy(&in.sin_addr, address->bytes, 4);
	memcpy(&in6.sin6_addr, address->bytes, 16);
	return family == 4
		       ? getnameinfo((const struct sockaddr *)&in, sizeof(in),
				 name, PATH_HOP_NAME, NULL, 0, NI_NAMEREQD) == 0
		       : getnameinfo((const struct sockaddr *)&in6, sizeof(in6),
				 name, PATH_HOP_NAME, NULL, 0,
				 NI_NAMEREQD) == 0;
}

_Noreturn static void answer_all(int descriptor, pid_t parent)
{
	struct failure failure;
	struct question question;
	struct name_answer answer;
	int kept = task_apart_keep_only(descriptor);

	/* A dead name server costs a second for each hop. */
	if (kept < 0 || setenv("RES_OPTIONS", "timeout:1 attempts:1", 1) != 0 ||
		!sandbox_enter_with_parent(
			SANDBOX_RESOLVER, parent, &failure) ||
		read(kept, &question, sizeof(question)) !=
			(ssize_t)sizeof(question))
		_exit(1);
	for (unsigned i = 0; i < question.count; i++) {
		memset(&answer, 0, sizeof(answer));
		answer.place = question.hops[i].place;
		if (look_up(&question.hops[i].address, question.family,
			    answer.name) &&
			write(kept, &answer, sizeof(answer)) < 0)
			_exit(1);
	}
	memset(&answer, 0, sizeof(answer));
	answer.place = UINT8_MAX;
	_exit(write(kept, &answer, sizeof(answer)) < 0);
}

bool reverse_names_start(struct reverse_names *names, struct failure *failure)
{
	int ends[2];
	pid_t child = -1, parent = getpid();

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no process that looks names up: %s", strerror(errno));
	child = fork();
	if (child == 0)
		answer_all(ends[1], parent);
	(void)close(ends[1]);
	if (child < 0) {
		(void)close(ends[0]);
		return failure_set(failure, EXIT_INPUT_CUT,
			"no process that looks names up: %s", strerror(errno));
	}
	names->descriptor = ends[0];
	return true;
}

/* Enters a name, of printable characters; false at the end. */
static bool take(struct name_answer *answer, struct path *path)
{
	if (answer->place >= path_hop_count(path))
		return false;
	answer->name[PATH_HOP_NAME - 1] = '\0';
	for (char *at = answer->name; *at; at++)
		if (*at <= ' ' || *at > '~')
			*at = '?';
	path_name_hop(path, answer->place, answer->name);
	return true;
}

static bool ask(const struct reverse_names *names, const struct path *path)
{
	struct question question = {.family = path_comment(path)->family};

	for (unsigned i = 0; i < path_hop_count(path) && i < MOST_HOPS; i++) {
		const struct path_hop *hop = path_hop(path, i);

		if (!hop->has_address)
			continue;
		question.hops[question.count].place = (uint8_t)i;
		question.hops[question.count++].address = hop->address;
	}
	return write(names->descriptor, &question, sizeof(question)) ==
	       (ssize_t)sizeof(question);
}

void reverse_names_find(struct reverse_names *names, struct path *path)
{
	struct pollfd ready = {.fd = names->descriptor, .events = POLLIN};
	int64_t end_ms = time_now_ms() + LONGEST_MS, left_ms = LONGEST_MS;
	struct name_answer answer;

	if (!ask(names, path))
		return;
	while (left_ms > 0) {
		int count = poll(&ready, 1, (int)left_ms);

		left_ms = end_ms - time_now_ms();
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0 ||
			read(names->descriptor, &answer, sizeof(answer)) !=
				(ssize_t)sizeof(answer) ||
			!take(&answer, path))
			return;
	}
}

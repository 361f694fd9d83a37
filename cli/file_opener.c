#include "cli/file_opener.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output_file.h"
#include "cli/sandbox.h"

/* One descriptor beside the message, aligned as a header has to be. */
union parcel {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* Hands over the descriptor, or -1 with the reason. */
static bool answer(int socket, int descriptor, struct failure *failure)
{
	union parcel parcel = {0};
	struct iovec text = {failure, sizeof(*failure)};
	struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};

	if (descriptor >= 0) {
		message.msg_control = &parcel;
		message.msg_controllen = sizeof(parcel);
		parcel.header = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof(descriptor)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(&parcel.header), &descriptor,
			sizeof(descriptor));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) ==
	       (ssize_t)sizeof(*failure);
}

/* What the names of a recording have in common, and the folder that it is. */
struct pattern {
	const struct rotation *rotation;
	size_t folder_bytes; /* of each name, up to and with the last slash */
	struct output_place folder;
};

static enum run_file_use rotation_use(const struct rotation *rotation)
{
	return rotation->is_lake    ? RUN_FILE_LAKE
	       : rotation->is_pages ? RUN_FILE_PAGE
				    : RUN_FILE_RECORDING;
}

/* Finds the folder: of a name that holds a time the part before that, since
 * the folders below may still have to be made. */
static bool find_folder(struct pattern *pattern, struct failure *failure)
{
	const char *path = pattern->rotation->path;
	size_t length = strlen(path);
	char folder[PATH_MAX];

	if (pattern->rotation->period_s)
		length = strcspn(path, "%");
	while (length > 0 && path[length - 1] != '/')
		length--;
	pattern->folder_bytes = length;
	if ((size_t)snprintf(folder, sizeof(folder), "%.*s.", (int)length,
		    path) < sizeof(folder) &&
		output_place_find(folder, &pattern->folder))
		return true;
	return output_file_say_why_not(
		path, rotation_use(pattern->rotation), errno, failure);
}

static int open_file(const struct pattern *pattern,
	const struct rotation_file *file, struct failure *failure)
{
	enum run_file_use use = rotation_use(pattern->rotation);
	struct output_place place;
	char name[PATH_MAX];

	if (!rotation_name(pattern->rotation, file, name, sizeof(name))) {
		(void)failure_set(failure, EXIT_USAGE,
			"%s: no name of a file comes of it",
			pattern->rotation->path);
		return -1;
	}
	if (!output_place_below(
		    &pattern->folder, name + pattern->folder_bytes, &place)) {
		(void)output_file_say_why_not(name, use, errno, failure);
		return -1;
	}
	int descriptor = output_file_open_rotated(&place, name, use, failure);

	output_place_close(&place);
	return descriptor;
}

/* Until the socket is closed. An older file that a recording takes becomes its
 * owner's alone; the first one when the run begins (run_files_begin), since
 * that may yet be refused. */
static void serve(int socket, const struct pattern *pattern)
{
	bool is_private = run_file_is_private(rotation_use(pattern->rotation));
	struct rotation_file file;

	for (bool is_first = true;
		read(socket, &file, sizeof(file)) == (ssize_t)sizeof(file);
		is_first = false) {
		struct failure failure = {.exit_code = EXIT_RAN};
		int descriptor = open_file(pattern, &file, &failure);

		if (descriptor >= 0 && is_private && !is_first)
			(void)fchmod(descriptor, 0600); /* its owner may be
							   another */
		bool is_told = answer(socket, descriptor, &failure);

		if (descriptor >= 0)
			(void)close(descriptor); /* nothing was written here */
		if (!is_told)
			return;
	}
}

/* A terminal's signals are for the one that listens: it needs files until it
 * has ended. */
static void ignore_signals(void)
{
	static const int numbers[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)signal(numbers[i], SIG_IGN); /* these are valid */
}

/* Nothing stays open but the two: an end of a pipe that is kept here would keep
 * its reader waiting. The folder stands in for what is printed to, since a file
 * that is opened later must not be; writing to it fails. */
static bool keep_only(int *socket, struct pattern *pattern)
{
	int *folder = &pattern->folder.folder;

	if (dup2(*socket, STDIN_FILENO) < 0 ||
		dup2(*folder, STDOUT_FILENO) < 0 ||
		dup2(*folder, STDERR_FILENO) < 0)
		return false;
	*socket = STDIN_FILENO;
	*folder = STDOUT_FILENO;
	(void)close_range(STDERR_FILENO + 1, UINT_MAX, 0);
	return true;
}

_Noreturn static void run(int socket, struct pattern *pattern)
{
	ignore_signals();
	if (keep_only(&socket, pattern) &&
		sandbox_enter_opener(pattern->folder.folder))
		serve(socket, pattern);
	_exit(0);
}

int file_opener_start(const struct rotation *rotation, struct failure *failure)
{
	struct pattern pattern = {.rotation = rotation};
	int pair[2];

	if (!find_folder(&pattern, failure))
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no socket for the process that opens files: %s",
			strerror(errno));
		output_place_close(&pattern.folder);
		return -1;
	}
	pid_t child = fork();

	if (child < 0)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no process to open files: %s", strerror(errno));
	if (child == 0)
		run(pair[1], &pattern);
	output_place_close(&pattern.folder);
	(void)close(pair[1]);
	if (child > 0)
		return pair[0];
	(void)close(pair[0]);
	return -1;
}

int file_opener_open(
	int opener, const struct rotation_file *file, struct failure *failure)
{
	union parcel parcel = {0};
	struct failure told;
	struct iovec text = {&told, sizeof(told)};
	struct msghdr message = {.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = &parcel,
		.msg_controllen = sizeof(parcel)};
	int descriptor = -1;
	ssize_t count = -1;

	if (write(opener, file, sizeof(*file)) == (ssize_t)sizeof(*file))
		do
			count = recvmsg(opener, &message, MSG_CMSG_CLOEXEC);
		while (count < 0 && errno == EINTR);
	if (count != (ssize_t)sizeof(told)) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"the process that opens files is gone");
		return -1;
	}
	if (message.msg_controllen >= CMSG_LEN(sizeof(descriptor)))
		memcpy(&descriptor, CMSG_DATA(&parcel.header),
			sizeof(descriptor));
	else
		*failure = told;
	return descriptor;
}

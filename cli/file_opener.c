#include "cli/file_opener.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/file/recording_file.h"
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

/* Until nobody asks any more. */
static void serve(int socket, const struct rotation *rotation)
{
	struct rotation_file file;

	while (read(socket, &file, sizeof(file)) == (ssize_t)sizeof(file)) {
		struct failure failure = {.exit_code = EXIT_RAN};
		char name[PATH_MAX];
		int descriptor = -1;

		if (rotation_name(rotation, &file, name, sizeof(name)))
			descriptor = recording_file_create(name, &failure);
		else
			(void)failure_set(&failure, EXIT_USAGE,
				"%s: no name of a file comes of it",
				rotation->path);
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
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)signal(numbers[i], SIG_IGN); /* these are valid */
}

int file_opener_start(const struct rotation *rotation, struct failure *failure)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no socket for the process that creates files: %s",
			strerror(errno));
		return -1;
	}
	pid_t child = fork();

	if (child < 0)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no process to create files: %s", strerror(errno));
	if (child == 0) {
		/* An end of a pipe that is kept here would keep its reader
		 * waiting. */
		(void)close_range(0, (unsigned)pair[1] - 1, 0);
		(void)close_range((unsigned)pair[1] + 1, UINT_MAX, 0);
		ignore_signals();
		if (sandbox_keep_files())
			serve(pair[1], rotation);
		_exit(0);
	}
	(void)close(pair[1]);
	if (child > 0)
		return pair[0];
	(void)close(pair[0]);
	return -1;
}

int file_opener_create(
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
			"the process that creates files is gone");
		return -1;
	}
	if (message.msg_controllen >= CMSG_LEN(sizeof(descriptor)))
		memcpy(&descriptor, CMSG_DATA(&parcel.header),
			sizeof(descriptor));
	else
		*failure = told;
	return descriptor;
}

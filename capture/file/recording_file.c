#include "capture/file/recording_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As root, a link that somebody else left in the way is not followed: it would
 * overwrite a file of their choice. */
static bool is_foreign_link(const char *path)
{
	struct stat status;

	return geteuid() == 0 && lstat(path, &status) == 0 &&
	       S_ISLNK(status.st_mode) && status.st_uid != 0;
}

static int create(const char *path)
{
	int descriptor;

	if (strcmp(path, "-") == 0)
		return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (is_foreign_link(path)) {
		errno = ELOOP;
		return -1;
	}
	do
		descriptor = open(path,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
			0644);
	while (descriptor < 0 && errno == EINTR);
	return descriptor;
}

static bool say_why_not(const char *path, int error, struct failure *failure)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: you may not write it; name another place with -w",
			path);
	case ELOOP:
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: it is a symbolic link that belongs to somebody "
			"else; name the file itself",
			path);
	default:
		return failure_set(failure, EXIT_USAGE,
			"%s: it can't be created: %s", path, strerror(error));
	}
}

int recording_file_create(const char *path, struct failure *failure)
{
	int descriptor;

	if (strcmp(path, "-") == 0 && isatty(STDOUT_FILENO)) {
		(void)failure_set(failure, EXIT_USAGE,
			"standard output is a terminal: redirect it, or name a "
			"file to write to");
		return -1;
	}
	descriptor = create(path);
	if (descriptor < 0)
		(void)say_why_not(path, errno, failure);
	return descriptor;
}

/* Opening a source, and why it can't be. */
#include "capture/file/source_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* One descriptor for each of many files: takes what the system allows. */
static bool raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
		limit.rlim_cur >= limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static int open_path(const char *path)
{
	int descriptor;

	if (strcmp(path, "-") == 0)
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	do
		descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (descriptor < 0 &&
		(errno == EINTR ||
			(errno == EMFILE && raise_descriptor_limit())));
	return descriptor;
}

const char *source_name(const struct source *source)
{
	return strcmp(source->path, "-") == 0 ? "standard input" : source->path;
}

bool source_say_why_not(
	const struct source *source, int error, struct failure *failure)
{
	const char *name = source_name(source);

	switch (error) {
	case ENOENT:
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: there is no such file", name);
	case EACCES:
	case EPERM:
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: you may not read it (captures often belong to "
			"root; sudo chown or chmod helps)",
			name);
	case EISDIR:
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: it is a directory; name the files in it: %s/*",
			name, name);
	case EMFILE:
	case ENFILE:
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: too many files at once; join them with mergecap "
			"first",
			name);
	case EBADF:
		return failure_set(
			failure, EXIT_INPUT_CUT, "%s is closed", name);
	default:
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: it can't be read: %s", name, strerror(error));
	}
}

/* What is behind the descriptor decides how it is read, and whether it can
 * be read at all. */
static bool look_at(struct source *source, struct failure *failure)
{
	struct stat status;

	if (fstat(source->descriptor, &status) != 0)
		return source_say_why_not(source, errno, failure);
	if (S_ISDIR(status.st_mode))
		return source_say_why_not(source, EISDIR, failure);
	if (strcmp(source->path, "-") == 0 && isatty(source->descriptor))
		return failure_set(failure, EXIT_USAGE,
			"standard input is a terminal: pipe a capture into it "
			"(tcpdump -U -w - | culprit ...)");
	source->is_file = S_ISREG(status.st_mode);
	if (source->is_file && strcmp(source->path, "-") == 0)
		source->start = lseek(source->descriptor, 0, SEEK_CUR);
	if (source->is_file && status.st_size > source->start)
		source->total_bytes =
			(uint64_t)(status.st_size - source->start);
	if (source->is_file)
		/* only a hint: nothing is lost where it isn't taken */
		(void)posix_fadvise(
			source->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
	return true;
}

struct source *source_open(const char *path, struct failure *failure)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source) {
		source->memory_bytes = DECOMPRESSOR_MEMORY_BYTES;
		source->path = strdup(path);
	}
	if (!source || !source->path) {
		free(source);
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory to open it", path);
		return NULL;
	}
	source->descriptor = open_path(path);
	if (source->descriptor < 0) {
		(void)source_say_why_not(source, errno, failure);
		source_close(source);
		return NULL;
	}
	if (!look_at(source, failure)) {
		source_close(source);
		return NULL;
	}
	return source;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	if (source->descriptor >= 0)
		(void)close(
			source->descriptor); /* read only: nothing to lose */
	decompressor_free(source->decompressor);
	free(source->packed);
	free(source->path);
	free(source);
}

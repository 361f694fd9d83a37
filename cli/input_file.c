#include "cli/input_file.h"

#include <linux/magic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cli/notice.h"

/* A pipe that a shell made, as for <(...), is opened at once. */
static bool is_fifo(const char *path)
{
	struct stat status;
	struct statfs system;

	return stat(path, &status) == 0 && S_ISFIFO(status.st_mode) &&
	       statfs(path, &system) == 0 && system.f_type != PIPEFS_MAGIC;
}

FILE *input_file_open(const char *path)
{
	if (is_fifo(path))
		notice_print("%s: waiting for a program that writes to this "
			     "FIFO; Ctrl-C ends it",
			path);
	return fopen(path, "re");
}

#include "cli/page_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/output_file.h"

bool page_file_check(const struct page_file *file,
	const struct command_run *run, struct failure *failure)
{
	return !file->path || !output_file_is_standard(file->path) ||
	       run->common.output_path || run->is_without_report ||
	       failure_set(failure, EXIT_USAGE,
		       "--html - takes standard output for the page: send the "
		       "report elsewhere with -o FILE");
}

bool page_file_open(struct page_file *file, struct command_run *run,
	struct failure *failure)
{
	if (!file->path)
		return true;
	int descriptor = output_file_open(
		file->path, RUN_FILE_PAGE, &run->files, failure);

	if (descriptor < 0)
		return false;
	file->stream = fdopen(descriptor, "w");
	if (file->stream)
		return true;
	(void)close(descriptor); /* nothing was written */
	return failure_set(failure, EXIT_INPUT_CUT, "%s: no memory to write it",
		file->path);
}

bool page_file_close(struct page_file *file, struct failure *failure)
{
	if (!file->stream)
		return true;
	bool is_lost = ferror(file->stream) != 0;
	int cause = 0;

	if (fflush(file->stream) != 0) {
		is_lost = true;
		cause = errno;
	}
	bool is_reader_gone =
		is_lost && output_has_no_reader(fileno(file->stream));

	if (fclose(file->stream) != 0 && !is_lost) {
		is_lost = true;
		cause = errno;
	}
	file->stream = NULL;
	if (is_reader_gone) {
		failure->exit_code = EXIT_INPUT_CUT;
		return false;
	}
	return !is_lost ||
	       failure_set(failure, EXIT_INPUT_CUT,
		       "can't write all of the HTML report to %s: %s",
		       file->path,
		       cause ? strerror(cause) : "an earlier write failed");
}

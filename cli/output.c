#include "cli/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/ascii_stream.h"
#include "cli/output_file.h"

enum { USUAL_COLUMNS = 100, LEAST_COLUMNS = 60, MOST_COLUMNS = 160 };

unsigned output_columns(int descriptor)
{
	struct winsize size;
	const char *said = getenv("COLUMNS");
	unsigned long columns = 0;

	if (said)
		columns = strtoul(said, NULL, 10);
	if (columns == 0 && isatty(descriptor) &&
		ioctl(descriptor, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	if (columns == 0)
		return USUAL_COLUMNS;
	if (columns < LEAST_COLUMNS)
		return LEAST_COLUMNS;
	return columns > MOST_COLUMNS ? MOST_COLUMNS : (unsigned)columns;
}

static struct style style_on(int descriptor, const struct common *common)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");
	bool is_colored = common->color == COLOR_ALWAYS;

	/* no-color.org: set and not empty, whatever it holds. */
	if (common->color == COLOR_AUTO)
		is_colored = isatty(descriptor) &&
			     !(no_color && no_color[0] != '\0') &&
			     !(terminal && strcmp(terminal, "dumb") == 0);
	return (struct style){
		.is_colored = is_colored,
		.columns = output_columns(descriptor),
		.verbosity = common->verbosity,
		.is_quiet = common->is_quiet,
		.times = common->times,
		.by = common->by,
		.most = common->most,
	};
}

static FILE *open_file(
	const char *path, struct run_files *files, struct failure *failure)
{
	int descriptor =
		output_file_open(path, RUN_FILE_REPORT, files, failure);
	FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "w");

	if (!stream && descriptor >= 0) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory to write it", path);
		(void)close(descriptor); /* nothing was written */
	}
	return stream;
}

bool output_has_progress_line(const struct common *common)
{
	return !common->is_quiet && isatty(STDERR_FILENO);
}

static bool write_ascii(struct output *output, struct failure *failure)
{
	FILE *stream = ascii_stream_on(output->stream);

	if (!stream)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	output->stream = stream;
	return true;
}

bool output_open(struct output *output, const struct common *common,
	struct run_files *files, struct failure *failure)
{
	*output = (struct output){.stream = NULL};
	if (common->output_path &&
		!output_file_is_standard(common->output_path)) {
		output->path = common->output_path;
		output->stream = open_file(output->path, files, failure);
	} else if (run_files_add(files, STDOUT_FILENO, "standard output",
			   RUN_FILE_REPORT, false, failure)) {
		output->stream = stdout;
	}
	if (!output->stream)
		return false;
	tzset(); /* the sandbox opens no file of a zone */
	output->style = style_on(fileno(output->stream), common);
	output->has_progress_line = output_has_progress_line(common);
	output->descriptor = fileno(output->stream);
	return !common->format || !common->format->is_for_people ||
	       !ascii_stream_is_wanted() || write_ascii(output, failure);
}

/* A pipe tells it although the stream has forgotten the error of the write. */
bool output_has_no_reader(int descriptor)
{
	struct pollfd state = {.fd = descriptor, .events = POLLOUT};

	return poll(&state, 1, 0) == 1 && (state.revents & POLLERR) != 0;
}

bool output_end_answer(struct failure *failure)
{
	bool is_lost = ferror(stdout) != 0;
	int cause = 0;

	if (fflush(stdout) != 0 && !is_lost) {
		is_lost = true;
		cause = errno;
	}
	if (!is_lost)
		return true;
	failure->exit_code = EXIT_INPUT_CUT;
	if (cause == EPIPE || output_has_no_reader(STDOUT_FILENO))
		return false;
	return failure_set(failure, EXIT_INPUT_CUT,
		"can't write all of it to standard output: %s",
		cause ? strerror(cause) : "an earlier write failed");
}

bool output_close(struct output *output, struct failure *failure)
{
	bool is_lost = ferror(output->stream) != 0;
	int cause = 0;

	bool is_reader_gone =
		is_lost && output_has_no_reader(output->descriptor);
	/* On standard output too: a full disk may show only now. */
	if (fflush(output->stream) != 0 && !is_lost) {
		is_lost = true;
		cause = errno;
	}
	if (fclose(output->stream) != 0 && !is_lost) {
		is_lost = true;
		cause = errno;
	}
	output->stream = NULL;
	if (!is_lost)
		return true;
	failure->exit_code = EXIT_INPUT_CUT;
	if (cause == EPIPE || is_reader_gone)
		return false;
	return failure_set(failure, EXIT_INPUT_CUT,
		"can't write all of the report to %s: %s",
		output->path ? output->path : "standard output",
		cause ? strerror(cause) : "an earlier write failed");
}

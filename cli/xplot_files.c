#include "cli/xplot_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output_file.h"

static bool open_one(struct xplot_files *files, unsigned number,
	struct command_run *run, struct failure *failure)
{
	static const char *const sides[XPLOTS] = {"client", "server"};
	int descriptor;

	if (asprintf(&files->paths[number], "%s-%s.xpl", files->prefix,
		    sides[number]) < 0) {
		files->paths[number] = NULL;
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	}
	descriptor = output_file_open(
		files->paths[number], RUN_FILE_XPLOT, &run->files, failure);
	if (descriptor < 0)
		return false;
	files->streams[number] = fdopen(descriptor, "w");
	if (files->streams[number])
		return true;
	(void)close(descriptor); /* nothing was written */
	return failure_set(failure, EXIT_INPUT_CUT, "%s: no memory to write it",
		files->paths[number]);
}

bool xplot_files_open(struct xplot_files *files, struct command_run *run,
	struct failure *failure)
{
	for (unsigned i = 0; files->prefix && i < XPLOTS; i++)
		if (!open_one(files, i, run, failure))
			return false;
	return true;
}

bool xplot_files_begin(struct xplot_files *files, const struct flow_name *flow,
	const struct incident *incident, struct failure *failure)
{
	if (!files->prefix)
		return true;
	files->tracker = malloc(sizeof(*files->tracker));
	if (!files->tracker)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for --xplot");
	segment_tracker_begin(files->tracker, incident);
	for (unsigned i = 0; i < XPLOTS; i++)
		xplot_begin(&files->plots[i], files->streams[i], flow, i == 1);
	return true;
}

void xplot_files_packet(struct xplot_files *files, const struct packet *packet,
	enum speaker speaker)
{
	struct segment segment;

	if (!files->tracker)
		return;
	segment_take(files->tracker, packet, speaker, &segment);
	for (unsigned i = 0; i < XPLOTS; i++)
		xplot_segment(&files->plots[i], &segment);
}

static bool close_one(
	struct xplot_files *files, unsigned number, struct failure *failure)
{
	FILE *stream = files->streams[number];
	bool is_lost = false;
	int cause = 0;

	if (!stream)
		return true;
	if (files->tracker)
		xplot_end(&files->plots[number]);
	files->streams[number] = NULL;
	is_lost = ferror(stream) != 0;
	if (fclose(stream) != 0) {
		is_lost = true;
		cause = errno;
	}
	return !is_lost ||
	       failure_set(failure, EXIT_INPUT_CUT, "can't write all of %s: %s",
		       files->paths[number],
		       cause ? strerror(cause) : "an earlier write failed");
}

bool xplot_files_close(struct xplot_files *files, struct failure *failure)
{
	bool is_whole = true;

	for (unsigned i = 0; i < XPLOTS; i++) {
		struct failure lost;

		if (close_one(files, i, &lost))
			continue;
		command_add_failure(failure, &lost);
		is_whole = false;
	}
	for (unsigned i = 0; i < XPLOTS; i++) {
		free(files->paths[i]);
		files->paths[i] = NULL;
	}
	free(files->tracker);
	files->tracker = NULL;
	return is_whole;
}

#include "cli/probe_recording.h"

#include <string.h>
#include <unistd.h>

struct recording_writer *probe_recording_begin(int descriptor, const char *path,
	const struct section_comment *comment, struct run_files *files,
	struct failure *failure)
{
	char text[SECTION_COMMENT_BYTES];

	if (!run_files_begin(files, failure)) {
		(void)close(descriptor); /* nothing was written */
		return NULL;
	}
	section_comment_write(comment, text);
	return recording_writer_on(descriptor, path, text, failure);
}

bool probe_recording_end(struct recording_writer *writer,
	const struct section_end *end, const struct client_settings *settings,
	struct failure *failure)
{
	char text[SECTION_COMMENT_BYTES + CLIENT_SETTINGS_BYTES];

	if (!writer)
		return true;
	if (end->lost)
		(void)recording_writer_statistics(
			writer, 0, UINT64_MAX, end->lost);
	section_comment_write_end(end, text);
	client_settings_write(settings, text + strlen(text));
	(void)recording_writer_end_comment(writer, 0, text);
	return recording_writer_close(writer, failure);
}

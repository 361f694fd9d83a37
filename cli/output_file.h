/* Creates the files that reports and recordings go to. Nothing else in the
 * program creates a file with a name; spill_file.c creates one without. */
#ifndef CLI_OUTPUT_FILE_H
#define CLI_OUTPUT_FILE_H

#include "cli/output_place.h"
#include "cli/run_files.h"

/* Opens the file for writing, creates it when there is none (a recording for
 * its owner alone), and adds it to `files`; run_files_begin empties it. "-" and
 * /dev/stdout are standard output. What is there already is not taken when
 * `files` forbid it, nor, as root (output_place.h), in a sticky folder when it
 * is not of root's doing, in an exposed one when it is not a plain file of
 * root's without another name. Where a FIFO has no reader yet, that is said on
 * standard error and waited for. Returns a descriptor, or -1 with a sentence
 * that says what to do. `path` has to outlive `files`. */
int output_file_open(const char *path, enum run_file_use use,
	struct run_files *files, struct failure *failure);

/* The same in a place that was found before, for a file of a rotating recording
 * or of a lake, and without `files`: what is there already has to be a plain
 * file without another name. `path` is for sentences. */
int output_file_open_rotated(const struct output_place *place, const char *path,
	enum run_file_use use, struct failure *failure);

/* Removes the files that the run has created and not written to, before
 * privilege is given up: it was refused, and leaves nothing. */
void output_files_remove(const struct run_files *files);

/* Whether it is standard output that is named. */
bool output_file_is_standard(const char *path);

/* Opens for reading what an earlier run may have written, before privilege is
 * given up: where output_file_open would not take it, neither is it opened.
 * Returns a descriptor, or -1 with a sentence. */
int output_file_open_earlier(
	const char *path, enum run_file_use use, struct failure *failure);

/* How files are opened; O_CREAT and O_EXCL may be added. */
enum {
	OUTPUT_FILE_FLAGS =
		O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
};

/* Says why a place was not found or a file in it not opened; always false. */
bool output_file_say_why_not(const char *path, enum run_file_use use, int error,
	struct failure *failure);

#endif

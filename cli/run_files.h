/* The files of one run: what it reads and what it writes. No output may be an
 * input or the other output, whatever names lead to it (links, redirections):
 * the run would destroy what it is to judge. Files are told apart by what their
 * open descriptors stand for, since a path may come to mean another file. */
#ifndef CLI_RUN_FILES_H
#define CLI_RUN_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/failure.h"
#include "capture/file/recording.h"

enum run_file_use {
	RUN_FILE_INPUT,
	RUN_FILE_REPORT,
	RUN_FILE_RECORDING,
	RUN_FILE_PARTIAL,
	RUN_FILE_LAKE,
	RUN_FILE_PAGE, /* --html */
	RUN_FILE_XPLOT,
};

/* The option that names such an output: "-w". */
const char *run_file_option(enum run_file_use use);
/* Whether it holds other users' traffic: it is its owner's alone. */
bool run_file_is_private(enum run_file_use use);

struct run_file;

/* All zero: none yet. */
struct run_files {
	struct run_file *rows;
	uint32_t count, capacity;
};

/* Adds what has been opened and not yet read. False, with a sentence, when it
 * is standard error too; that is diverted then, so that not even the sentence
 * reaches it. */
bool run_files_add_input(struct run_files *files, int descriptor,
	const char *name, struct failure *failure);
/* The same for all inputs of a recording. */
bool run_files_add_inputs(struct run_files *files,
	const struct recording *recording, struct failure *failure);

/* Whether the file behind `descriptor` is none of those so far that it must
 * not be: for a report and a recording the inputs and each other (the files of
 * a rotating recording take turns and may be the same again), nor where
 * messages go. False with a sentence about wrong usage. */
bool run_files_check(const struct run_files *files, int descriptor,
	const char *name, enum run_file_use use, struct failure *failure);

/* The same for what is there by a name, while it is not to be opened for
 * writing yet; true where nothing is. */
bool run_files_check_path(const struct run_files *files, const char *path,
	enum run_file_use use, struct failure *failure);

/* Checks an output, and keeps it in mind, before privilege is given up. The
 * descriptor and the name have to stay until run_files_begin; where
 * `is_emptied`, that empties the file. */
bool run_files_add(struct run_files *files, int descriptor, const char *name,
	enum run_file_use use, bool is_emptied, struct failure *failure);

/* The last one added was not there before this run, which created it at that
 * path; that has to stay as the name does. */
void run_files_note_created(struct run_files *files, const char *path);

/* The path of such a file; NULL: there was one, or there is no file `index`.
 * `descriptor` is its. */
const char *run_files_created(
	const struct run_files *files, uint32_t index, int *descriptor);

/* Once all files have been added: only now what is overwritten is emptied, and
 * a recording or a partial result made its owner's alone, mode 0600, so that a
 * run that is refused has changed nothing. A second call does neither again. */
bool run_files_begin(struct run_files *files, struct failure *failure);

/* Empties a plain file that is about to be written; others are as they are. */
bool run_file_empty(int descriptor, const char *name, struct failure *failure);

void run_files_free(struct run_files *files);

#endif

/* Records what is captured: into one file, or by turns into several, each of
 * them a whole pcapng. Analyzing them in their order is analyzing the
 * capture. */
#ifndef CLI_RECORDER_H
#define CLI_RECORDER_H

#include "capture/frame.h"
#include "capture/live/live.h"
#include "cli/rotation.h"
#include "cli/run_files.h"

struct recorder;

/* The names of so many files are remembered, of the last ones. */
enum { RECORDER_NAMES = 4096 };

/* Creates the first file, before privilege is given up, and adds it to `files`;
 * when it rotates, by a process that will create the others too. What
 * `rotation` and `interface` (its name) point to has to outlive the recorder,
 * and so have `files`, and `live`, which is asked what the kernel dropped
 * whenever a file ends. */
struct recorder *recorder_open(const struct rotation *rotation,
	struct live *live, const char *interface, struct run_files *files,
	struct failure *failure);
/* Begins the first file, once run_files_begin has emptied it. */
bool recorder_begin(struct recorder *recorder, struct failure *failure);

/* False when the frame is not recorded: something failed (kept for
 * recorder_close), or as many files are full as were wanted. Where the next
 * file can't be taken, that is said once on standard error, and the frame goes
 * into the one before. Frames are numbered on from 1. */
bool recorder_frame(struct recorder *recorder, const struct frame *frame);
/* Hands everything so far to the kernel, as is due before a wait for more;
 * false when that failed. */
bool recorder_flush(struct recorder *recorder);
bool has_recorder_failed(const struct recorder *recorder);

/* The file that a frame was recorded in and its number there; NULL when that
 * has been overwritten since, or is one of too many to remember. */
const char *recorder_locate(const struct recorder *recorder, uint64_t frame,
	uint64_t *number_in_file);

/* The names of the files that hold what they were given, oldest first, at most
 * RECORDER_NAMES; returns how many. They live as long as the recorder. */
unsigned recorder_names(const struct recorder *recorder, const char **names);

/* Ends the last file; false with the first failure of all calls, or when files
 * of a rotation could not be taken and their packets are in others. Their names
 * can still be asked for. */
bool recorder_close(struct recorder *recorder, struct failure *failure);
void recorder_free(struct recorder *recorder);

#endif

/* The files of a command line, as recordings of the places where they were
 * captured.
 *
 * Files that follow each other in time are one capture that was rotated. A file
 * that begins while another still goes on was captured somewhere else, or of
 * something else: it is a capture point of its own, judged apart and paired
 * with the others later (analysis/places.h). Where it begins less than a
 * millisecond before the end, its packets tell (cli/seam.h). Who names files
 * says it himself: files of one name are one capture point. Points are read
 * side by side, batch by batch, the one that is furthest behind first. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "analysis/places.h"
#include "capture/file/recording.h"
#include "cli/run_files.h"

enum { INPUT_PLACES = PLACES_MOST };

struct input_file {
	const char *path;
	const char *place; /* its name; NULL: by its times */
};

struct inputs;

/* Opens all and reads nothing. `files` has to outlive them. */
struct inputs *inputs_open(const struct input_file *files, unsigned count,
	struct failure *failure);
/* What decompressing each of the files may take of memory: before
 * inputs_begin. */
void inputs_limit_memory(struct inputs *inputs, uint64_t bytes);
/* How much of that files that have begun may take at once. */
uint64_t inputs_window_bytes(const struct inputs *inputs);
void inputs_close(struct inputs *inputs);
bool inputs_add_to(const struct inputs *inputs, struct run_files *files,
	struct failure *failure);

/* Looks where each file begins; false and a sentence as recording_begin. */
bool inputs_begin(struct inputs *inputs, struct failure *failure);

/* How many files were opened. */
unsigned inputs_count(const struct inputs *inputs);
/* Once they have begun: the path of file `index` in the order of their times,
 * in which they are read. */
const char *inputs_path(const struct inputs *inputs, unsigned index);
/* Of inputs that have not begun: whether file `index`, as it was given, is a
 * whole partial result, as recording_check_partial. */
bool inputs_check_partial(struct inputs *inputs, unsigned index,
	struct partial_info *info, struct failure *failure);
/* Puts the files into that order, by their indices as they were given: in it
 * are those whose first times are the same. */
void inputs_order(struct inputs *inputs, const unsigned *order);
/* Makes one file of all, which follow each other; false without memory. */
bool inputs_join(struct inputs *inputs, struct failure *failure);

/* Whether a file that begins at `next_ns` may, by that time, go on with what
 * lasted from `first_ns` to `last_ns`: INT64_MIN is a time before all
 * others. */
bool inputs_goes_on(int64_t first_ns, int64_t last_ns, int64_t next_ns);

/* As recording_read, with batch->place: frames of place n count from
 * n << INPUT_PLACE_SHIFT. */
enum { INPUT_PLACE_SHIFT = 48 };
enum reading inputs_read(
	struct inputs *inputs, struct batch *batch, struct failure *failure);

void inputs_stop_on(
	struct inputs *inputs, const volatile sig_atomic_t *is_stopped);
void inputs_progress(const struct inputs *inputs, uint64_t *done_bytes,
	uint64_t *total_bytes);
/* Of a place of which frames were read. */
const char *inputs_comment(const struct inputs *inputs, unsigned place);

/* For when reading is over. */
const char *inputs_end_comment(const struct inputs *inputs, unsigned place);
const char *inputs_locate(
	const struct inputs *inputs, uint64_t frame, uint64_t *number_in_file);
unsigned inputs_place_count(const struct inputs *inputs);
/* As the user named it, or the path of its first file. */
const char *inputs_place_name(const struct inputs *inputs, unsigned place);

#endif

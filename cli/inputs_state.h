/* What inputs.c (reading) and inputs_order.c (which file is whose) share;
 * nobody else includes it. */
#ifndef CLI_INPUTS_STATE_H
#define CLI_INPUTS_STATE_H

#include "cli/inputs.h"
#include "cli/seam.h"

/* One capture point. */
struct place {
	struct recording *recording; /* NULL: no file of it has begun */
	const char *name; /* NULL: its files came together by their times */
	const char *path; /* of its first file */
	int64_t first_ns, last_ns; /* of its frames so far */
	bool is_ended;
	struct seam_tail tail; /* when the next file was soon due */
};

/* A file that has not had its turn. */
struct waiting {
	struct recording *recording; /* NULL: it belongs to a place */
	const struct input_file *file;
	int64_t first_ns;
	unsigned given;
	struct seam_head head;
};

struct inputs {
	struct place places[INPUT_PLACES];
	unsigned place_count;
	struct waiting *waiting; /* by their first frames */
	unsigned count;
	const volatile sig_atomic_t *is_stopped;
};

/* From when on a file may be due, shortly before its first frame; INT64_MAX:
 * none waits for another's end. */
int64_t inputs_due_ns(const struct inputs *inputs);
/* Begins the files whose turn has come. False and a sentence when one of them
 * can't be; it is left out. */
bool inputs_begin_due(struct inputs *inputs, struct failure *failure);

#endif

/* The partial results that a `merge` was given, and the capture files that they
 * are of. */
#ifndef CLI_PARTIAL_SET_H
#define CLI_PARTIAL_SET_H

#include "capture/file/partial_check.h"
#include "cli/inputs.h"

struct partial_set {
	struct partial_row *rows; /* in the order of their frames */
	unsigned count;
	const char **names; /* of the capture files, in the same order */
	unsigned name_count;
	const char *cut; /* why one of those was not read to its end; NULL: all
			    were */
	bool is_one;	 /* they follow each other: of one capture point */
};

/* Reads and checks all of them, of which nothing has been read: each is whole,
 * all were made with the same filter, and no two are of the same piece. False
 * with a sentence where that is not so. To be released in any case, after
 * `inputs`, whose files are told by the set's names from now on. */
bool partial_set_read(struct partial_set *set, struct inputs *inputs,
	struct input_file *files, struct failure *failure);
/* With which all were made; NULL: every frame is in them. */
const char *partial_set_filter(const struct partial_set *set);
void partial_set_release(struct partial_set *set);

#endif

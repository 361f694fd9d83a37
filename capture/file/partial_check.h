/* Whether a file is a whole partial result (capture/file/partial_format.h), and
 * what it is of. Every byte of it is foreign. */
#ifndef CAPTURE_FILE_PARTIAL_CHECK_H
#define CAPTURE_FILE_PARTIAL_CHECK_H

#include "capture/failure.h"
#include "capture/file/source.h"

struct partial_info {
	char *fields;	    /* what the texts lie in */
	const char **names; /* of the capture files, in their order */
	uint32_t name_count, name_capacity;
	const char *filter; /* NULL: every frame */
	const char *cut;    /* why a file was not read to its end; NULL: all
			       were */
	uint64_t frames;
	int64_t contents; /* a hash of them; 0: of an older culprit */
	int64_t first_ns, last_ns; /* INT64_MIN: no frame has a time */
	uint32_t crc;		   /* of the first two parts: the frames and
				      where they were */
};

/* Reads all of a plain file of which nothing has been read, and leaves it
 * there; in memory as large as its last part. False with a sentence where it is
 * no partial result, of another version, damaged, or not whole; exit code
 * EXIT_INPUT_CUT. `info` is to be released in any case. */
bool partial_check(const struct source *source, struct partial_info *info,
	struct failure *failure);
void partial_info_release(struct partial_info *info);

/* The name of the capture file that a section's comment tells, which lies in
 * the comment; NULL: it is no section of a partial result. */
const char *partial_name_of(const char *comment);

#endif

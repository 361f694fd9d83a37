/* What the formats share: each splits the bytes in a batch into frames, in
 * place, and stops where it needs more bytes. It keeps no pointer into them. */
#ifndef CAPTURE_FILE_FILE_SPLIT_H
#define CAPTURE_FILE_FILE_SPLIT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "capture/frame.h"

/* No interface captures frames as large as this; a larger length is damage,
 * whatever snap length the file declares. */
enum { FILE_LARGEST_FRAME = 64 * 1024 * 1024 };
/* libpcap's and Wireshark's bound: allowed even above the file's own snap
 * length, since merging and editing tools leave that too small. */
enum { FILE_USUAL_LARGEST_FRAME = 262144 };

enum split_end {
	SPLIT_FULL,    /* the batch holds BATCH_FRAMES frames */
	SPLIT_SHORT,   /* what is left needs more bytes, or nothing is left */
	SPLIT_DAMAGED, /* `problem` says why what is left can't be read */
};

struct split {
	struct batch *batch;
	size_t position;     /* in batch->bytes; all before it is done with */
	uint64_t number;     /* of the last frame, over all files */
	uint64_t odd_frames; /* with impossible lengths or time stamps */
	size_t needed_bytes; /* after SPLIT_SHORT: from `position`, at least */
	const char *inside;  /* after SPLIT_SHORT: what the bytes left are the
				beginning of; NULL: the file may end here */
	char problem[200];   /* after SPLIT_DAMAGED */
};

/* Says what is damaged; always returns SPLIT_DAMAGED. */
__attribute__((format(printf, 2, 3))) static inline enum split_end
split_damaged(struct split *split, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(split->problem, sizeof(split->problem), format,
		arguments); /* a cut sentence is still a sentence */
	va_end(arguments);
	return SPLIT_DAMAGED;
}

/* Asks for bytes; always returns SPLIT_SHORT. */
static inline enum split_end split_short(
	struct split *split, size_t needed_bytes, const char *inside)
{
	split->needed_bytes = needed_bytes;
	split->inside = inside;
	return SPLIT_SHORT;
}

#endif

/* Comments for the packets that decide, to be written into a copy of the
 * recording: verdicts travel with the packets that prove them. */
#ifndef REPORT_ANNOTATE_H
#define REPORT_ANNOTATE_H

#include "capture/failure.h"
#include "report/source.h"

struct annotations;

/* Prepares the comments of all incidents, or of incident `only` (UINT64_MAX:
 * all). Frames in them are numbered over all files, as in the copy. NULL
 * without memory. `source` has to live as long. */
struct annotations *annotations_new(const struct report_source *source,
	uint64_t only, struct failure *failure);
void annotations_free(struct annotations *annotations);

enum { ANNOTATION_BYTES = 1024, ANNOTATIONS_PER_FRAME = 16 };

/* Writes the comments of a frame, UTF-8; returns how many, mostly none. Those
 * that begin with "culprit: " are verdicts, on their fatal packets, and come
 * first; one that begins with "culprit-fact: " is a fact that a verdict, or
 * another explanation of its connection, rests on. Frames have to be asked for
 * in rising order. */
unsigned annotations_of(struct annotations *annotations, uint64_t frame,
	char texts[ANNOTATIONS_PER_FRAME][ANNOTATION_BYTES]);

#endif

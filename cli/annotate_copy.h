/* Copies a recording with comments on the packets that decide. */
#ifndef CLI_ANNOTATE_COPY_H
#define CLI_ANNOTATE_COPY_H

#include <signal.h>

#include "capture/file/recording.h"
#include "capture/file/recording_writer.h"
#include "report/source.h"

struct copy {
	struct recording *recording; /* at its beginning */
	struct recording_writer *writer;
	const struct report_source *source;
	uint64_t only; /* incident; UINT64_MAX: all */
	bool is_without_comments;
	const volatile sig_atomic_t *is_stopped;
};

/* Copies every frame; a damaged recording up to the damage, which the first
 * pass has told of. False with a sentence when writing failed. */
bool copy_run(const struct copy *copy, struct failure *failure);

#endif

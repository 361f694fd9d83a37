/* Moves a recording through decoding into a consumer: one thread reads and
 * decodes ahead, the calling thread consumes, in the order of recording. With
 * a single processor it is one loop; the results are the same. */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include <signal.h>

#include "capture/live/filter.h"
#include "capture/packet.h"
#include "capture/file/recording.h"
#include "cli/inputs.h"

struct pipeline {
	struct recording *recording; /* one of both */
	struct inputs *inputs;
	struct filter *filter; /* NULL: every frame */
	uint64_t max_packets;  /* after the filter; 0: no bound */
	/* Called on the calling thread; batch->packets are decoded. Until it
	 * returns nothing else touches the batch. */
	void (*consume)(void *context, const struct batch *batch);
	void *context;
	/* Set by a signal handler: stop reading, keep what was read. */
	const volatile sig_atomic_t *is_stopped;
	bool has_progress_line;	 /* on standard error, after a second */
	bool is_single_threaded; /* the consumer asks the recording things */
};

enum pipeline_end {
	PIPELINE_DONE,	  /* to the end, or to max_packets */
	PIPELINE_CUT,	  /* an input ended early; the failure says where */
	PIPELINE_STOPPED, /* by the signal */
	PIPELINE_FAILED,  /* no memory, no thread: nothing was read */
};

/* Runs to the end. After PIPELINE_CUT everything before and after the damage
 * was consumed, and `failure` tells of the first. */
enum pipeline_end pipeline_run(
	const struct pipeline *pipeline, struct failure *failure);

#endif

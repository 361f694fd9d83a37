/* Takes a recording through an analysis in parts (analysis/parts.h), with a
 * thread for each part.
 *
 * Whoever needs a batch that nobody has read yet reads it, finds out whose
 * frames are in it, and leaves it to all; every thread takes its own packets
 * from every batch. Reading, and whatever depends on the order of packets, is
 * done by one thread at a time. With one part it is a loop without threads. */
#ifndef CLI_SHARED_RUN_H
#define CLI_SHARED_RUN_H

#include "analysis/parts.h"
#include "cli/pipeline.h"

struct shared_run {
	struct inputs *inputs;
	struct filter *filter; /* NULL: every frame */
	uint64_t max_packets;  /* after the filter; 0: no bound */
	struct parts *parts;
	/* Called for each batch in the order of reading, before its frames are
	 * shared out; what it leaves of batch->count is. */
	void (*see)(void *context, struct batch *batch);
	void *context;
	const volatile sig_atomic_t *is_stopped; /* as for pipeline_run */
	bool has_progress_line;
};

/* Runs to the end, and closes all connections: what is left is parts_join. As
 * pipeline_run. */
enum pipeline_end shared_run(
	const struct shared_run *run, struct failure *failure);

/* Processors that this process may run on, at most PARTS_MOST. */
unsigned shared_run_processors(void);

#endif

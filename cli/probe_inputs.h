/* The small files that `probe` reads: opened first, read in the sandbox. */
#ifndef CLI_PROBE_INPUTS_H
#define CLI_PROBE_INPUTS_H

#include "cli/client_algorithms.h"
#include "cli/probe_options.h"

/* All zero: not open. */
struct probe_inputs {
	FILE *trigger; /* NULL: none is a file */
	bool is_ssh;   /* the algorithms are needed */
	struct client_algorithms algorithms;
};

/* `chosen`, a set, are the experiments that run. */
bool probe_inputs_open(struct probe_inputs *inputs,
	const struct probe_asked *asked, uint32_t chosen,
	struct run_files *files, struct failure *failure);
/* The trigger's bytes go to `asked`. */
bool probe_inputs_read(struct probe_inputs *inputs, struct probe_asked *asked,
	struct ssh_profile *profile, struct failure *failure);
void probe_inputs_close(struct probe_inputs *inputs);

#endif

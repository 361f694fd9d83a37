#include "cli/probe_inputs.h"

#include "cli/probe_trigger.h"
#include "probe/protocol/probe_experiment.h"

bool probe_inputs_open(struct probe_inputs *inputs,
	const struct probe_asked *asked, uint32_t chosen,
	struct run_files *files, struct failure *failure)
{
	if (asked->trigger_file) {
		inputs->trigger = probe_trigger_open(
			asked->trigger_file, files, failure);
		if (!inputs->trigger)
			return false;
	}
	/* A rehearsal has no use for what this host's own ssh says. */
	inputs->is_ssh =
		asked->client_algorithms ||
		(!asked->is_dry_run &&
			chosen & probe_experiment_bit(EXPERIMENT_SSH));
	return !inputs->is_ssh ||
	       client_algorithms_open(&inputs->algorithms,
		       asked->client_algorithms, files, failure);
}

bool probe_inputs_read(struct probe_inputs *inputs, struct probe_asked *asked,
	struct ssh_profile *profile, struct failure *failure)
{
	if (inputs->trigger &&
		!probe_trigger_read(inputs->trigger, asked->trigger_file,
			&asked->trigger, failure))
		return false;
	return !inputs->is_ssh || client_algorithms_read(&inputs->algorithms,
					  profile, failure);
}

void probe_inputs_close(struct probe_inputs *inputs)
{
	if (inputs->trigger)
		(void)fclose(inputs->trigger); /* only read */
	client_algorithms_close(&inputs->algorithms);
}

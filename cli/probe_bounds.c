#include "cli/probe_bounds.h"

#include "probe/protocol/idle_rules.h"
#include "probe/protocol/ssh_rules.h"

static unsigned longer_s(const struct runner_options *options, uint32_t chosen)
{
	unsigned longer = 0;

	if (chosen & probe_experiment_bit(EXPERIMENT_IDLE))
		longer += idle_longest_s(&options->idle);
	if (chosen & probe_experiment_bit(EXPERIMENT_SSH) &&
		options->ssh->is_grace_awaited)
		longer += SSH_GRACE_WAIT_S;
	return longer;
}

/* Where experiments run that open some for themselves; as many as the user
 * wants at once. idle, which opens more, comes after them. */
static unsigned most_ssh_connections(
	const struct runner_options *options, uint32_t chosen)
{
	uint32_t counted = probe_experiment_bit(EXPERIMENT_SSH) |
			   probe_experiment_bit(EXPERIMENT_RESET);
	unsigned wanted = options->ssh->at_once + SSH_TALKS;

	if (!(chosen & counted))
		return 0;
	return wanted > SSH_RUN_CONNECTIONS ? wanted : SSH_RUN_CONNECTIONS;
}

void probe_bounds_set(struct runner_options *options, uint32_t chosen)
{
	options->longer_s = longer_s(options, chosen);
	options->most_ssh_connections = most_ssh_connections(options, chosen);
}

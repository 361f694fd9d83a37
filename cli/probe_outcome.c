#include "cli/probe_outcome.h"

bool probe_outcome_is_reached(
	const struct path *path, const char *host, struct failure *failure)
{
	struct path_totals totals;

	path_totals(path, &totals);
	if (totals.has_target_answered)
		return true;
	if (totals.sent == 0)
		return failure_set(failure, EXIT_NO_TARGET,
			"%.200s: no packet left this host: no neighbour "
			"answers ARP or neighbour discovery for the next hop's "
			"address",
			host);
	if (totals.heard == 0)
		return failure_set(failure, EXIT_NO_TARGET,
			"%.200s: nothing answered %u packets", host,
			totals.sent);
	if (totals.is_target_missed)
		return failure_set(failure, EXIT_NO_TARGET,
			"%.200s: a router reports that it can't reach it: "
			"there is no such host, or it is down",
			host);
	return failure_set(failure, EXIT_NO_TARGET,
		"%.200s: it did not answer; routers on the path did", host);
}

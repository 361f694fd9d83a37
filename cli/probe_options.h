/* The options of `probe`. */
#ifndef CLI_PROBE_OPTIONS_H
#define CLI_PROBE_OPTIONS_H

#include <stdio.h>

#include "cli/fail_on_path.h"
#include "cli/options.h"
#include "probe/tcp/reset_trigger.h"

extern const struct option_row probe_options[];
/* More lines of --help: the experiments. */
void probe_options_help(FILE *out);

/* What was asked for; 0, NULL and false: not said. */
struct probe_asked {
	const char *recording, *page, *client_algorithms, *server_name;
	const char *trigger_file; /* its bytes are not in `trigger` yet */
	uint32_t named; /* experiments */
	uint64_t given; /* a set of options that belong to one experiment: bits
			   of the rows in probe_options.c */
	uint8_t family;
	uint64_t port, rate, max_ttl, idle_max, idle_precision, startups;
	struct reset_trigger trigger;
	struct fail_on_path fail_on;
	bool is_verified, is_trigger_sent, has_names, is_advice;
	bool is_port_named, is_grace_awaited, is_dry_run;
};

bool probe_option_take(struct probe_asked *asked, int id, const char *argument,
	struct failure *failure);

/* False, with the reason, where an option belongs to an experiment that is not
 * among those that run, a set. */
bool probe_asked_check(const struct probe_asked *asked, uint32_t chosen,
	struct failure *failure);

/* Puts the usual values where none was said. */
void probe_asked_complete(struct probe_asked *asked);

#endif

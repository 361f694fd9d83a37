/* What the command line asks `culprit timeline` for. */
#ifndef CLI_TIMELINE_REQUEST_H
#define CLI_TIMELINE_REQUEST_H

#include "analysis/verdict/incident.h"
#include "cli/command.h"

struct timeline_request {
	struct common common;
	const char **paths; /* of argv */
	unsigned path_count;
	const char *filter, *copy_path;
	uint64_t frame;
	struct flow_name flow; /* family 0: not chosen by name */
	bool is_csv, is_answered;
};

extern const struct option_row timeline_options[];

/* Fills a request of zeros whose `paths` have room for all of argv. False with
 * a sentence about wrong usage. */
bool timeline_request_parse(struct timeline_request *request,
	const struct command *command, int argc, char **argv,
	struct failure *failure);

#endif

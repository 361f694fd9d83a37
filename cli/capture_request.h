/* What the command line asks `culprit capture` for. */
#ifndef CLI_CAPTURE_REQUEST_H
#define CLI_CAPTURE_REQUEST_H

#include "capture/live/live.h"
#include "cli/command.h"
#include "cli/rotation.h"

enum { CAPTURE_FILTER_BYTES = 8192 };

struct capture_request {
	struct common common;
	struct live_options live;
	char filter[CAPTURE_FILTER_BYTES];
	struct rotation record; /* path NULL: nothing is recorded */
	uint64_t max_packets;
	bool is_listing, is_answered;
};

extern const struct option_row capture_options[];

/* Fills a request of zeros, which has to stay where it is. False with a
 * sentence about wrong usage. */
bool capture_request_parse(struct capture_request *request,
	const struct command *command, int argc, char **argv,
	struct failure *failure);

#endif

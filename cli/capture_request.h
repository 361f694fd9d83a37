/* What the command line asks `culprit capture` for. */
#ifndef CLI_CAPTURE_REQUEST_H
#define CLI_CAPTURE_REQUEST_H

#include "capture/live/live.h"
#include "cli/command.h"
#include "cli/rotation.h"

enum { CAPTURE_FILTER_BYTES = 8192 };

struct capture_request {
	struct live_options live;
	char filter[CAPTURE_FILTER_BYTES];
	struct rotation record; /* path NULL: nothing is recorded */
	uint64_t max_packets;
	bool is_listing, is_not_promiscuous;
};

extern const struct option_row capture_options[];

/* Stores one of the options. False with a sentence about wrong usage. */
bool capture_request_take(struct capture_request *request, int id,
	const char *argument, struct failure *failure);
/* Fills in the rest, once all options were taken; the operands are the filter.
 * The request has to stay where it is. */
bool capture_request_check(struct capture_request *request,
	const struct command_run *run, struct failure *failure);

#endif

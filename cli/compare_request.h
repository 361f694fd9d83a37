/* The command line of compare: captures, each from a place, in the order of the
 * path. */
#ifndef CLI_COMPARE_REQUEST_H
#define CLI_COMPARE_REQUEST_H

#include "analysis/compare/compare.h"
#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/inputs.h"
#include "cli/page_file.h"

enum { COMPARED_MOST = 64 };

struct compare_request {
	const char *argument[COMPARED_MOST]; /* NAME=FILE, of argv; NULL: an
						operand without a name */
	char *name[COMPARED_MOST];	     /* by operand; owned */
	const char *filter;
	struct page_file page;
	uint64_t max_packets, memory_bytes;
	struct fail_on fail_on;
	bool fails_on[OUTCOME_COUNT], fails_on_change;
};

extern const struct option_row compare_options[];

/* Stores one of those. */
bool compare_request_take(struct compare_request *request,
	struct command_run *run, int id, const char *argument,
	struct failure *failure);

/* Whether there are two places, no file twice. */
bool compare_request_check(struct compare_request *request,
	const struct command_run *run, struct failure *failure);

/* Names every operand: as --at says, else by its file's name without what all
 * captures end in. False without memory. */
bool compare_request_name(struct compare_request *request,
	const struct command_run *run, struct input_file *files,
	struct failure *failure);

void compare_request_free(struct compare_request *request);

/* Was something found that --fail-on asks for? */
bool compare_request_fails(const struct compare_request *request,
	const struct compare *compare, const struct analysis_totals *totals);

#endif

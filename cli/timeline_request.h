/* What the command line asks `culprit timeline` for. */
#ifndef CLI_TIMELINE_REQUEST_H
#define CLI_TIMELINE_REQUEST_H

#include "analysis/verdict/incident.h"
#include "cli/command.h"
#include "cli/page_file.h"
#include "cli/xplot_files.h"
#include "report/plot.h"

struct timeline_request {
	const char *filter, *copy_path;
	struct xplot_files xplot;
	enum plot_kind plot; /* PLOT_NONE: the ladder */
	struct page_file page;
	uint64_t frame, stream, around; /* around: 0: all that matter */
	bool has_stream, is_first;
	struct flow_name flow; /* family 0: not chosen by name */
	bool is_lone;	       /* of which flow.client is all that is known */
};

extern const struct option_row timeline_options[];

/* Stores one of the options; the files become operands. False with a sentence
 * about wrong usage. */
bool timeline_request_take(struct timeline_request *request,
	struct command_run *run, int id, const char *argument,
	struct failure *failure);
/* Whether all of it makes sense, once everything was taken. */
bool timeline_request_check(const struct timeline_request *request,
	const struct command_run *run, struct failure *failure);

#endif

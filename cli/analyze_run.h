/* A run of the analysis over the captures of a command line, or over partial
 * results: the steps of `analyze` and `merge`. */
#ifndef CLI_ANALYZE_RUN_H
#define CLI_ANALYZE_RUN_H

#include <stdint.h>

#include "analysis/parts.h"
#include "analysis/places.h"
#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/foretold.h"
#include "cli/inputs.h"
#include "cli/lake.h"
#include "cli/page_pass.h"
#include "cli/partial_make.h"
#include "cli/partial_set.h"
#include "cli/shared_handshakes.h"
#include "cli/spill_file.h"
#include "cli/tcp_streams.h"

struct path;

enum { NAMES_MOST = 256 /* that --at gives */ };

/* An operand that came with --at. */
struct name {
	const char *argument; /* NAME=FILE, of argv */
	unsigned operand;
	char *text; /* NAME; owned */
};

/* A capture that grows (follow_run.h). */
struct follow {
	bool is_wanted;
	struct recording *recording;
	struct analysis *analysis;
	struct batch *batch;
	const volatile sig_atomic_t *is_stopped;
	uint64_t packets, reported; /* incidents reported while it ran */
	struct foretold_list foretold;
	int64_t newest_ns;   /* of the last frame read, filtered out or not */
	int64_t foreseen_ns; /* after the last that is judged: until when ends
				were told */
	int64_t withdrawn_ms; /* CLOCK_MONOTONIC: when withdraw last looked */
	bool is_refused;
};

struct analyze_work {
	struct name names[NAMES_MOST];
	unsigned name_count;
	struct input_file *files; /* the operands, with their places */
	const char **paths;	  /* of them, in the order of their times */
	const char *expression;	  /* of the filter; NULL: none */
	uint64_t max_packets;
	struct fail_on fail_on;
	struct analysis_options options;
	struct spill_file spill;
	struct filter *filter;
	struct inputs *inputs;
	struct places *places;
	/* of a single whole capture, with --all-flows */
	struct tcp_streams streams;
	bool is_counting_streams;
	struct shared_handshakes *shared; /* of several files, else NULL */
	struct path *path;   /* of a probe's recording, else NULL */
	unsigned path_place; /* its capture point */
	struct parts *parts; /* of a single capture; NULL: there are several */
	uint64_t jobs;	     /* threads for that; 0: as many as processors */
	struct partial_set partials; /* of a merge, else empty */
	const char *partial_path;    /* to write one; NULL: a report */
	const char *report_option;   /* one that only a report takes; NULL */
	struct partial_make make;    /* for that */
	const char *lake_prefix;     /* NULL: no lake is written */
	struct lake lake;
	struct page_pass page;
	struct follow follow;
	bool is_begun;
	bool is_newer_probe;
};

/* The steps of `analyze`. */
bool analyze_open(struct command_run *run, struct failure *failure);
bool analyze_prepare(struct command_run *run, struct failure *failure);
bool analyze_begin(struct command_run *run, struct failure *failure);
enum exit_code analyze_judge(struct command_run *run, struct failure *failure);
void analyze_close(struct command_run *run);
/* Those of `merge` that are others. */
bool merge_open(struct command_run *run, struct failure *failure);
bool merge_begin(struct command_run *run, struct failure *failure);

#endif

/* culprit analyze FILE...: reads captures, analyses every connection,
 * prints. */
#include <stdlib.h>
#include <string.h>

#include "analysis/path/path.h"
#include "analysis/places.h"
#include "capture/decode/packet_decode.h"
#include "cli/analysis_source.h"
#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/pipeline.h"
#include "cli/shared_handshakes.h"
#include "cli/shared_run.h"
#include "cli/spill_file.h"
#include "cli/task_apart.h"

enum {
	OPTION_FILTER = OPTION_FIRST_LONG,
	OPTION_AT,
	OPTION_FAIL_ON,
	OPTION_ALL_FLOWS,
	OPTION_MEMORY,
	OPTION_MAX_FLOWS,
	OPTION_MAX_INCIDENTS,
	OPTION_JOBS,
	OPTION_READ_FILE = 'r',
	OPTION_COUNT_PACKETS = 'c',
};

static const struct option_row rows[] = {
	{OPTION_READ_FILE, NULL, "FILE", "a capture file, as in tcpdump -r"},
	{OPTION_AT, "at", "NAME=FILE",
		"a capture of the same traffic, made at NAME"},
	{OPTION_FILTER, "filter", "EXPR", "only packets that match (BPF)"},
	{OPTION_COUNT_PACKETS, NULL, "N", "stop after N packets"},
	{OPTION_FAIL_ON, "fail-on", "WORD,...",
		"exit 3 if an incident has this mechanism or culprit (any: "
		"every incident)"},
	{OPTION_ALL_FLOWS, "all-flows", NULL, "list every connection"},
	{OPTION_MEMORY, "memory", "SIZE",
		"memory for the analysis, as 500M or 2G (an eighth of what is "
		"available, 256M to 4G; none: no bound)"},
	{OPTION_MAX_FLOWS, "max-flows", "N",
		"connections kept at once (as many as memory holds)"},
	{OPTION_MAX_INCIDENTS, "max-incidents", "N",
		"connections with incidents kept (all of them)"},
	{OPTION_JOBS, "jobs", "N",
		"threads for one capture (as many as processors)"},
	{0},
};

enum { NAMES_MOST = 256 };

/* An operand that came with --at. */
struct name {
	const char *argument; /* NAME=FILE, of argv */
	unsigned operand;
	char *text; /* NAME; owned */
};

struct analyze_work {
	struct name names[NAMES_MOST];
	unsigned name_count;
	struct input_file *files; /* the operands, with their places */
	const char *expression;	  /* of the filter; NULL: none */
	uint64_t max_packets;
	struct fail_on fail_on;
	struct analysis_options options;
	struct spill_file spill;
	struct filter *filter;
	struct inputs *inputs;
	struct places *places;
	struct shared_handshakes *shared; /* of several files, else NULL */
	struct path *path;   /* of a probe's recording, else NULL */
	unsigned path_place; /* its capture point */
	struct parts *parts; /* of a single capture; NULL: there are several */
	uint64_t jobs;	     /* threads for that; 0: as many as processors */
	bool is_begun;
	bool is_newer_probe;
	bool has_no_memory; /* for another capture point */
};

static bool bound(const char *name, const char *argument, uint64_t *number,
	struct failure *failure)
{
	if (strcmp(argument, "none") == 0)
		*number = UINT64_MAX;
	else if (!option_number(name, argument, 0, UINT64_MAX, number, failure))
		return false;
	if (*number == 0) /* as tcpdump means 0: not bounded */
		*number = UINT64_MAX;
	return true;
}

/* NAME=FILE: the name ends at the first equals sign. */
static bool take_at(
	struct command_run *run, const char *argument, struct failure *failure)
{
	struct analyze_work *work = run->state;
	const char *equals = strchr(argument, '=');

	if (!equals || equals == argument || !equals[1])
		return failure_set(failure, EXIT_USAGE,
			"--at %.200s: it wants NAME=FILE, a capture and the "
			"name of the place where it was made",
			argument);
	if (work->name_count == NAMES_MOST)
		return failure_set(failure, EXIT_USAGE,
			"--at %.200s: at most %d captures can be named",
			argument, NAMES_MOST);
	work->names[work->name_count++] = (struct name){
		.argument = argument, .operand = run->operand_count};
	command_add_operand(run, equals + 1);
	return true;
}

static bool take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	struct analyze_work *work = run->state;

	switch (id) {
	case OPTION_READ_FILE:
		command_add_operand(run, argument);
		return true;
	case OPTION_AT:
		return take_at(run, argument, failure);
	case OPTION_FILTER:
		work->expression = argument;
		return true;
	case OPTION_COUNT_PACKETS:
		return option_number("-c", argument, 1, UINT64_MAX,
			&work->max_packets, failure);
	case OPTION_FAIL_ON:
		return fail_on_parse(&work->fail_on, argument, failure);
	case OPTION_ALL_FLOWS:
		work->options.is_listing_flows = true;
		return true;
	case OPTION_JOBS:
		return option_number("--jobs", argument, 1, PARTS_MOST,
			&work->jobs, failure);
	case OPTION_MEMORY:
		return memory_parse(
			argument, &work->options.memory_bytes, failure);
	case OPTION_MAX_FLOWS:
		return bound("--max-flows", argument, &work->options.max_flows,
			failure);
	default:
		return bound("--max-incidents", argument,
			&work->options.max_incidents, failure);
	}
}

static bool check(struct command_run *run, struct failure *failure)
{
	return run->operand_count > 0 ||
	       failure_set(failure, EXIT_USAGE,
		       "analyze needs a capture file, or - for standard "
		       "input");
}

/* A probe's recording has a section comment. Its connections are experiments:
 * the path is analysed, not their endings. */
static void begin(struct analyze_work *work, unsigned place)
{
	struct section_comment comment;
	struct failure failure; /* without memory it is flows like any other */

	work->is_begun = true;
	switch (section_comment_read(
		inputs_comment(work->inputs, place), &comment)) {
	case SECTION_COMMENT_NONE:
		break;
	case SECTION_COMMENT_PROBE:
		work->path = path_new(&comment, &failure);
		work->path_place = place;
		break;
	case SECTION_COMMENT_NEWER:
		work->is_newer_probe = true;
		break;
	}
}

static void feed(void *context, const struct batch *batch)
{
	struct analyze_work *work = context;

	if (!work->is_begun)
		begin(work, batch->place);
	for (uint32_t i = 0; work->shared && i < batch->count; i++)
		shared_handshakes_look(work->shared, &batch->packets[i]);
	if (!work->path) {
		work->has_no_memory |= !places_packets(work->places,
			batch->place, batch->packets, batch->count);
		return;
	}
	for (uint32_t i = 0; i < batch->count; i++)
		path_packet(work->path, &batch->packets[i]);
}

/* Of a single capture. A probe's packets are taken here, and nobody else gets
 * any. */
static void see(void *context, struct batch *batch)
{
	struct analyze_work *work = context;

	if (batch->count == 0)
		return;
	if (!work->is_begun)
		begin(work, batch->place);
	if (!work->path)
		return;
	for (uint32_t i = 0; i < batch->count; i++) {
		packet_decode(&batch->frames[i], &batch->packets[i]);
		path_packet(work->path, &batch->packets[i]);
	}
	batch->count = 0;
}

static bool name_files(const struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;
	unsigned streams = 0;

	work->files = calloc(run->operand_count, sizeof(*work->files));
	if (!work->files)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	for (unsigned i = 0; i < run->operand_count; i++) {
		work->files[i].path = run->operands[i];
		streams += strcmp(run->operands[i], "-") == 0;
	}
	if (streams > 1)
		return failure_set(failure, EXIT_USAGE,
			"standard input can be read once only, and - is named "
			"%u times",
			streams);
	for (unsigned i = 0; i < work->name_count; i++) {
		struct name *name = &work->names[i];

		name->text =
			strndup(name->argument, strcspn(name->argument, "="));
		if (!name->text)
			return failure_set(
				failure, EXIT_INPUT_CUT, "no memory");
		work->files[name->operand].place = name->text;
	}
	return true;
}

/* A bound on numbers that is asked for holds for the whole: in one part. Memory
 * is divided. */
static unsigned jobs_of(const struct analyze_work *work)
{
	bool is_bounded = (work->options.max_flows &&
				  work->options.max_flows != UINT64_MAX) ||
			  (work->options.max_incidents &&
				  work->options.max_incidents != UINT64_MAX);
	unsigned jobs =
		work->jobs ? (unsigned)work->jobs : shared_run_processors();
	unsigned most =
		is_bounded ? 1 : parts_within(work->options.memory_bytes);

	return jobs < most ? jobs : most;
}

/* Decompression takes a third of the memory at most, all files together, and
 * what the usual windows of zstd and xz need at least. */
static void limit_windows(struct analyze_work *work, unsigned files)
{
	enum { SHARE = 3, LEAST_BYTES = 16000000 };
	unsigned at_once = files < INPUT_PLACES ? files : INPUT_PLACES;
	uint64_t bytes = work->options.memory_bytes / SHARE / at_once;

	inputs_limit_memory(
		work->inputs, bytes > LEAST_BYTES ? bytes : LEAST_BYTES);
}

static bool open_input(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	if (work->expression) {
		work->filter =
			filter_new(work->expression, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	if (!name_files(run, failure))
		return false;
	work->inputs = inputs_open(work->files, run->operand_count, failure);
	if (!work->inputs)
		return false;
	if (run->operand_count > 1)
		work->shared = shared_handshakes_new();
	if (work->options.memory_bytes == 0)
		work->options.memory_bytes = memory_default();
	limit_windows(work, run->operand_count);
	work->options.spill = spill_file_open(&work->spill);
	work->places = analysis_start_places(
		&work->options, run->operand_count == 1, failure);
	if (run->operand_count == 1 && work->places)
		work->parts = analysis_start_parts(
			&work->options, jobs_of(work), failure);
	return work->places && (run->operand_count > 1 || work->parts) &&
	       inputs_add_to(work->inputs, &run->files, failure);
}

static bool begin_input(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	if (!inputs_begin(work->inputs, failure))
		return false;
	if (work->parts)
		parts_leave_memory(
			work->parts, inputs_window_bytes(work->inputs));
	return true;
}

static void close_all(struct command_run *run)
{
	struct analyze_work *work = run->state;

	places_free(work->places);
	free(work->shared);
	parts_free(work->parts);
	spill_file_close(&work->spill);
	path_free(work->path);
	inputs_close(work->inputs);
	filter_free(work->filter);
	for (unsigned i = 0; i < work->name_count; i++)
		free(work->names[i].text);
	free(work->files);
}

static void print(
	const struct command_run *run, const struct report_source *source)
{
	const struct analyze_work *work = run->state;
	const struct report_format *format = run->common.format;
	const struct output *output = &run->output;

	if (work->path)
		format->path(work->path, &output->style, output->stream);
	else
		format->incidents(source, &output->style, output->stream);
}

/* --fail-on outranks a truncated input, which is reported as text. */
static enum exit_code code_of(const struct analyze_work *work,
	const struct report_source *source, enum pipeline_end end)
{
	if (fail_on_matches(&work->fail_on, &source->totals))
		return EXIT_FAIL_ON;
	return end == PIPELINE_DONE ? EXIT_RAN : EXIT_INPUT_CUT;
}

/* A recording that was to end with a statement and does not is of a run that
 * was killed, or is cut off. */
static void finish_path(struct analyze_work *work)
{
	uint32_t ended;

	if (section_comment_read_end(
		    inputs_end_comment(work->inputs, work->path_place), &ended))
		path_end(work->path, ended);
	else if (path_comment(work->path)->is_end_stated)
		path_end(work->path, 0);
	path_finish(work->path);
}

/* Files of several capture points are read side by side, by one thread more
 * than analyses. */
static enum pipeline_end run_places(struct command_run *run,
	const volatile sig_atomic_t *is_stopped, struct failure *failure)
{
	struct analyze_work *work = run->state;
	struct pipeline pipeline = {
		.inputs = work->inputs,
		.filter = work->filter,
		.max_packets = work->max_packets,
		.consume = feed,
		.context = work,
		.is_stopped = is_stopped,
		.has_progress_line = run->output.has_progress_line,
	};

	return pipeline_run(&pipeline, failure);
}

static enum pipeline_end run_parts(struct command_run *run,
	const volatile sig_atomic_t *is_stopped, struct failure *failure)
{
	struct analyze_work *work = run->state;
	struct shared_run shared = {
		.inputs = work->inputs,
		.filter = work->filter,
		.max_packets = work->max_packets,
		.parts = work->parts,
		.see = see,
		.context = work,
		.is_stopped = is_stopped,
		.has_progress_line = run->output.has_progress_line,
	};
	enum pipeline_end end = shared_run(&shared, failure);

	if (end == PIPELINE_FAILED)
		return end;
	places_put(work->places, parts_join(work->parts));
	work->parts = NULL;
	return end;
}

static enum exit_code judge(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;
	const volatile sig_atomic_t *is_stopped = interrupt_watch();
	enum pipeline_end end = work->parts
					? run_parts(run, is_stopped, failure)
					: run_places(run, is_stopped, failure);

	if (end == PIPELINE_FAILED)
		return failure->exit_code;
	places_finish(work->places);
	if (work->path)
		finish_path(work);
	struct analysed analysed = {
		.places = work->places, .inputs = work->inputs};
	struct report_source source = analysis_source(&analysed, run->operands,
		run->operand_count, end != PIPELINE_DONE);

	print(run, &source);
	if (work->shared)
		shared_handshakes_tell(work->shared, work->inputs, stderr);
	if (work->has_no_memory)
		(void)fprintf(stderr,
			"culprit: no memory for another capture point: what "
			"was recorded there is left out\n");
	if (work->is_newer_probe)
		(void)fprintf(stderr,
			"culprit: the recording is of a newer culprit probe: "
			"its connections are analysed, the path is not\n");
	if (end == PIPELINE_STOPPED)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: the report covers the packets read so "
			"far");
	if (work->filter && filter_problem(work->filter))
		(void)fprintf(
			stderr, "culprit: %s\n", filter_problem(work->filter));
	return code_of(work, &source, end);
}

const struct command command_analyze = {
	.name = "analyze",
	.operands = "FILE...",
	.summary = "analyse the connections in capture files",
	.options = rows,
	.reports = REPORT_INCIDENTS,
	.state_bytes = sizeof(struct analyze_work),
	.take_option = take_option,
	.check = check,
	.steps =
		{
			.open = open_input,
			.is_sandboxed = true,
			.sandbox = SANDBOX_READER,
			.begin = begin_input,
			.work = judge,
			.close = close_all,
		},
};

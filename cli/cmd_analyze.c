/* culprit analyze FILE...: reads captures, judges every connection, prints. */
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "analysis/path/path.h"
#include "cli/analysis_source.h"
#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "cli/task_apart.h"
#include "report/report_json.h"
#include "report/report_path.h"
#include "report/report_text.h"

enum {
	OPTION_FILTER = OPTION_FIRST_LONG,
	OPTION_FAIL_ON,
	OPTION_ALL_FLOWS,
	OPTION_MAX_FLOWS,
	OPTION_MAX_INCIDENTS,
	OPTION_READ_FILE = 'r',
	OPTION_COUNT_PACKETS = 'c',
};

static const struct option_row rows[] = {
	{OPTION_READ_FILE, NULL, "FILE", "a capture, as tcpdump names it"},
	{OPTION_FILTER, "filter", "EXPR", "only packets that match (BPF)"},
	{OPTION_COUNT_PACKETS, NULL, "N", "stop after N packets"},
	{OPTION_FAIL_ON, "fail-on", "WORD,...",
		"exit 3 when a mechanism or culprit is found (any: all)"},
	{OPTION_ALL_FLOWS, "all-flows", NULL, "list every connection"},
	{OPTION_MAX_FLOWS, "max-flows", "N",
		"connections kept at once (1000000; none: no bound)"},
	{OPTION_MAX_INCIDENTS, "max-incidents", "N",
		"incidents kept (20000; none: no bound)"},
	{0},
};

struct request {
	struct common common;
	const char **paths; /* of argv; the array is ours */
	unsigned path_count;
	const char *filter;
	uint64_t max_packets;
	struct fail_on fail_on;
	struct analysis_options analysis;
	bool is_answered; /* help or version: nothing left to do */
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

static bool take_option(struct request *request, int id, const char *argument,
	struct failure *failure)
{
	switch (id) {
	case OPTION_READ_FILE:
		request->paths[request->path_count++] = argument;
		return true;
	case OPTION_FILTER:
		request->filter = argument;
		return true;
	case OPTION_COUNT_PACKETS:
		return option_number("-c", argument, 1, UINT64_MAX,
			&request->max_packets, failure);
	case OPTION_FAIL_ON:
		return fail_on_parse(&request->fail_on, argument, failure);
	case OPTION_ALL_FLOWS:
		request->analysis.is_listing_flows = true;
		return true;
	case OPTION_MAX_FLOWS:
		return bound("--max-flows", argument,
			&request->analysis.max_flows, failure);
	default:
		return bound("--max-incidents", argument,
			&request->analysis.max_incidents, failure);
	}
}

/* False with a failure when the command line is wrong. */
static bool parse(struct request *request, const struct command *command,
	int argc, char **argv, struct failure *failure)
{
	struct option_walk walk;
	const char *argument;
	int operand, id;

	option_walk_begin(
		&walk, rows, OPERANDS_ANYWHERE, &request->common, argc, argv);
	while ((id = option_walk_next(&walk, &argument, &operand, failure)) >=
		0)
		if (!take_option(request, id, argument, failure))
			return false;
	if (id == OPTION_WRONG)
		return false;
	request->is_answered = command_answered(command, &walk);
	if (request->is_answered)
		return true;
	for (; operand < argc; operand++)
		request->paths[request->path_count++] = argv[operand];
	if (request->path_count == 0)
		return failure_set(failure, EXIT_USAGE,
			"analyze needs a capture file, or - for standard "
			"input");
	return true;
}

/* Everything that is open while a recording is judged. */
struct work {
	struct filter *filter;
	struct recording *recording;
	struct analysis *analysis;
	struct path *path; /* of a probe's recording, else NULL */
	bool is_begun;
	bool is_newer_probe;
	struct run_files files;
	struct output output;
};

/* A probe says in its recording's comment what it was. Its connections are
 * experiments: the path is judged, not how they ended. */
static void begin(struct work *work)
{
	struct section_comment comment;
	struct failure failure; /* without memory it is flows like any other */

	work->is_begun = true;
	switch (section_comment_read(
		recording_comment(work->recording), &comment)) {
	case SECTION_COMMENT_NONE:
		break;
	case SECTION_COMMENT_PROBE:
		work->path = path_new(&comment, &failure);
		break;
	case SECTION_COMMENT_NEWER:
		work->is_newer_probe = true;
		break;
	}
}

static void feed(void *context, const struct batch *batch)
{
	struct work *work = context;

	if (!work->is_begun)
		begin(work);
	if (!work->path) {
		analysis_packets(work->analysis, batch->packets, batch->count);
		return;
	}
	for (uint32_t i = 0; i < batch->count; i++)
		path_packet(work->path, &batch->packets[i]);
}

static bool open_all(struct work *work, const struct request *request,
	struct failure *failure)
{
	if (request->filter) {
		work->filter =
			filter_new(request->filter, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	work->recording =
		recording_open(request->paths, request->path_count, failure);
	if (!work->recording)
		return false;
	work->analysis = analysis_start(&request->analysis, failure);
	if (!work->analysis)
		return false;
	return run_files_add_inputs(&work->files, work->recording, failure) &&
	       output_open(&work->output, &request->common, &work->files,
		       failure) &&
	       sandbox_enter(SANDBOX_READER, failure) &&
	       recording_begin(work->recording, failure) &&
	       run_files_begin(&work->files, failure);
}

static void close_all(struct work *work)
{
	analysis_free(work->analysis);
	path_free(work->path);
	run_files_free(&work->files);
	recording_close(work->recording);
	filter_free(work->filter);
}

static void print(const struct work *work, const struct request *request,
	const struct report_source *source)
{
	if (work->path && request->common.is_json)
		report_path_json(work->path, work->output.stream);
	else if (work->path)
		report_path_text(
			work->path, &work->output.style, work->output.stream);
	else if (request->common.is_json)
		report_json(source, work->output.stream);
	else
		report_text(source, &work->output.style, work->output.stream);
}

static enum exit_code judge(struct work *work, const struct request *request,
	struct failure *failure)
{
	struct pipeline pipeline = {
		.recording = work->recording,
		.filter = work->filter,
		.max_packets = request->max_packets,
		.consume = feed,
		.context = work,
		.is_stopped = interrupt_watch(),
		.has_progress_line = work->output.has_progress_line,
	};
	enum pipeline_end end = pipeline_run(&pipeline, failure);

	if (end == PIPELINE_FAILED)
		return failure->exit_code;
	analysis_finish(work->analysis);
	if (work->path)
		path_finish(work->path);
	struct analysed analysed = {
		.analysis = work->analysis, .recording = work->recording};
	struct report_source source = analysis_source(&analysed, request->paths,
		request->path_count, end != PIPELINE_DONE);

	print(work, request, &source);
	if (work->is_newer_probe)
		(void)fprintf(stderr,
			"culprit: a newer culprit probed here: its connections "
			"are judged, the path is not\n");
	if (end == PIPELINE_STOPPED)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: the report is about what was read");
	if (work->filter && filter_problem(work->filter))
		(void)fprintf(
			stderr, "culprit: %s\n", filter_problem(work->filter));
	if (!output_close(&work->output, failure))
		return EXIT_INPUT_CUT;
	/* What was asked for outranks a cut input, which is said in words. */
	if (fail_on_matches(&request->fail_on, &source.totals))
		return EXIT_FAIL_ON;
	return end == PIPELINE_DONE ? EXIT_RAN : EXIT_INPUT_CUT;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct request request = {0};
	struct work work = {0};
	enum exit_code code = EXIT_RAN;

	request.paths = calloc((size_t)argc + 1, sizeof(*request.paths));
	if (!request.paths) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "no memory");
		return failure->exit_code;
	}
	if (!parse(&request, command, argc, argv, failure))
		code = failure->exit_code;
	else if (!request.is_answered) {
		if (!open_all(&work, &request, failure))
			code = failure->exit_code;
		else
			code = judge(&work, &request, failure);
		close_all(&work);
	}
	free(request.paths);
	return code;
}

const struct command command_analyze = {
	.name = "analyze",
	.operands = "FILE...",
	.summary = "judge the connections of captures",
	.options = rows,
	.run = run,
};

/* culprit analyze FILE...: reads captures, analyses every connection,
 * prints. */
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
	{OPTION_READ_FILE, NULL, "FILE", "a capture file, as in tcpdump -r"},
	{OPTION_FILTER, "filter", "EXPR", "only packets that match (BPF)"},
	{OPTION_COUNT_PACKETS, NULL, "N", "stop after N packets"},
	{OPTION_FAIL_ON, "fail-on", "WORD,...",
		"exit 3 if an incident has this mechanism or culprit (any: "
		"every incident)"},
	{OPTION_ALL_FLOWS, "all-flows", NULL, "list every connection"},
	{OPTION_MAX_FLOWS, "max-flows", "N",
		"connections kept at once (1000000; none: no bound)"},
	{OPTION_MAX_INCIDENTS, "max-incidents", "N",
		"incidents kept (20000; none: no bound)"},
	{0},
};

struct analyze_request {
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

static bool take_option(struct analyze_request *request, int id,
	const char *argument, struct failure *failure)
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
static bool parse(struct analyze_request *request,
	const struct command *command, int argc, char **argv,
	struct failure *failure)
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
struct analyze_run {
	struct filter *filter;
	struct recording *recording;
	struct analysis *analysis;
	struct path *path; /* of a probe's recording, else NULL */
	bool is_begun;
	bool is_newer_probe;
	struct run_files files;
	struct output output;
};

/* A probe's recording has a section comment. Its connections are experiments:
 * the path is analysed, not their endings. */
static void begin(struct analyze_run *run)
{
	struct section_comment comment;
	struct failure failure; /* without memory it is flows like any other */

	run->is_begun = true;
	switch (section_comment_read(
		recording_comment(run->recording), &comment)) {
	case SECTION_COMMENT_NONE:
		break;
	case SECTION_COMMENT_PROBE:
		run->path = path_new(&comment, &failure);
		break;
	case SECTION_COMMENT_NEWER:
		run->is_newer_probe = true;
		break;
	}
}

static void feed(void *context, const struct batch *batch)
{
	struct analyze_run *run = context;

	if (!run->is_begun)
		begin(run);
	if (!run->path) {
		analysis_packets(run->analysis, batch->packets, batch->count);
		return;
	}
	for (uint32_t i = 0; i < batch->count; i++)
		path_packet(run->path, &batch->packets[i]);
}

static bool open_all(struct analyze_run *run,
	const struct analyze_request *request, struct failure *failure)
{
	if (request->filter) {
		run->filter = filter_new(request->filter, &task_apart, failure);
		if (!run->filter)
			return false;
	}
	run->recording =
		recording_open(request->paths, request->path_count, failure);
	if (!run->recording)
		return false;
	run->analysis = analysis_start(&request->analysis, failure);
	if (!run->analysis)
		return false;
	return run_files_add_inputs(&run->files, run->recording, failure) &&
	       output_open(
		       &run->output, &request->common, &run->files, failure) &&
	       sandbox_enter(SANDBOX_READER, failure) &&
	       recording_begin(run->recording, failure) &&
	       run_files_begin(&run->files, failure);
}

static void close_all(struct analyze_run *run)
{
	analysis_free(run->analysis);
	path_free(run->path);
	run_files_free(&run->files);
	recording_close(run->recording);
	filter_free(run->filter);
}

static void print(const struct analyze_run *run,
	const struct analyze_request *request,
	const struct report_source *source)
{
	if (run->path && request->common.is_json)
		report_path_json(run->path, run->output.stream);
	else if (run->path)
		report_path_text(
			run->path, &run->output.style, run->output.stream);
	else if (request->common.is_json)
		report_json(source, run->output.stream);
	else
		report_text(source, &run->output.style, run->output.stream);
}

static enum exit_code judge(struct analyze_run *run,
	const struct analyze_request *request, struct failure *failure)
{
	struct pipeline pipeline = {
		.recording = run->recording,
		.filter = run->filter,
		.max_packets = request->max_packets,
		.consume = feed,
		.context = run,
		.is_stopped = interrupt_watch(),
		.has_progress_line = run->output.has_progress_line,
	};
	enum pipeline_end end = pipeline_run(&pipeline, failure);

	if (end == PIPELINE_FAILED)
		return failure->exit_code;
	analysis_finish(run->analysis);
	if (run->path)
		path_finish(run->path);
	struct analysed analysed = {
		.analysis = run->analysis, .recording = run->recording};
	struct report_source source = analysis_source(&analysed, request->paths,
		request->path_count, end != PIPELINE_DONE);

	print(run, request, &source);
	if (run->is_newer_probe)
		(void)fprintf(stderr,
			"culprit: the recording is of a newer culprit probe: "
			"its connections are analysed, the path is not\n");
	if (end == PIPELINE_STOPPED)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: the report covers the packets read so "
			"far");
	if (run->filter && filter_problem(run->filter))
		(void)fprintf(
			stderr, "culprit: %s\n", filter_problem(run->filter));
	if (!output_close(&run->output, failure))
		return EXIT_INPUT_CUT;
	/* --fail-on outranks a truncated input, which is reported as text. */
	if (fail_on_matches(&request->fail_on, &source.totals))
		return EXIT_FAIL_ON;
	return end == PIPELINE_DONE ? EXIT_RAN : EXIT_INPUT_CUT;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct analyze_request request = {0};
	struct analyze_run run = {0};
	enum exit_code code = EXIT_RAN;

	request.paths = calloc((size_t)argc + 1, sizeof(*request.paths));
	if (!request.paths) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "no memory");
		return failure->exit_code;
	}
	if (!parse(&request, command, argc, argv, failure))
		code = failure->exit_code;
	else if (!request.is_answered) {
		if (!open_all(&run, &request, failure))
			code = failure->exit_code;
		else
			code = judge(&run, &request, failure);
		close_all(&run);
	}
	free(request.paths);
	return code;
}

const struct command command_analyze = {
	.name = "analyze",
	.operands = "FILE...",
	.summary = "analyse the connections in capture files",
	.options = rows,
	.run = run,
};

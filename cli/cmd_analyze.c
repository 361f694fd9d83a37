/* culprit analyze FILE...: reads captures, judges every connection, prints. */
#include <stdlib.h>
#include <string.h>

#include "analysis/path/path.h"
#include "analysis/places.h"
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
	OPTION_AT,
	OPTION_FAIL_ON,
	OPTION_ALL_FLOWS,
	OPTION_MAX_FLOWS,
	OPTION_MAX_INCIDENTS,
	OPTION_READ_FILE = 'r',
	OPTION_COUNT_PACKETS = 'c',
};

static const struct option_row rows[] = {
	{OPTION_READ_FILE, NULL, "FILE", "a capture, as tcpdump names it"},
	{OPTION_AT, "at", "NAME=FILE",
		"a capture of the same traffic, made at NAME"},
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
	const char **paths;	  /* of argv or `names`; the array is ours */
	struct input_file *files; /* the same, with their capture points */
	char **names;		  /* of them, ours */
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

static bool add_file(struct request *request, const char *path,
	const char *place, struct failure *failure)
{
	(void)failure;
	request->paths[request->path_count] = path;
	request->files[request->path_count++] =
		(struct input_file){.path = path, .place = place};
	return true;
}

/* NAME=FILE: the name ends at the first equals sign. */
static bool take_at(
	struct request *request, const char *argument, struct failure *failure)
{
	const char *equals = strchr(argument, '=');
	char *name;

	if (!equals || equals == argument || !equals[1])
		return failure_set(failure, EXIT_USAGE,
			"--at %.200s: it wants NAME=FILE, a capture and the "
			"name of the place where it was made",
			argument);
	name = strndup(argument, (size_t)(equals - argument));
	if (!name)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	request->names[request->path_count] = name;
	return add_file(request, equals + 1, name, failure);
}

static bool take_option(struct request *request, int id, const char *argument,
	struct failure *failure)
{
	switch (id) {
	case OPTION_READ_FILE:
		return add_file(request, argument, NULL, failure);
	case OPTION_AT:
		return take_at(request, argument, failure);
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
		if (!add_file(request, argv[operand], NULL, failure))
			return false;
	if (request->path_count == 0)
		return failure_set(failure, EXIT_USAGE,
			"analyze needs a capture file, or - for standard "
			"input");
	return true;
}

/* Everything that is open while a recording is judged. */
struct work {
	struct filter *filter;
	struct inputs *inputs;
	struct places *places;
	struct path *path; /* of a probe's recording, else NULL */
	bool is_begun;
	bool is_newer_probe;
	bool has_no_memory; /* for another capture point */
	struct run_files files;
	struct output output;
};

/* A probe says in its recording's comment what it was. Its connections are
 * experiments: the path is judged, not how they ended. */
static void begin(struct work *work, unsigned place)
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
		begin(work, batch->place);
	if (!work->path) {
		work->has_no_memory |= !places_packets(work->places,
			batch->place, batch->packets, batch->count);
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
	work->inputs =
		inputs_open(request->files, request->path_count, failure);
	if (!work->inputs)
		return false;
	work->places = analysis_start_places(
		&request->analysis, request->path_count == 1, failure);
	if (!work->places)
		return false;
	return inputs_add_to(work->inputs, &work->files, failure) &&
	       output_open(&work->output, &request->common, &work->files,
		       failure) &&
	       sandbox_enter(SANDBOX_READER, failure) &&
	       inputs_begin(work->inputs, failure) &&
	       run_files_begin(&work->files, failure);
}

static void close_all(struct work *work)
{
	places_free(work->places);
	path_free(work->path);
	run_files_free(&work->files);
	inputs_close(work->inputs);
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
		.inputs = work->inputs,
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
	places_finish(work->places);
	if (work->path)
		path_finish(work->path);
	struct analysed analysed = {
		.places = work->places, .inputs = work->inputs};
	struct report_source source = analysis_source(&analysed, request->paths,
		request->path_count, end != PIPELINE_DONE);

	print(work, request, &source);
	if (work->has_no_memory)
		(void)fprintf(stderr,
			"culprit: no memory for another capture point: what "
			"was recorded there is left out\n");
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
	request.files = calloc((size_t)argc + 1, sizeof(*request.files));
	request.names = calloc((size_t)argc + 1, sizeof(*request.names));
	if (!request.paths || !request.files || !request.names) {
		free(request.paths);
		free(request.files);
		free(request.names);
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
	for (int i = 0; i < argc; i++)
		free(request.names[i]);
	free(request.names);
	free(request.files);
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

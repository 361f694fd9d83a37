/* culprit analyze FILE...: reads captures, judges every connection, prints. */
#include <string.h>

#include "analysis/analysis.h"
#include "analysis/path/path.h"
#include "cli/analysis_source.h"
#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/interrupt.h"
#include "cli/pipeline.h"
#include "cli/task_apart.h"

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

struct work {
	const char *expression; /* of the filter; NULL: none */
	uint64_t max_packets;
	struct fail_on fail_on;
	struct analysis_options options;
	struct filter *filter;
	struct recording *recording;
	struct analysis *analysis;
	struct path *path; /* of a probe's recording, else NULL */
	bool is_begun;
	bool is_newer_probe;
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

static bool take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	struct work *work = run->state;

	switch (id) {
	case OPTION_READ_FILE:
		command_add_operand(run, argument);
		return true;
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

static bool open_input(struct command_run *run, struct failure *failure)
{
	struct work *work = run->state;

	if (work->expression) {
		work->filter =
			filter_new(work->expression, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	work->recording =
		recording_open(run->operands, run->operand_count, failure);
	if (!work->recording)
		return false;
	work->analysis = analysis_start(&work->options, failure);
	return work->analysis &&
	       run_files_add_inputs(&run->files, work->recording, failure);
}

static bool begin_input(struct command_run *run, struct failure *failure)
{
	struct work *work = run->state;

	return recording_begin(work->recording, failure);
}

static void close_all(struct command_run *run)
{
	struct work *work = run->state;

	analysis_free(work->analysis);
	path_free(work->path);
	recording_close(work->recording);
	filter_free(work->filter);
}

static void print(
	const struct command_run *run, const struct report_source *source)
{
	const struct work *work = run->state;
	const struct report_format *format = run->common.format;
	const struct output *output = &run->output;

	if (work->path)
		format->path(work->path, &output->style, output->stream);
	else
		format->incidents(source, &output->style, output->stream);
}

/* What was asked for outranks a cut input, which is said in words. */
static enum exit_code code_of(const struct work *work,
	const struct report_source *source, enum pipeline_end end)
{
	if (fail_on_matches(&work->fail_on, &source->totals))
		return EXIT_FAIL_ON;
	return end == PIPELINE_DONE ? EXIT_RAN : EXIT_INPUT_CUT;
}

static enum exit_code judge(struct command_run *run, struct failure *failure)
{
	struct work *work = run->state;
	struct pipeline pipeline = {
		.recording = work->recording,
		.filter = work->filter,
		.max_packets = work->max_packets,
		.consume = feed,
		.context = work,
		.is_stopped = interrupt_watch(),
		.has_progress_line = run->output.has_progress_line,
	};
	enum pipeline_end end = pipeline_run(&pipeline, failure);

	if (end == PIPELINE_FAILED)
		return failure->exit_code;
	analysis_finish(work->analysis);
	if (work->path)
		path_finish(work->path);
	struct analysed analysed = {
		.analysis = work->analysis, .recording = work->recording};
	struct report_source source = analysis_source(&analysed, run->operands,
		run->operand_count, end != PIPELINE_DONE);

	print(run, &source);
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
	return code_of(work, &source, end);
}

const struct command command_analyze = {
	.name = "analyze",
	.operands = "FILE...",
	.summary = "judge the connections of captures",
	.options = rows,
	.reports = REPORT_INCIDENTS,
	.state_bytes = sizeof(struct work),
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

/* culprit timeline FILE: the packets of one connection as a sequence diagram.
 * Two passes: the first makes all verdicts and chooses the connection, the
 * second collects its packets (or copies the recording with comments). */
#include <stdlib.h>
#include <unistd.h>

#include "cli/analysis_source.h"
#include "cli/command.h"
#include "cli/annotate_copy.h"
#include "cli/flow_choice.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/output_file.h"
#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "cli/task_apart.h"
#include "cli/timeline_request.h"
#include "report/seq_diagram.h"
#include "report/packet_rows.h"
#include "report/report_json.h"

struct timeline_run {
	const struct timeline_request *request;
	struct filter *filter;
	struct recording *first, *second;
	struct analysis *analysis;
	struct run_files files;
	struct output output; /* no stream: the copy takes its place */
	int copy_file;	      /* until it begins; else -1 */
	struct recording_writer *copy;
	const volatile sig_atomic_t *is_stopped;
	struct flow_choice choice;
	struct report_source source; /* from the first pass */
	/* second pass */
	struct flow_packets packets;
};

static void judge_batch(void *context, const struct batch *batch)
{
	struct timeline_run *run = context;

	for (uint32_t i = 0; i < batch->count; i++)
		flow_choice_look(&run->choice, &batch->packets[i]);
	analysis_packets(run->analysis, batch->packets, batch->count);
}

static const struct incident *incident_of(const struct timeline_run *run)
{
	return run->choice.incident_index == UINT64_MAX ? NULL
							: &run->choice.incident;
}

static void collect_batch(void *context, const struct batch *batch)
{
	struct timeline_run *run = context;
	const struct timeline_request *request = run->request;
	FILE *out = run->output.stream;

	for (uint32_t i = 0; i < batch->count; i++) {
		const struct packet *packet = &batch->packets[i];

		if (!request->is_csv && !request->common.is_json) {
			flow_packets_take(&run->packets, packet);
			continue;
		}
		enum speaker speaker =
			flow_follower_take(&run->packets.follower, packet);
		if (speaker == SPEAKER_NOBODY)
			continue;
		if (request->is_csv)
			packet_row_csv(&run->source, packet, speaker, out);
		else
			packet_row_json(&run->source, incident_of(run), packet,
				speaker, out);
	}
}

static enum pipeline_end pass(struct timeline_run *run,
	struct recording *recording,
	void (*consume)(void *, const struct batch *), struct failure *failure)
{
	struct pipeline pipeline = {
		.recording = recording,
		.filter = run->filter,
		.consume = consume,
		.context = run,
		.is_stopped = run->is_stopped,
		.has_progress_line = run->output.has_progress_line,
	};

	return pipeline_run(&pipeline, failure);
}

static enum pipeline_end show_flow(
	struct timeline_run *run, struct failure *failure)
{
	const struct timeline_request *request = run->request;
	const struct incident *incident = incident_of(run);

	flow_follower_begin(&run->packets.follower, &run->choice.flow,
		incident ? incident->began_ns : INT64_MIN,
		incident ? incident->frame : 0);
	if (request->is_csv)
		packet_row_csv_header(run->output.stream);
	else if (request->common.is_json && incident)
		report_json_incident(
			&run->source, incident, run->output.stream);
	enum pipeline_end end = pass(run, run->second, collect_batch, failure);

	if (request->is_csv || request->common.is_json)
		return end;
	struct seq_diagram ladder = {
		.source = &run->source,
		.packets = &run->packets,
		.incident = incident,
	};
	seq_diagram_print(&ladder, &run->output.style, run->output.stream);
	return end;
}

/* With a connection chosen its comments alone, else those of all. */
static bool write_copy(struct timeline_run *run, struct failure *failure)
{
	const struct timeline_request *request = run->request;
	bool is_chosen = request->frame != 0 || request->flow.family != 0;
	struct copy copy = {
		.recording = run->second,
		.writer = run->copy,
		.source = &run->source,
		.only = is_chosen ? run->choice.incident_index : UINT64_MAX,
		.is_without_comments =
			is_chosen && run->choice.incident_index == UINT64_MAX,
		.is_stopped = run->is_stopped,
	};

	return copy_run(&copy, failure);
}

/* The report, the copy that is written instead of it, or both. */
static bool open_outputs(struct timeline_run *run, struct failure *failure)
{
	const struct timeline_request *request = run->request;

	run->output.has_progress_line =
		output_has_progress_line(&request->common);
	if ((!request->copy_path || request->common.output_path) &&
		!output_open(
			&run->output, &request->common, &run->files, failure))
		return false;
	if (request->copy_path)
		run->copy_file = output_file_open(request->copy_path,
			RUN_FILE_RECORDING, &run->files, failure);
	return !request->copy_path || run->copy_file >= 0;
}

static bool begin_outputs(struct timeline_run *run, struct failure *failure)
{
	if (!run_files_begin(&run->files, failure))
		return false;
	if (run->copy_file < 0)
		return true;
	run->copy = recording_writer_on(run->copy_file, run->request->copy_path,
		"Verdicts of culprit " CULPRIT_VERSION " as packet comments.",
		failure);
	run->copy_file = -1;
	return run->copy != NULL;
}

static bool open_all(struct timeline_run *run, struct failure *failure)
{
	const struct timeline_request *request = run->request;
	static const struct analysis_options defaults;

	if (request->filter) {
		run->filter = filter_new(request->filter, &task_apart, failure);
		if (!run->filter)
			return false;
	}
	run->first =
		recording_open(request->paths, request->path_count, failure);
	run->second = run->first ? recording_open(request->paths,
					   request->path_count, failure)
				 : NULL;
	run->analysis = run->second ? analysis_start(&defaults, failure) : NULL;
	if (!run->analysis)
		return false;
	return run_files_add_inputs(&run->files, run->first, failure) &&
	       run_files_add_inputs(&run->files, run->second, failure) &&
	       open_outputs(run, failure) &&
	       sandbox_enter(SANDBOX_READER, failure) &&
	       recording_begin(run->first, failure) &&
	       recording_begin(run->second, failure) &&
	       begin_outputs(run, failure);
}

static void close_all(struct timeline_run *run)
{
	struct failure ignored;

	if (run->copy_file >= 0)
		(void)close(run->copy_file); /* nothing was written */
	if (run->copy) /* a copy that was finished is closed already */
		(void)recording_writer_close(run->copy, &ignored);
	analysis_free(run->analysis);
	run_files_free(&run->files);
	recording_close(run->first);
	recording_close(run->second);
	filter_free(run->filter);
}

static bool end_of_copy(struct timeline_run *run, struct failure *failure)
{
	bool is_written = write_copy(run, failure);
	struct failure at_close;

	if (!recording_writer_close(run->copy, &at_close) && is_written) {
		*failure = at_close;
		is_written = false;
	}
	run->copy = NULL;
	return is_written;
}

static enum exit_code draw(struct timeline_run *run, struct failure *failure)
{
	run->is_stopped = interrupt_watch();
	enum pipeline_end end = pass(run, run->first, judge_batch, failure);
	struct analysed analysed = {
		.analysis = run->analysis, .recording = run->first};
	struct failure second;

	if (end == PIPELINE_FAILED)
		return failure->exit_code;
	analysis_finish(run->analysis);
	run->source = analysis_source(&analysed, run->request->paths,
		run->request->path_count, end != PIPELINE_DONE);
	if (!flow_choice_settle(&run->choice, &run->source, failure))
		return failure->exit_code;
	if (run->copy) {
		if (!end_of_copy(run, failure))
			return failure->exit_code;
	} else if (!run->choice.has_flow) {
		(void)fputs("No connection failed here. --flow or --frame "
			    "shows one anyway.\n",
			run->request->is_csv || run->request->common.is_json
				? stderr
				: run->output.stream);
	} else if (show_flow(run, &second) == PIPELINE_FAILED) {
		*failure = second;
		return failure->exit_code;
	}
	if (run->output.stream && !output_close(&run->output, failure))
		return EXIT_INPUT_CUT;
	bool is_interrupted = *run->is_stopped; /* in whatever pass */

	if (is_interrupted)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: it covers the packets read so far");
	return is_interrupted || end != PIPELINE_DONE ? EXIT_INPUT_CUT
						      : EXIT_RAN;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct timeline_request request = {0};
	enum exit_code code = EXIT_RAN;

	request.paths = calloc((size_t)argc + 1, sizeof(*request.paths));
	struct timeline_run *run = calloc(1, sizeof(*run));
	if (!request.paths || !run) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "no memory");
		code = failure->exit_code;
	} else if (!timeline_request_parse(
			   &request, command, argc, argv, failure)) {
		code = failure->exit_code;
	} else if (!request.is_answered) {
		run->request = &request;
		run->copy_file = -1;
		run->choice.named = request.flow;
		run->choice.frame = request.frame;
		code = open_all(run, failure) ? draw(run, failure)
					      : failure->exit_code;
		close_all(run);
	}
	free(run);
	free(request.paths);
	return code;
}

const struct command command_timeline = {
	.name = "timeline",
	.operands = "FILE...",
	.summary = "the packets of one connection as a sequence diagram",
	.options = timeline_options,
	.run = run,
};

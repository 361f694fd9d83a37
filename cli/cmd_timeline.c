/* culprit timeline FILE: the packets of one connection as a ladder. Two passes:
 * the first judges everything and settles which connection, the second collects
 * its packets (or copies the recording with comments). */
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

struct work {
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
	struct work *work = context;

	for (uint32_t i = 0; i < batch->count; i++)
		flow_choice_look(&work->choice, &batch->packets[i]);
	analysis_packets(work->analysis, batch->packets, batch->count);
}

static const struct incident *incident_of(const struct work *work)
{
	return work->choice.incident_index == UINT64_MAX
		       ? NULL
		       : &work->choice.incident;
}

static void collect_batch(void *context, const struct batch *batch)
{
	struct work *work = context;
	const struct timeline_request *request = work->request;
	FILE *out = work->output.stream;

	for (uint32_t i = 0; i < batch->count; i++) {
		const struct packet *packet = &batch->packets[i];

		if (!request->is_csv && !request->common.is_json) {
			flow_packets_take(&work->packets, packet);
			continue;
		}
		enum speaker speaker =
			flow_follower_take(&work->packets.follower, packet);
		if (speaker == SPEAKER_NOBODY)
			continue;
		if (request->is_csv)
			packet_row_csv(&work->source, packet, speaker, out);
		else
			packet_row_json(&work->source, incident_of(work),
				packet, speaker, out);
	}
}

static enum pipeline_end pass(struct work *work, struct recording *recording,
	void (*consume)(void *, const struct batch *), struct failure *failure)
{
	struct pipeline pipeline = {
		.recording = recording,
		.filter = work->filter,
		.consume = consume,
		.context = work,
		.is_stopped = work->is_stopped,
		.has_progress_line = work->output.has_progress_line,
	};

	return pipeline_run(&pipeline, failure);
}

static enum pipeline_end show_flow(struct work *work, struct failure *failure)
{
	const struct timeline_request *request = work->request;
	const struct incident *incident = incident_of(work);

	flow_follower_begin(&work->packets.follower, &work->choice.flow,
		incident ? incident->began_ns : INT64_MIN,
		incident ? incident->frame : 0);
	if (request->is_csv)
		packet_row_csv_header(work->output.stream);
	else if (request->common.is_json && incident)
		report_json_incident(
			&work->source, incident, work->output.stream);
	enum pipeline_end end =
		pass(work, work->second, collect_batch, failure);

	if (request->is_csv || request->common.is_json)
		return end;
	struct seq_diagram ladder = {
		.source = &work->source,
		.packets = &work->packets,
		.incident = incident,
	};
	seq_diagram_print(&ladder, &work->output.style, work->output.stream);
	return end;
}

/* With a connection chosen its comments alone, else those of all. */
static bool write_copy(struct work *work, struct failure *failure)
{
	const struct timeline_request *request = work->request;
	bool is_chosen = request->frame != 0 || request->flow.family != 0;
	struct copy copy = {
		.recording = work->second,
		.writer = work->copy,
		.source = &work->source,
		.only = is_chosen ? work->choice.incident_index : UINT64_MAX,
		.is_without_comments =
			is_chosen && work->choice.incident_index == UINT64_MAX,
		.is_stopped = work->is_stopped,
	};

	return copy_run(&copy, failure);
}

/* The report, the copy that is written instead of it, or both. */
static bool open_outputs(struct work *work, struct failure *failure)
{
	const struct timeline_request *request = work->request;

	work->output.has_progress_line =
		output_has_progress_line(&request->common);
	if ((!request->copy_path || request->common.output_path) &&
		!output_open(
			&work->output, &request->common, &work->files, failure))
		return false;
	if (request->copy_path)
		work->copy_file = output_file_open(request->copy_path,
			RUN_FILE_RECORDING, &work->files, failure);
	return !request->copy_path || work->copy_file >= 0;
}

static bool begin_outputs(struct work *work, struct failure *failure)
{
	if (!run_files_begin(&work->files, failure))
		return false;
	if (work->copy_file < 0)
		return true;
	work->copy = recording_writer_on(work->copy_file,
		work->request->copy_path,
		"Verdicts of culprit " CULPRIT_VERSION " as packet comments.",
		failure);
	work->copy_file = -1;
	return work->copy != NULL;
}

static bool open_all(struct work *work, struct failure *failure)
{
	const struct timeline_request *request = work->request;
	static const struct analysis_options defaults;

	if (request->filter) {
		work->filter =
			filter_new(request->filter, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	work->first =
		recording_open(request->paths, request->path_count, failure);
	work->second = work->first ? recording_open(request->paths,
					     request->path_count, failure)
				   : NULL;
	work->analysis =
		work->second ? analysis_start(&defaults, failure) : NULL;
	if (!work->analysis)
		return false;
	return run_files_add_inputs(&work->files, work->first, failure) &&
	       run_files_add_inputs(&work->files, work->second, failure) &&
	       open_outputs(work, failure) &&
	       sandbox_enter(SANDBOX_READER, failure) &&
	       recording_begin(work->first, failure) &&
	       recording_begin(work->second, failure) &&
	       begin_outputs(work, failure);
}

static void close_all(struct work *work)
{
	struct failure ignored;

	if (work->copy_file >= 0)
		(void)close(work->copy_file); /* nothing was written */
	if (work->copy) /* a copy that was finished is closed already */
		(void)recording_writer_close(work->copy, &ignored);
	analysis_free(work->analysis);
	run_files_free(&work->files);
	recording_close(work->first);
	recording_close(work->second);
	filter_free(work->filter);
}

static bool end_of_copy(struct work *work, struct failure *failure)
{
	bool is_written = write_copy(work, failure);
	struct failure at_close;

	if (!recording_writer_close(work->copy, &at_close) && is_written) {
		*failure = at_close;
		is_written = false;
	}
	work->copy = NULL;
	return is_written;
}

static enum exit_code draw(struct work *work, struct failure *failure)
{
	work->is_stopped = interrupt_watch();
	enum pipeline_end end = pass(work, work->first, judge_batch, failure);
	struct analysed analysed = {
		.analysis = work->analysis, .recording = work->first};
	struct failure second;

	if (end == PIPELINE_FAILED)
		return failure->exit_code;
	analysis_finish(work->analysis);
	work->source = analysis_source(&analysed, work->request->paths,
		work->request->path_count, end != PIPELINE_DONE);
	if (!flow_choice_settle(&work->choice, &work->source, failure))
		return failure->exit_code;
	if (work->copy) {
		if (!end_of_copy(work, failure))
			return failure->exit_code;
	} else if (!work->choice.has_flow) {
		(void)fputs("No connection died here. --flow or --frame shows "
			    "one all the same.\n",
			work->request->is_csv || work->request->common.is_json
				? stderr
				: work->output.stream);
	} else if (show_flow(work, &second) == PIPELINE_FAILED) {
		*failure = second;
		return failure->exit_code;
	}
	if (work->output.stream && !output_close(&work->output, failure))
		return EXIT_INPUT_CUT;
	bool is_interrupted = *work->is_stopped; /* in whatever pass */

	if (is_interrupted)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: it is about what was read");
	return is_interrupted || end != PIPELINE_DONE ? EXIT_INPUT_CUT
						      : EXIT_RAN;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct timeline_request request = {0};
	enum exit_code code = EXIT_RAN;

	request.paths = calloc((size_t)argc + 1, sizeof(*request.paths));
	struct work *work = calloc(1, sizeof(*work));
	if (!request.paths || !work) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "no memory");
		code = failure->exit_code;
	} else if (!timeline_request_parse(
			   &request, command, argc, argv, failure)) {
		code = failure->exit_code;
	} else if (!request.is_answered) {
		work->request = &request;
		work->copy_file = -1;
		work->choice.named = request.flow;
		work->choice.frame = request.frame;
		code = open_all(work, failure) ? draw(work, failure)
					       : failure->exit_code;
		close_all(work);
	}
	free(work);
	free(request.paths);
	return code;
}

const struct command command_timeline = {
	.name = "timeline",
	.operands = "FILE...",
	.summary = "the packets of one connection as a ladder",
	.options = timeline_options,
	.run = run,
};

/* culprit timeline FILE: the packets of one connection as a sequence diagram.
 * Two passes: the first makes all verdicts and chooses the connection, the
 * second collects its packets (or copies the recording with comments). */
#include <unistd.h>

#include "cli/analysis_source.h"
#include "cli/annotate_copy.h"
#include "cli/around.h"
#include "cli/flow_choice.h"
#include "cli/interrupt.h"
#include "cli/output_file.h"
#include "cli/pipeline.h"
#include "cli/task_apart.h"
#include "cli/timeline_page.h"
#include "cli/timeline_request.h"

struct timeline_work {
	struct timeline_request request;
	struct command_run *run;
	struct filter *filter;
	struct recording *first, *second;
	struct analysis *analysis;
	int copy_file; /* until it begins; else -1 */
	struct recording_writer *copy;
	const volatile sig_atomic_t *is_stopped;
	struct flow_choice choice;
	struct report_source source; /* from the first pass */
	/* second pass */
	struct flow_packets packets;
	struct packet_view view;
	struct plot *plot; /* NULL: none is asked for */
	struct timeline_page page;
	struct around around;
};

static void judge_batch(void *context, const struct batch *batch)
{
	struct timeline_work *work = context;

	for (uint32_t i = 0; i < batch->count; i++)
		flow_choice_look(&work->choice, &batch->packets[i]);
	analysis_packets(work->analysis, batch->packets, batch->count);
}

static const struct incident *incident_of(const struct timeline_work *work)
{
	return work->choice.incident_index == UINT64_MAX
		       ? NULL
		       : &work->choice.incident;
}

static void show_packet(
	void *context, const struct packet *packet, enum speaker speaker)
{
	struct timeline_work *work = context;

	if (work->view.out)
		work->run->common.format->packet(&work->view, packet, speaker);
	timeline_page_packet(&work->page, packet, speaker);
	xplot_files_packet(&work->request.xplot, packet, speaker);
}

static void show_batch(void *context, const struct batch *batch)
{
	struct timeline_work *work = context;

	for (uint32_t i = 0; i < batch->count; i++) {
		const struct packet *packet = &batch->packets[i];
		enum speaker speaker =
			flow_follower_take(&work->packets.follower, packet);

		if (speaker != SPEAKER_NOBODY)
			around_packet(&work->around, packet, speaker,
				show_packet, work);
	}
}

/* From where a connection is followed, and its packet in the middle. What is
 * named by a stream or a packet begins at the stream's first packet, and ends
 * where its ports are used anew. */
static void follow(struct timeline_work *work)
{
	const struct incident *incident = incident_of(work);
	const struct flow_choice *choice = &work->choice;
	int64_t began_ns = incident ? incident->began_ns : INT64_MIN;
	uint64_t frame = incident ? incident->frame : choice->frame;

	if (!incident && choice->has_stream) {
		began_ns = choice->framed.time_ns;
		frame = choice->framed.frame;
	} else if (!incident && choice->start.frame != 0) {
		began_ns = choice->start.time_ns;
	}
	flow_follower_begin(
		&work->packets.follower, &work->choice.flow, began_ns, frame);
	work->around.most = work->request.around;
	work->around.frame = choice->frame ? choice->frame : frame;
}

static enum pipeline_end pass(struct timeline_work *work,
	struct recording *recording,
	void (*consume)(void *, const struct batch *), struct failure *failure)
{
	struct pipeline pipeline = {
		.recording = recording,
		.filter = work->filter,
		.consume = consume,
		.context = work,
		.is_stopped = work->is_stopped,
		.has_progress_line = work->run->output.has_progress_line,
	};

	return pipeline_run(&pipeline, failure);
}

static enum pipeline_end show_flow(
	struct timeline_work *work, struct failure *failure)
{
	const struct report_format *format = work->run->common.format;
	const struct incident *incident = incident_of(work);

	follow(work);
	if (work->request.plot != PLOT_NONE) {
		work->plot = plot_new(work->request.plot, incident);
		if (!work->plot) {
			(void)failure_set(
				failure, EXIT_INPUT_CUT, "no memory to plot");
			return PIPELINE_FAILED;
		}
	}
	work->view = (struct packet_view){
		.source = &work->source,
		.incident = incident,
		.packets = &work->packets,
		.plot = work->plot,
		.style = &work->run->output.style,
		.out = work->run->output.stream,
	};
	if (!xplot_files_begin(&work->request.xplot, &work->choice.flow,
		    incident, failure))
		return PIPELINE_FAILED;
	if (!timeline_page_begin(&work->page, work->request.page.stream,
		    &work->source, incident, &work->choice.flow, failure))
		return PIPELINE_FAILED;
	if (format->begin_packets && work->view.out)
		format->begin_packets(&work->view);
	enum pipeline_end end = pass(work, work->second, show_batch, failure);

	around_end(&work->around, show_packet, work);

	if (format->end_packets && work->view.out)
		format->end_packets(&work->view);
	timeline_page_end(&work->page);
	return end;
}

/* With a connection chosen its comments alone, else those of all. */
static bool write_copy(struct timeline_work *work, struct failure *failure)
{
	const struct timeline_request *request = &work->request;
	bool is_chosen = request->frame != 0 || request->flow.family != 0 ||
			 request->has_stream || request->is_first;
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

static bool take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	struct timeline_work *work = run->state;

	return timeline_request_take(
		&work->request, run, id, argument, failure);
}

/* The report, the copy that is written instead of it, or both. */
static bool check(struct command_run *run, struct failure *failure)
{
	struct timeline_work *work = run->state;

	work->copy_file = -1;
	run->is_without_report =
		(work->request.copy_path || work->request.page.path ||
			work->request.xplot.prefix) &&
		!run->common.output_path;
	return timeline_request_check(&work->request, run, failure);
}

static bool open_inputs(struct command_run *run, struct failure *failure)
{
	struct timeline_work *work = run->state;
	static const struct analysis_options defaults;

	work->run = run;
	work->choice.named = work->request.flow;
	work->choice.frame = work->request.frame;
	work->choice.is_lone = work->request.is_lone;
	work->choice.is_first = work->request.is_first;
	work->choice.has_stream = work->request.has_stream;
	work->choice.stream = work->request.stream;
	work->choice.streams.seed = analysis_seed();
	if (work->request.filter) {
		work->filter =
			filter_new(work->request.filter, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	work->first =
		recording_open(run->operands, run->operand_count, failure);
	work->second = work->first ? recording_open(run->operands,
					     run->operand_count, failure)
				   : NULL;
	work->analysis =
		work->second ? analysis_start(&defaults, failure) : NULL;
	return work->analysis &&
	       run_files_add_inputs(&run->files, work->first, failure) &&
	       run_files_add_inputs(&run->files, work->second, failure);
}

static bool open_copy(struct command_run *run, struct failure *failure)
{
	struct timeline_work *work = run->state;

	run->output.has_progress_line = output_has_progress_line(&run->common);
	if (!page_file_open(&work->request.page, run, failure) ||
		!xplot_files_open(&work->request.xplot, run, failure))
		return false;
	if (!work->request.copy_path)
		return true;
	work->copy_file = output_file_open(work->request.copy_path,
		RUN_FILE_RECORDING, &run->files, failure);
	return work->copy_file >= 0;
}

static bool begin_inputs(struct command_run *run, struct failure *failure)
{
	struct timeline_work *work = run->state;

	return recording_begin(work->first, failure) &&
	       recording_begin(work->second, failure);
}

static bool begin_copy(struct timeline_work *work, struct failure *failure)
{
	if (work->copy_file < 0)
		return true;
	work->copy = recording_writer_on(work->copy_file,
		work->request.copy_path,
		"Verdicts of culprit " CULPRIT_VERSION " as packet comments.",
		failure);
	work->copy_file = -1;
	return work->copy != NULL;
}

static void close_all(struct command_run *run)
{
	struct timeline_work *work = run->state;
	struct failure ignored = {.text = ""};

	if (work->copy_file >= 0)
		(void)close(work->copy_file); /* nothing was written */
	if (work->copy) /* a copy that was finished is closed already */
		(void)recording_writer_close(work->copy, &ignored);
	(void)page_file_close(&work->request.page, &ignored);
	flow_choice_release(&work->choice);
	(void)xplot_files_close(&work->request.xplot, &ignored);
	plot_free(work->plot);
	analysis_free(work->analysis);
	recording_close(work->first);
	recording_close(work->second);
	filter_free(work->filter);
}

static bool end_of_copy(struct timeline_work *work, struct failure *failure)
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

static void show_none(
	const struct command_run *run, const struct analysis_totals *totals)
{
	const char *sentence =
		analysis_is_complete(totals)
			? "No connection failed here. --flow or --frame shows "
			  "one."
			: "No failed connection is known, and not all were "
			  "judged. --flow or --frame shows one.";
	const struct report_format *format = run->common.format;

	bool is_told_there = run->output.stream && format->is_for_people;

	if (run->output.stream && format->no_packets)
		format->no_packets(sentence, run->output.stream);
	(void)fprintf(
		is_told_there ? run->output.stream : stderr, "%s\n", sentence);
}

/* The connection, or the copy, once it is settled which connection. */
static bool show(struct timeline_work *work, struct failure *failure)
{
	struct failure first = *failure; /* where the first pass was cut */

	if (work->copy)
		return end_of_copy(work, failure);
	if (!work->choice.has_flow) {
		show_none(work->run, &work->source.totals);
		return timeline_page_without(
			work->request.page.stream, &work->source, failure);
	}
	if (show_flow(work, failure) == PIPELINE_FAILED)
		return false;
	*failure = first; /* the second pass was cut at the same place */
	return true;
}

/* Each that was lost is told. */
static bool close_files(struct timeline_work *work, struct failure *failure)
{
	struct failure of_page = {.text = ""}, of_plots = {.text = ""};
	bool has_page = page_file_close(&work->request.page, &of_page);
	bool has_plots = xplot_files_close(&work->request.xplot, &of_plots);

	command_add_failure(failure, &of_page);
	command_add_failure(failure, &of_plots);
	return has_page && has_plots;
}

static enum exit_code draw(struct command_run *run, struct failure *failure)
{
	struct timeline_work *work = run->state;

	work->is_stopped = interrupt_watch();
	enum pipeline_end end = pass(work, work->first, judge_batch, failure);
	struct analysed analysed = {
		.analysis = work->analysis, .recording = work->first};

	if (end == PIPELINE_FAILED)
		return failure->exit_code;
	analysis_finish(work->analysis);
	work->source = analysis_source(&analysed, run->operands,
		run->operand_count, end != PIPELINE_DONE);
	analysis_tell_left_out(&work->source);
	enum exit_code code = analysis_code_unbounded(&work->source);

	if (!flow_choice_settle(&work->choice, &work->source, failure) ||
		!run_files_begin(&run->files, failure) ||
		!begin_copy(work, failure) || !show(work, failure))
		return failure->exit_code;
	if (!close_files(work, failure))
		return EXIT_INPUT_CUT;
	bool is_interrupted = *work->is_stopped; /* in whatever pass */

	if (is_interrupted)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: it covers the packets read so far");
	return is_interrupted ? EXIT_INPUT_CUT : code;
}

const struct command command_timeline = {
	.name = "timeline",
	.operands = "FILE...",
	.summary = "the packets of one connection as a sequence diagram",
	.options = timeline_options,
	.reports = REPORT_PACKETS,
	.state_bytes = sizeof(struct timeline_work),
	.take_option = take_option,
	.check = check,
	.steps =
		{
			.open = open_inputs,
			.prepare = open_copy,
			.is_sandboxed = true,
			.sandbox = SANDBOX_READER,
			.begin = begin_inputs,
			.is_begun_by_work = true,
			.work = draw,
			.close = close_all,
		},
};

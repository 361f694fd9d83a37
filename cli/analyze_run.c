#include "cli/analyze_run.h"

#include "analysis/path/path.h"
#include "capture/decode/packet_decode.h"
#include "cli/analysis_source.h"
#include "cli/interrupt.h"
#include "cli/notice.h"
#include "cli/shared_run.h"
#include "probe/protocol/client_settings.h"

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
		/* what it has no memory for, it counts */
		(void)places_packets(work->places, batch->place, batch->packets,
			batch->count);
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
	if (!work->path && !work->is_counting_streams)
		return;
	for (uint32_t i = 0; i < batch->count; i++) {
		packet_decode(&batch->frames[i], &batch->packets[i]);
		if (!work->path) {
			(void)tcp_streams_take(
				&work->streams, &batch->packets[i]);
			continue;
		}
		path_packet(work->path, &batch->packets[i]);
	}
	if (work->path)
		batch->count = 0;
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

/* Of partial results, the captures that they are of are what was read. */
static struct report_source source_of(const struct command_run *run,
	const struct analysed *analysed, bool is_cut)
{
	const struct analyze_work *work = run->state;
	const struct partial_set *partials = &work->partials;

	return partials->count ? analysis_source(analysed, partials->names,
					 partials->name_count, is_cut)
			       : analysis_source(analysed, work->paths,
					 run->operand_count, is_cut);
}

/* --fail-on outranks a truncated input, which is reported as text. */
static enum exit_code code_of(
	const struct analyze_work *work, const struct report_source *source)
{
	return fail_on_matches(&work->fail_on, &source->totals)
		       ? EXIT_FAIL_ON
		       : analysis_code(source);
}

/* A recording that was to end with a statement and does not is of a run that
 * was killed, or is cut off. */
static void finish_path(struct analyze_work *work)
{
	const char *end = inputs_end_comment(work->inputs, work->path_place);
	struct client_settings settings;
	struct section_end stated;

	client_settings_read(end, &settings);
	path_set_client(work->path, &settings);
	if (section_comment_read_end(end, &stated)) {
		path_end(work->path, stated.ended);
		path_set_capture_lost(work->path, stated.lost);
	} else if (path_comment(work->path)->is_end_stated) {
		path_end(work->path, 0);
	}
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

/* Wireshark counts in a file that it reads whole. */
static bool can_count_streams(const struct command_run *run)
{
	const struct analyze_work *work = run->state;
	const struct partial_set *partials = &work->partials;

	if (!work->options.is_listing_flows || work->filter)
		return false;
	return partials->count ? partials->name_count == 1 &&
					 !partial_set_filter(partials)
			       : run->operand_count == 1;
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
	enum pipeline_end end;

	work->is_counting_streams = can_count_streams(run);
	work->streams.seed = analysis_seed();
	end = shared_run(&shared, failure);
	if (end == PIPELINE_FAILED)
		return end;
	places_put(work->places, parts_join(work->parts));
	work->parts = NULL;
	return end;
}

/* What the report can't hold. */
static void tell(
	const struct analyze_work *work, const struct report_source *source)
{
	if (work->shared)
		shared_handshakes_tell(work->shared, work->inputs);
	analysis_tell_left_out(source);
	if (work->is_newer_probe)
		notice_print("the recording is of a newer culprit probe: its "
			     "connections are analysed, the path is not");
	if (work->filter && filter_problem(work->filter))
		notice_print("%s", filter_problem(work->filter));
}

/* Reads everything, and lets the failure say why not. */
static enum pipeline_end read_all(
	struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;
	const volatile sig_atomic_t *is_stopped = interrupt_watch();

	work->page.is_stopped = is_stopped;
	enum pipeline_end end = work->parts
					? run_parts(run, is_stopped, failure)
					: run_places(run, is_stopped, failure);

	if (end == PIPELINE_STOPPED)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: the report covers the packets read so "
			"far");
	if (end != PIPELINE_DONE || !work->partials.cut)
		return end;
	(void)failure_set(
		failure, EXIT_INPUT_CUT, "%.500s", work->partials.cut);
	return PIPELINE_CUT;
}

/* What was lost of it is told like a lost report. */
static bool write_page(struct command_run *run,
	const struct report_source *source, struct failure *failure)
{
	struct analyze_work *work = run->state;
	struct page_pass *page = &work->page;

	page->filter = work->filter;
	page->max_packets = work->max_packets;
	page->has_progress_line = run->output.has_progress_line;
	return page_pass_write(page, work->path, source, failure);
}

/* The files beside the report. EXIT_RAN, or what the failure of one of them
 * is. */
static enum exit_code write_others(struct command_run *run,
	const struct report_source *source, struct failure *failure)
{
	struct analyze_work *work = run->state;
	struct failure of_page = {.text = ""}, of_lake;
	bool is_page_written = write_page(run, source, &of_page);

	command_add_failure(failure, &of_page);
	if (!work->lake_prefix || lake_write(&work->lake, source, &of_lake))
		return is_page_written ? EXIT_RAN : EXIT_INPUT_CUT;
	command_add_failure(failure, &of_lake);
	return of_lake.exit_code;
}

enum exit_code analyze_judge(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;
	enum pipeline_end end = read_all(run, failure);

	if (end == PIPELINE_FAILED || !run_files_begin(&run->files, failure))
		return failure->exit_code;
	places_finish(work->places);
	if (work->path)
		finish_path(work);
	struct analysed analysed = {
		.places = work->places,
		.inputs = work->inputs,
		.streams = work->is_counting_streams ? &work->streams : NULL};
	struct report_source source =
		source_of(run, &analysed, end != PIPELINE_DONE);

	print(run, &source);
	tell(work, &source);
	enum exit_code of_others = write_others(run, &source, failure);
	enum exit_code code = code_of(work, &source);

	return of_others == EXIT_RAN || code == EXIT_FAIL_ON ? code : of_others;
}

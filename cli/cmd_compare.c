/* culprit compare NEAR FAR [MORE...]: captures of the same traffic from several
 * places, in the order of the path: what became of each packet between them,
 * and on which side of which place the culprit is.
 *
 * The connections are analysed as `analyze --at` does; besides, every packet is
 * kept and compared (analysis/compare/). */
#include <stdlib.h>
#include <string.h>

#include "cli/analysis_source.h"
#include "cli/compare_request.h"
#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/notice.h"
#include "cli/pipeline.h"
#include "cli/spill_file.h"
#include "cli/task_apart.h"
#include "report/comparison_incident.h"
#include "report/page/page_comparison.h"

struct compare_work {
	struct compare_request request;
	struct input_file *files;
	struct analysis_options options;
	struct spill_file spill;
	struct filter *filter;
	struct inputs *inputs;
	struct places *places;
	struct compare *compare;
};

static bool take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	struct compare_work *work = run->state;

	return compare_request_take(&work->request, run, id, argument, failure);
}

static bool check(struct command_run *run, struct failure *failure)
{
	struct compare_work *work = run->state;

	return compare_request_check(&work->request, run, failure);
}

/* One half; with less than the least here its tables hold no connection. */
static uint64_t share_of_analysis(uint64_t memory)
{
	enum { LEAST_BYTES = 24000000 };

	if (memory == UINT64_MAX)
		return memory;
	return memory / 2 > LEAST_BYTES ? memory / 2 : LEAST_BYTES;
}

static bool open_input(struct command_run *run, struct failure *failure)
{
	struct compare_work *work = run->state;
	uint64_t memory = work->request.memory_bytes;

	if (work->request.filter) {
		work->filter =
			filter_new(work->request.filter, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	work->files = calloc(run->operand_count, sizeof(*work->files));
	if (!work->files)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	if (!compare_request_name(&work->request, run, work->files, failure))
		return false;
	work->inputs = inputs_open(work->files, run->operand_count, failure);
	if (!work->inputs)
		return false;
	if (memory == 0)
		memory = memory_default();
	work->options.memory_bytes = share_of_analysis(memory);
	if (memory != UINT64_MAX) /* "none" has no rest */
		memory -= work->options.memory_bytes;
	work->options.spill = spill_file_open(&work->spill);
	work->places = analysis_start_places(&work->options, false, failure);
	if (!work->places)
		return false;
	work->compare = compare_new(memory, analysis_seed());
	if (!work->compare)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	return inputs_add_to(work->inputs, &run->files, failure);
}

static bool open_page(struct command_run *run, struct failure *failure)
{
	struct compare_work *work = run->state;

	return page_file_open(&work->request.page, run, failure);
}

static bool begin_input(struct command_run *run, struct failure *failure)
{
	struct compare_work *work = run->state;

	return inputs_begin(work->inputs, failure);
}

static void feed(void *context, const struct batch *batch)
{
	struct compare_work *work = context;

	/* what it has no memory for, it counts */
	(void)places_packets(
		work->places, batch->place, batch->packets, batch->count);
	for (uint32_t i = 0; i < batch->count; i++)
		compare_packet(work->compare, batch->place, &batch->packets[i]);
}

static bool finish(struct compare_work *work, struct failure *failure)
{
	struct clock_offset clocks[FILES_MOST];

	places_finish(work->places);
	memset(clocks, 0, sizeof(clocks));
	for (unsigned i = 0; i < places_count(work->places); i++)
		clocks[i] = places_clock(work->places, i);
	return compare_finish(work->compare, clocks) ||
	       failure_set(failure, EXIT_INPUT_CUT,
		       "no memory to compare the captures");
}

static void close_all(struct command_run *run)
{
	struct compare_work *work = run->state;
	struct failure ignored; /* of a page that was not begun */

	(void)page_file_close(&work->request.page, &ignored);
	compare_free(work->compare);
	places_free(work->places);
	spill_file_close(&work->spill);
	inputs_close(work->inputs);
	filter_free(work->filter);
	compare_request_free(&work->request);
	free(work->files);
}

/* The page, if it is asked for. False with a sentence. */
static bool write_page(struct compare_work *work,
	const struct comparison *comparison, struct failure *failure)
{
	struct page_file *page = &work->request.page;
	bool has_all;

	if (!page->stream)
		return true;
	has_all = page_comparison(comparison, page->stream);
	if (!page_file_close(page, failure))
		return false;
	return has_all || failure_set(failure, EXIT_INPUT_CUT,
				  "%s: no memory for the HTML report",
				  page->path);
}

static enum exit_code print(struct command_run *run, enum pipeline_end end,
	struct failure *failure)
{
	struct compare_work *work = run->state;
	struct analysed analysed = {
		.places = work->places, .inputs = work->inputs};
	struct report_source source = analysis_source(&analysed, run->operands,
		run->operand_count, end != PIPELINE_DONE);
	struct compared_incidents incidents = {&source, work->compare};
	struct report_source raised = comparison_source(&incidents);
	struct comparison comparison = {
		.compare = work->compare, .source = &raised};

	run->common.format->comparison(
		&comparison, &run->output.style, run->output.stream);
	analysis_tell_left_out(&source);
	struct failure of_page = {.text = ""};

	bool is_whole = write_page(work, &comparison, &of_page);

	command_add_failure(failure, &of_page);
	if (compare_request_fails(
		    &work->request, work->compare, &source.totals))
		return EXIT_FAIL_ON;
	return command_code(analysis_code(&source), is_whole);
}

static enum exit_code compare(struct command_run *run, struct failure *failure)
{
	struct compare_work *work = run->state;
	struct pipeline pipeline = {
		.inputs = work->inputs,
		.filter = work->filter,
		.max_packets = work->request.max_packets,
		.consume = feed,
		.context = work,
		.is_stopped = interrupt_watch(),
		.has_progress_line = run->output.has_progress_line,
	};
	enum pipeline_end end = pipeline_run(&pipeline, failure);
	enum exit_code code;

	if (end == PIPELINE_FAILED || !finish(work, failure) ||
		!run_files_begin(&run->files, failure))
		return failure->exit_code;
	code = print(run, end, failure);
	if (end == PIPELINE_STOPPED)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: the report covers the packets read so "
			"far");
	if (work->filter && filter_problem(work->filter))
		notice_print("%s", filter_problem(work->filter));
	return code;
}

const struct command command_compare = {
	.name = "compare",
	.operands = "NEAR FAR [MORE...]",
	.summary = "compare captures of the same traffic from several places",
	.options = compare_options,
	.reports = REPORT_COMPARISON,
	.state_bytes = sizeof(struct compare_work),
	.take_option = take_option,
	.check = check,
	.steps =
		{
			.open = open_input,
			.prepare = open_page,
			.is_sandboxed = true,
			.sandbox = SANDBOX_READER,
			.begin = begin_input,
			.is_begun_by_work = true,
			.work = compare,
			.close = close_all,
		},
};

/* Before a run reads packets: its files, memory, threads and what it writes. */
#include "cli/analyze_run.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/path/path.h"
#include "cli/analysis_source.h"
#include "cli/memory.h"
#include "cli/shared_run.h"
#include "cli/task_apart.h"

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

/* Memory that windows of decompression have is not the analysis'. */
static bool begin_inputs(struct analyze_work *work, struct failure *failure)
{
	if (!inputs_begin(work->inputs, failure))
		return false;
	if (work->parts)
		parts_leave_memory(
			work->parts, inputs_window_bytes(work->inputs));
	return true;
}

/* What the sandbox does not allow any more. */
static bool open_files(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	if (!name_files(run, failure))
		return false;
	work->inputs = inputs_open(work->files, run->operand_count, failure);
	if (!work->inputs)
		return false;
	if (work->options.memory_bytes == 0)
		work->options.memory_bytes = memory_default();
	limit_windows(work, run->operand_count);
	work->options.spill = spill_file_open(&work->spill);
	return inputs_add_to(work->inputs, &run->files, failure);
}

/* `is_single`: there is one capture. */
static bool start_analysis(
	struct analyze_work *work, bool is_single, struct failure *failure)
{
	if (!is_single)
		work->shared = shared_handshakes_new();
	work->places =
		analysis_start_places(&work->options, is_single, failure);
	if (is_single && work->places)
		work->parts = analysis_start_parts(
			&work->options, jobs_of(work), failure);
	return work->places && (!is_single || work->parts);
}

bool analyze_open(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	if (work->expression) {
		work->filter =
			filter_new(work->expression, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	return open_files(run, failure) &&
	       start_analysis(work, run->operand_count == 1, failure) &&
	       page_pass_open(&work->page, work->files, run->operand_count,
		       &run->files, failure);
}

bool analyze_prepare(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	return (!work->lake_prefix ||
		       lake_open(&work->lake, work->lake_prefix,
			       work->options.is_listing_flows, &run->files,
			       failure)) &&
	       page_pass_prepare(&work->page, run, failure);
}

/* As they are read, whatever order they were given in: so a report is the same
 * as that of partial results. */
static bool list_paths(
	struct analyze_work *work, unsigned count, struct failure *failure)
{
	work->paths = calloc(count, sizeof(*work->paths));
	if (!work->paths)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	for (unsigned i = 0; i < count; i++)
		work->paths[i] = inputs_path(work->inputs, i);
	return true;
}

bool analyze_begin(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	return begin_inputs(work, failure) &&
	       list_paths(work, run->operand_count, failure) &&
	       page_pass_begin(&work->page, failure);
}

bool merge_open(struct command_run *run, struct failure *failure)
{
	return open_files(run, failure);
}

bool merge_begin(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	return partial_set_read(
		       &work->partials, work->inputs, work->files, failure) &&
	       start_analysis(work, work->partials.is_one, failure) &&
	       begin_inputs(work, failure);
}

void analyze_close(struct command_run *run)
{
	struct analyze_work *work = run->state;

	places_free(work->places);
	free(work->shared);
	tcp_streams_release(&work->streams);
	parts_free(work->parts);
	lake_close(&work->lake);
	spill_file_close(&work->spill);
	path_free(work->path);
	inputs_close(work->inputs);
	page_pass_close(&work->page);
	partial_set_release(&work->partials);
	filter_free(work->filter);
	for (unsigned i = 0; i < work->name_count; i++)
		free(work->names[i].text);
	free(work->paths);
	free(work->files);
}

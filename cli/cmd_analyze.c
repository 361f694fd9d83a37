/* culprit analyze FILE...: reads captures, analyses every connection, prints;
 * or writes a partial result for culprit merge. */
#include "cli/analyze_options.h"
#include "cli/analyze_run.h"
#include "cli/follow_run.h"

static bool open_partial(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	work->make.path = work->partial_path;
	work->make.expression = work->expression;
	return partial_make_open(&work->make, run, failure);
}

static bool prepare_partial(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	return partial_make_prepare(&work->make, run, failure);
}

static bool begin_partial(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	return partial_make_begin(&work->make, failure);
}

static enum exit_code work_partial(
	struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;

	return partial_make_work(&work->make, run, failure);
}

static void close_partial(struct command_run *run)
{
	struct analyze_work *work = run->state;

	partial_make_close(&work->make);
}

static const struct command_steps partial_steps = {
	.open = open_partial,
	.prepare = prepare_partial,
	.is_sandboxed = true,
	.sandbox = SANDBOX_READER,
	.begin = begin_partial,
	.is_begun_by_work = true,
	.work = work_partial,
	.close = close_partial,
};

/* No report is written, and nothing is judged yet. */
static bool check_partial(struct command_run *run, struct failure *failure)
{
	const struct analyze_work *work = run->state;
	const char *option =
		run->common.output_path ? "-o" : work->report_option;

	run->steps = &partial_steps;
	run->is_without_report = true;
	return !option ||
	       failure_set(failure, EXIT_USAGE,
		       "%s does not go with --partial, which writes no report: "
		       "culprit merge does",
		       option);
}

static bool check(struct command_run *run, struct failure *failure)
{
	const struct analyze_work *work = run->state;

	if (run->operand_count == 0)
		return failure_set(failure, EXIT_USAGE,
			"analyze needs a capture file, or - for standard "
			"input");
	if (work->follow.is_wanted) {
		run->steps = &follow_steps;
		return follow_run_check(run, failure);
	}
	return page_file_check(&work->page.file, run, failure) &&
	       (!work->partial_path || check_partial(run, failure));
}

const struct command command_analyze = {
	.name = "analyze",
	.operands = "FILE...",
	.summary = "analyse the connections in capture files",
	.options = analyze_options,
	.reports = REPORT_INCIDENTS,
	.state_bytes = sizeof(struct analyze_work),
	.take_option = analyze_take_option,
	.check = check,
	.steps =
		{
			.open = analyze_open,
			.prepare = analyze_prepare,
			.is_sandboxed = true,
			.sandbox = SANDBOX_READER,
			.begin = analyze_begin,
			.is_begun_by_work = true,
			.work = analyze_judge,
			.close = analyze_close,
		},
};

/* culprit merge PARTIAL...: the report of all captures that partial results are
 * of. */
#include "cli/analyze_options.h"
#include "cli/analyze_run.h"

static bool check(struct command_run *run, struct failure *failure)
{
	return run->operand_count > 0 ||
	       failure_set(failure, EXIT_USAGE,
		       "merge needs partial results, which culprit analyze "
		       "--partial writes");
}

const struct command command_merge = {
	.name = "merge",
	.operands = "PARTIAL...",
	.summary = "the report of captures that were read on several machines",
	.options = analyze_options + ANALYZE_ALONE,
	.reports = REPORT_INCIDENTS,
	.state_bytes = sizeof(struct analyze_work),
	.take_option = analyze_take_option,
	.check = check,
	.steps =
		{
			.open = merge_open,
			.prepare = analyze_prepare,
			.is_sandboxed = true,
			.sandbox = SANDBOX_READER,
			.begin = merge_begin,
			.is_begun_by_work = true,
			.work = analyze_judge,
			.close = analyze_close,
		},
};

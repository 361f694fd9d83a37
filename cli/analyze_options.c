/* The options of `analyze`, of which most are those of `merge`. */
#include "cli/analyze_options.h"

#include <string.h>

#include "cli/analyze_run.h"
#include "cli/memory.h"

enum {
	OPTION_FILTER = OPTION_FIRST_LONG,
	OPTION_AT,
	OPTION_PARTIAL,
	OPTION_LAKE,
	OPTION_HTML,
	OPTION_FAIL_ON,
	OPTION_ALL_FLOWS,
	OPTION_MEMORY,
	OPTION_MAX_FLOWS,
	OPTION_MAX_INCIDENTS,
	OPTION_JOBS,
	OPTION_FOLLOW,
	OPTION_READ_FILE = 'r',
	OPTION_COUNT_PACKETS = 'c',
};

/* ANALYZE_ALONE rows, then those of both. */
const struct option_row analyze_options[] = {
	{OPTION_READ_FILE, NULL, "FILE", "a capture file, as in tcpdump -r"},
	{OPTION_FILTER, "filter", "EXPR", "only packets that match (BPF)"},
	{OPTION_COUNT_PACKETS, NULL, "N", "stop after N packets"},
	{OPTION_FOLLOW, "follow", NULL,
		"a capture that grows, as tail -f: failures as they happen, "
		"the report at Ctrl-C"},
	{OPTION_PARTIAL, "partial", "OUT",
		"write a partial result for culprit merge, and no report"},
	{OPTION_HTML, "html", "FILE",
		"write a report for a browser as well: one file, no network"},
	{OPTION_AT, "at", "NAME=FILE",
		"a capture of the same traffic, made at NAME"},
	{OPTION_FAIL_ON, "fail-on", "WORD,...",
		"exit 3 if an incident has this mechanism or culprit (any: "
		"every incident)"},
	{OPTION_LAKE, "lake", "PREFIX",
		"also write incidents, and connections that are listed, as "
		"NDJSON files, one for each hour of UTC"},
	{OPTION_BY, "by", "WORD",
		"count failures by mechanism, server, client, port, hop, sni "
		"or minute"},
	{OPTION_TOP, "top", "N",
		"groups and rows of tables that are shown (20)"},
	{OPTION_ALL_FLOWS, "all-flows", NULL, "list every connection"},
	{OPTION_MEMORY, "memory", "SIZE",
		"memory for the analysis, as 500M or 2G (an eighth of what is "
		"available, 256M to 4G; none: no bound)"},
	{OPTION_MAX_FLOWS, "max-flows", "N",
		"connections kept at once (as many as memory holds)"},
	{OPTION_MAX_INCIDENTS, "max-incidents", "N",
		"connections with incidents kept (all of them)"},
	{OPTION_JOBS, "jobs", "N",
		"threads for one capture (as many as processors)"},
	{0},
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

/* NAME=FILE: the name ends at the first equals sign. */
static bool take_at(
	struct command_run *run, const char *argument, struct failure *failure)
{
	struct analyze_work *work = run->state;
	const char *equals = strchr(argument, '=');

	if (!equals || equals == argument || !equals[1])
		return failure_set(failure, EXIT_USAGE,
			"--at %.200s: it wants NAME=FILE, a capture and the "
			"name of the place where it was made",
			argument);
	if (work->name_count == NAMES_MOST)
		return failure_set(failure, EXIT_USAGE,
			"--at %.200s: at most %d captures can be named",
			argument, NAMES_MOST);
	work->names[work->name_count++] = (struct name){
		.argument = argument, .operand = run->operand_count};
	command_add_operand(run, equals + 1);
	return true;
}

/* Those that a run without a report has no use for. */
static void note_report_option(struct analyze_work *work, int id)
{
	if (id == OPTION_FAIL_ON)
		work->report_option = "--fail-on";
	else if (id == OPTION_ALL_FLOWS)
		work->report_option = "--all-flows";
	else if (id == OPTION_LAKE)
		work->report_option = "--lake";
	else if (id == OPTION_HTML)
		work->report_option = "--html";
	else if (id == OPTION_AT)
		work->report_option = "--at";
	else if (id == OPTION_COUNT_PACKETS)
		work->report_option = "-c";
}

bool analyze_take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	struct analyze_work *work = run->state;

	note_report_option(work, id);
	switch (id) {
	case OPTION_READ_FILE:
		command_add_operand(run, argument);
		return true;
	case OPTION_AT:
		return take_at(run, argument, failure);
	case OPTION_FILTER:
		work->expression = argument;
		return true;
	case OPTION_COUNT_PACKETS:
		return option_number("-c", argument, 1, UINT64_MAX,
			&work->max_packets, failure);
	case OPTION_LAKE:
		work->lake_prefix = argument;
		return true;
	case OPTION_HTML:
		work->page.file.path = argument;
		return true;
	case OPTION_FOLLOW:
		work->follow.is_wanted = true;
		return true;
	case OPTION_PARTIAL:
		work->partial_path = argument;
		return true;
	case OPTION_FAIL_ON:
		return fail_on_parse(&work->fail_on, argument, failure);
	case OPTION_ALL_FLOWS:
		work->options.is_listing_flows = true;
		return true;
	case OPTION_BY:
		return option_by(argument, &run->common, failure);
	case OPTION_TOP:
		return option_top(argument, &run->common, failure);
	case OPTION_JOBS:
		return option_number("--jobs", argument, 1, PARTS_MOST,
			&work->jobs, failure);
	case OPTION_MEMORY:
		return memory_parse(
			argument, &work->options.memory_bytes, failure);
	case OPTION_MAX_FLOWS:
		return bound("--max-flows", argument, &work->options.max_flows,
			failure);
	default:
		return bound("--max-incidents", argument,
			&work->options.max_incidents, failure);
	}
}

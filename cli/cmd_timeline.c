/* culprit timeline FILE: the packets of one connection as a ladder. Two passes:
 * the first judges everything and settles which connection, the second collects
 * its packets (or copies the recording with comments). */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/analysis_source.h"
#include "cli/command.h"
#include "cli/annotate_copy.h"
#include "cli/flow_choice.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "report/address_text.h"
#include "report/seq_diagram.h"
#include "report/packet_rows.h"
#include "report/report_json.h"

enum {
	OPTION_FLOW = OPTION_FIRST_LONG,
	OPTION_FRAME,
	OPTION_CSV,
	OPTION_FILTER,
	OPTION_READ_FILE = 'r',
	OPTION_WRITE_FILE = 'w',
};

static const struct option_row rows[] = {
	{OPTION_READ_FILE, NULL, "FILE", "a capture, as tcpdump names it"},
	{OPTION_FLOW, "flow", "A:P-B:P", "this connection"},
	{OPTION_FRAME, "frame", "N", "the connection of this packet"},
	{OPTION_FILTER, "filter", "EXPR", "only packets that match (BPF)"},
	{OPTION_CSV, "csv", NULL, "all its packets as CSV"},
	{OPTION_WRITE_FILE, NULL, "FILE",
		"copy the recording (pcapng), verdicts as packet comments"},
	{0},
};

struct request {
	struct common common;
	const char **paths;
	unsigned path_count;
	const char *filter, *copy_path;
	uint64_t frame;
	struct flow_name flow; /* family 0: not chosen by name */
	bool is_csv, is_answered;
};

static bool parse_flow(
	struct request *request, const char *argument, struct failure *failure)
{
	const char *dash = strchr(argument, '-');
	struct flow_name *flow = &request->flow;
	uint8_t server_family;

	if (dash &&
		endpoint_of_text(argument, (size_t)(dash - argument),
			&flow->client, &flow->family) &&
		endpoint_of_text(dash + 1, strlen(dash + 1), &flow->server,
			&server_family) &&
		flow->family == server_family)
		return true;
	return failure_set(failure, EXIT_USAGE,
		"--flow takes CLIENT:PORT-SERVER:PORT, as in "
		"10.0.0.1:40000-10.0.0.2:22 or [fd00::1]:40000-[fd00::2]:22, "
		"not %.100s",
		argument);
}

static bool take_option(struct request *request, int id, const char *argument,
	struct failure *failure)
{
	switch (id) {
	case OPTION_READ_FILE:
		request->paths[request->path_count++] = argument;
		return true;
	case OPTION_FLOW:
		return parse_flow(request, argument, failure);
	case OPTION_FRAME:
		return option_number("--frame", argument, 1, UINT64_MAX,
			&request->frame, failure);
	case OPTION_FILTER:
		request->filter = argument;
		return true;
	case OPTION_CSV:
		request->is_csv = true;
		return true;
	default:
		request->copy_path = argument;
		return true;
	}
}

/* Two passes need a file that can be read twice. */
static bool can_read_twice(const char *path, struct failure *failure)
{
	struct stat state;

	if (strcmp(path, "-") == 0 ||
		(stat(path, &state) == 0 && !S_ISREG(state.st_mode)))
		return failure_set(failure, EXIT_USAGE,
			"timeline reads its input twice and can't do so with "
			"%s: save it to a file first",
			strcmp(path, "-") == 0 ? "standard input" : path);
	return true;
}

static bool parse(struct request *request, const struct command *command,
	int argc, char **argv, struct failure *failure)
{
	struct option_walk walk;
	const char *argument;
	int operand, id;

	option_walk_begin(
		&walk, rows, OPERANDS_ANYWHERE, &request->common, argc, argv);
	while ((id = option_walk_next(&walk, &argument, &operand, failure)) >=
		0)
		if (!take_option(request, id, argument, failure))
			return false;
	if (id == OPTION_WRONG)
		return false;
	request->is_answered = command_answered(command, &walk);
	if (request->is_answered)
		return true;
	for (; operand < argc; operand++)
		request->paths[request->path_count++] = argv[operand];
	if (request->path_count == 0)
		return failure_set(
			failure, EXIT_USAGE, "timeline needs a capture file");
	if (request->frame != 0 && request->flow.family != 0)
		return failure_set(failure, EXIT_USAGE,
			"--flow and --frame choose twice: give one");
	if (request->is_csv && request->common.is_json)
		return failure_set(failure, EXIT_USAGE,
			"--csv and --json choose twice: give one");
	for (unsigned i = 0; i < request->path_count; i++)
		if (!can_read_twice(request->paths[i], failure))
			return false;
	return true;
}

struct work {
	const struct request *request;
	struct filter *filter;
	struct recording *first, *second;
	struct analysis *analysis;
	struct output output;
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
	const struct request *request = work->request;
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
	const struct request *request = work->request;
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
	const struct request *request = work->request;
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

static bool open_all(struct work *work, struct failure *failure)
{
	const struct request *request = work->request;
	static const struct analysis_options defaults;

	if (request->filter) {
		work->filter = filter_new(request->filter, failure);
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
	if (request->copy_path) {
		work->copy = recording_writer_open(request->copy_path,
			"Verdicts of culprit " CULPRIT_VERSION
			" as packet comments.",
			failure);
		if (!work->copy)
			return false;
	}
	return output_open(&work->output, &request->common, failure) &&
	       sandbox_enter(SANDBOX_READER, failure);
}

static void close_all(struct work *work)
{
	struct failure ignored;

	if (work->copy) /* a copy that was finished is closed already */
		(void)recording_writer_close(work->copy, &ignored);
	analysis_free(work->analysis);
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
	if (!output_close(&work->output, failure) || end != PIPELINE_DONE)
		return EXIT_INPUT_CUT;
	return EXIT_RAN;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct request request = {0};
	enum exit_code code = EXIT_RAN;

	request.paths = calloc((size_t)argc + 1, sizeof(*request.paths));
	struct work *work = calloc(1, sizeof(*work));
	if (!request.paths || !work) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "no memory");
		code = failure->exit_code;
	} else if (!parse(&request, command, argc, argv, failure)) {
		code = failure->exit_code;
	} else if (!request.is_answered) {
		work->request = &request;
		work->choice.named = request.flow;
		work->choice.frame = request.frame;
		work->is_stopped = interrupt_watch();
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
	.options = rows,
	.run = run,
};

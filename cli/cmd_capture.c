/* culprit capture -i IFACE: the verdicts of analyze, live, while it records.
 * The final report is made from the same packets as the recording holds, so
 * analyzing that later gives the same. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture/live.h"
#include "capture/recording_writer.h"
#include "cli/analysis_source.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/sandbox.h"
#include "report/report_json.h"
#include "report/report_text.h"

enum { BATCH_BYTES = 1024 * 1024, MOST_INTERFACES = 256, FILTER_BYTES = 8192 };

static const struct option_row rows[] = {
	{'i', "interface", "IFACE", "listen there (any: everywhere)"},
	{'w', NULL, "FILE", "record to FILE (pcapng)"},
	{'c', NULL, "N", "stop after N packets"},
	{'s', NULL, "BYTES", "keep at most so much of each packet (262144)"},
	{'B', NULL, "KIB", "size of the kernel's buffer"},
	{'Q', NULL, "WAY", "in, out or inout"},
	{'p', NULL, NULL, "not promiscuous"},
	{'U', NULL, NULL, "write packets to FILE as they come"},
	{'D', NULL, NULL, "list the interfaces"},
	{0},
};

struct request {
	struct common common;
	struct live_options live;
	char filter[FILTER_BYTES];
	const char *record_path;
	uint64_t max_packets;
	bool is_unbuffered, is_listing, is_answered;
};

static bool parse_direction(
	struct request *request, const char *argument, struct failure *failure)
{
	if (strcmp(argument, "in") == 0)
		request->live.direction = FRAME_INBOUND;
	else if (strcmp(argument, "out") == 0)
		request->live.direction = FRAME_OUTBOUND;
	else if (strcmp(argument, "inout") == 0)
		request->live.direction = FRAME_ANY_WAY;
	else
		return failure_set(failure, EXIT_USAGE,
			"-Q takes in, out or inout, not %.100s", argument);
	return true;
}

static bool take_option(struct request *request, int id, const char *argument,
	struct failure *failure)
{
	uint64_t number;

	switch (id) {
	case 'i':
		request->live.interface = argument;
		return true;
	case 'w':
		request->record_path = argument;
		return true;
	case 'c':
		return option_number("-c", argument, 1, UINT64_MAX,
			&request->max_packets, failure);
	case 's': /* 0 means the default, as it does for tcpdump */
		if (!option_number("-s", argument, 0, 262144, &number, failure))
			return false;
		request->live.snap_bytes = (uint32_t)number;
		return true;
	case 'B':
		if (!option_number("-B", argument, 1, INT32_MAX / 1024, &number,
			    failure))
			return false;
		request->live.buffer_kib = (uint32_t)number;
		return true;
	case 'Q':
		return parse_direction(request, argument, failure);
	case 'p':
		request->live.is_promiscuous = false;
		return true;
	case 'U':
		request->is_unbuffered = true;
		return true;
	default:
		request->is_listing = true;
		return true;
	}
}

/* The words of the filter, with spaces between them. */
static bool join_filter(struct request *request, int argc, char **argv,
	struct failure *failure)
{
	size_t at = 0;

	for (int i = 0; i < argc; i++) {
		at += (size_t)snprintf(request->filter + at,
			sizeof(request->filter) - at, "%s%s", i ? " " : "",
			argv[i]);
		if (at >= sizeof(request->filter))
			return failure_set(failure, EXIT_USAGE,
				"a filter of more than %d bytes", FILTER_BYTES);
	}
	if (argc > 0)
		request->live.filter = request->filter;
	return true;
}

static bool parse(struct request *request, const struct command *command,
	int argc, char **argv, struct failure *failure)
{
	struct option_walk walk;
	const char *argument;
	int operand, id;

	request->live.is_promiscuous = true;
	option_walk_begin(
		&walk, rows, OPERANDS_LAST, &request->common, argc, argv);
	while ((id = option_walk_next(&walk, &argument, &operand, failure)) >=
		0)
		if (!take_option(request, id, argument, failure))
			return false;
	if (id == OPTION_WRONG)
		return false;
	request->is_answered = command_answered(command, &walk);
	if (request->is_answered || request->is_listing)
		return true;
	if (!request->live.interface)
		return failure_set(failure, EXIT_USAGE,
			"capture needs -i IFACE; `culprit capture -D` lists "
			"the interfaces");
	if (request->record_path && strcmp(request->record_path, "-") == 0 &&
		!request->common.output_path)
		return failure_set(failure, EXIT_USAGE,
			"-w - takes standard output for the recording: send "
			"the report elsewhere with -o FILE");
	return join_filter(request, argc - operand, argv + operand, failure);
}

static enum exit_code list_interfaces(
	const struct request *request, struct failure *failure)
{
	static struct live_interface interfaces[MOST_INTERFACES];
	struct output output;
	int count = live_interfaces(interfaces, MOST_INTERFACES, failure);

	if (count < 0 || !output_open(&output, &request->common, failure))
		return failure->exit_code;
	for (int i = 0; i < count; i++)
		(void)fprintf(output.stream, "%d. %s%s%s%s%s\n", i + 1,
			interfaces[i].name,
			interfaces[i].description[0] ? " (" : "",
			interfaces[i].description,
			interfaces[i].description[0] ? ")" : "",
			interfaces[i].is_up ? "" : " [down]");
	return output_close(&output, failure) ? EXIT_RAN : EXIT_INPUT_CUT;
}

struct work {
	const struct request *request;
	struct live *live;
	struct analysis *analysis;
	struct recording_writer *writer;
	struct output output;
	struct batch *batch;
	uint64_t packets;  /* taken so far */
	uint64_t reported; /* incidents told of while it ran */
	struct judged judged;
	const char *paths[1];
	bool is_writing_failed;
};

static bool open_all(struct work *work, struct failure *failure)
{
	const struct request *request = work->request;
	const struct analysis_options options = {0};

	work->live = live_open(&request->live, failure);
	if (!work->live)
		return false;
	work->analysis = analysis_start(&options, failure);
	if (!work->analysis)
		return false;
	work->batch = batch_new(BATCH_BYTES);
	if (!work->batch)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for packets");
	if (request->record_path) {
		work->writer = recording_writer_open(request->record_path,
			"Recorded by culprit " CULPRIT_VERSION ".", failure);
		if (!work->writer)
			return false;
		/* A failure is kept and told of when it is closed. */
		(void)recording_writer_interface(work->writer,
			live_linktype(work->live), live_snap_bytes(work->live),
			request->live.interface);
	}
	return output_open(&work->output, &request->common, failure) &&
		sandbox_enter(SANDBOX_LISTENER, failure);
}

static void record(struct work *work)
{
	const struct batch *batch = work->batch;

	if (!work->writer || work->is_writing_failed)
		return;
	for (uint32_t i = 0; i < batch->count; i++)
		if (!recording_writer_frame(
			    work->writer, &batch->frames[i], NULL, 0)) {
			work->is_writing_failed = true;
			return;
		}
	if (work->request->is_unbuffered &&
		!recording_writer_flush(work->writer))
		work->is_writing_failed = true;
}

/* Takes the batch in; false when enough packets have come. */
static bool take(struct work *work)
{
	struct batch *batch = work->batch;
	uint64_t most = work->request->max_packets;

	if (most != 0 && batch->count > most - work->packets)
		batch->count = (uint32_t)(most - work->packets);
	for (uint32_t i = 0; i < batch->count; i++)
		packet_decode(&batch->frames[i], &batch->packets[i]);
	record(work);
	analysis_packets(work->analysis, batch->packets, batch->count);
	work->packets += batch->count;
	return most == 0 || work->packets < most;
}

static struct report_source source_of(struct work *work)
{
	const struct request *request = work->request;
	bool has_file = request->record_path != NULL;

	/* Scripts get the name of a file or none; people know interfaces. */
	work->judged = (struct judged){
		.analysis = work->analysis, .path = request->record_path};
	work->paths[0] =
		has_file ? request->record_path : request->live.interface;
	return analysis_source(&work->judged, work->paths,
		has_file || !request->common.is_json ? 1 : 0, false);
}

/* Tells of the incidents that have closed since the last time. */
static void tell_news(struct work *work)
{
	const struct request *request = work->request;
	uint64_t count = analysis_incident_count(work->analysis);

	if (count <= work->reported || request->common.is_quiet) {
		work->reported = count;
		return;
	}
	struct report_source source = source_of(work);
	for (; work->reported < count; work->reported++) {
		struct incident incident;

		analysis_incident(work->analysis, work->reported, &incident);
		if (request->common.is_json)
			report_json_notice(
				&source, &incident, work->output.stream);
		else
			report_text_notice(&source, &incident,
				&work->output.style, work->output.stream);
	}
	(void)fflush(work->output.stream); /* told of when it is closed */
}

/* Until the signal, the last packet wanted, or a failure; then what the
 * kernel still holds. */
static bool listen_until_end(struct work *work, struct failure *failure)
{
	const volatile sig_atomic_t *is_stopped = interrupt_watch();
	bool is_stopping = false;

	for (;;) {
		if (*is_stopped && !is_stopping) {
			live_stop(work->live);
			is_stopping = true;
		}
		int count = live_read(
			work->live, work->batch, work->packets + 1, failure);

		if (count < 0)
			return false;
		if (!take(work))
			return true;
		tell_news(work);
		if ((is_stopping && count == 0) || work->is_writing_failed ||
			ferror(work->output.stream))
			return true;
	}
}

static void closing_line(struct work *work)
{
	uint64_t received = 0, dropped = 0;
	bool has_statistics =
		live_statistics(work->live, &received, &dropped);

	if (work->writer)
		(void)recording_writer_statistics(work->writer, 0,
			has_statistics ? received : UINT64_MAX,
			has_statistics ? dropped : UINT64_MAX);
	if (work->request->common.is_quiet && dropped == 0)
		return;
	(void)fprintf(stderr, "%" PRIu64 " packets captured", work->packets);
	if (has_statistics)
		(void)fprintf(stderr, ", %" PRIu64 " dropped by the kernel%s",
			dropped,
			dropped ? " (-B makes its buffer larger): silence in "
				  "it proves little"
				: "");
	(void)fputc('\n', stderr);
}

static enum exit_code report(struct work *work, struct failure *failure)
{
	struct failure lost;

	analysis_finish(work->analysis);
	struct report_source source = source_of(work);

	if (work->request->common.is_json)
		report_json(&source, work->output.stream);
	else
		report_text(&source, &work->output.style, work->output.stream);
	closing_line(work);
	enum exit_code code = EXIT_RAN;
	if (work->writer && !recording_writer_close(work->writer, &lost)) {
		*failure = lost;
		code = EXIT_INPUT_CUT;
	}
	work->writer = NULL;
	if (!output_close(&work->output, &lost)) {
		if (code == EXIT_RAN)
			*failure = lost;
		code = EXIT_INPUT_CUT;
	}
	return code;
}

static void close_all(struct work *work)
{
	struct failure ignored; /* another one is being told of */

	if (work->writer)
		(void)recording_writer_close(work->writer, &ignored);
	if (work->batch)
		batch_free(work->batch);
	analysis_free(work->analysis);
	live_close(work->live);
}

static enum exit_code capture(struct work *work, struct failure *failure)
{
	struct failure gone = {0};

	if (!open_all(work, failure))
		return failure->exit_code;
	if (!work->request->common.is_quiet)
		(void)fprintf(stderr, "listening on %s; Ctrl-C ends it\n",
			work->request->live.interface);
	bool is_whole = listen_until_end(work, &gone);
	enum exit_code code = report(work, failure);

	if (is_whole)
		return code;
	*failure = gone;
	return gone.exit_code;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct request request = {0};
	struct work work = {.request = &request};
	enum exit_code code = EXIT_RAN;

	if (!parse(&request, command, argc, argv, failure))
		return failure->exit_code;
	if (request.is_answered)
		return EXIT_RAN;
	if (request.is_listing)
		return list_interfaces(&request, failure);
	code = capture(&work, failure);
	close_all(&work);
	return code;
}

const struct command command_capture = {
	.name = "capture",
	.operands = "[FILTER...]",
	.summary = "the same verdicts, live, while it records",
	.options = rows,
	.run = run,
};

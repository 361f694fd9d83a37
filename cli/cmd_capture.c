/* culprit capture -i IFACE: the verdicts of analyze, live, while it records.
 * The final report is made from the same packets as the recording holds, so
 * analyzing that later gives the same. */
#include <inttypes.h>
#include <string.h>

#include "capture/decode/packet_decode.h"
#include "capture/live/live.h"
#include "capture/safe_text.h"
#include "cli/analysis_source.h"
#include "cli/capture_request.h"
#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/recorder.h"
#include "cli/spill_file.h"

enum { BATCH_BYTES = 1024 * 1024 };

/* "1. lo [loopback]" */
static void list_interface(
	const struct live_interface *interface, int number, FILE *out)
{
	(void)fprintf(out, "%d. ", number);
	safe_text_write(out, interface->name, strlen(interface->name));
	if (interface->description[0]) {
		(void)fputs(" (", out);
		safe_text_write(out, interface->description,
			strlen(interface->description));
		(void)fputc(')', out);
	}
	if (interface->is_loopback)
		(void)fputs(" [loopback]", out);
	(void)fputs(interface->is_up ? "\n" : " [down]\n", out);
}

static enum exit_code list_interfaces(
	struct command_run *run, struct failure *failure)
{
	struct live_interface interfaces[LIVE_INTERFACES];
	int count = live_interfaces(interfaces, LIVE_INTERFACES, failure);

	if (count < 0)
		return failure->exit_code;
	for (int i = 0; i < count; i++)
		list_interface(&interfaces[i], i + 1, run->output.stream);
	return EXIT_RAN;
}

static const struct command_steps listing = {.work = list_interfaces};

struct capture_work {
	struct capture_request request;
	struct command_run *run;
	struct live_interface listed;
	struct live *live;
	struct analysis *analysis;
	struct spill_file spill;
	struct recorder *recorder; /* NULL: nothing is recorded */
	struct batch *batch;
	uint64_t packets;  /* taken so far */
	uint64_t reported; /* incidents reported while it ran */
	struct analysed analysed;
	const char *paths[RECORDER_NAMES];
};

static bool take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	struct capture_work *work = run->state;

	if (id == OPTION_BY)
		return option_by(argument, &run->common, failure);
	if (id == OPTION_TOP)
		return option_top(argument, &run->common, failure);
	return capture_request_take(&work->request, id, argument, failure);
}

static bool check(struct command_run *run, struct failure *failure)
{
	struct capture_work *work = run->state;

	if (work->request.is_listing)
		run->steps = &listing;
	return capture_request_check(&work->request, run, failure);
}

static bool open_live(struct command_run *run, struct failure *failure)
{
	struct capture_work *work = run->state;
	struct live_options *live = &work->request.live;
	struct analysis_options options = {.memory_bytes = memory_default()};

	options.spill = spill_file_open(&work->spill);
	work->run = run;
	live->interface =
		live_interface_of(live->interface, &work->listed, failure);
	if (!live->interface)
		return false;
	work->live = live_open(live, failure);
	if (!work->live)
		return false;
	work->analysis = analysis_start(&options, failure);
	if (!work->analysis)
		return false;
	work->batch = batch_new(BATCH_BYTES);
	return work->batch ||
	       failure_set(failure, EXIT_INPUT_CUT, "no memory for packets");
}

static bool open_recorder(struct command_run *run, struct failure *failure)
{
	struct capture_work *work = run->state;
	const struct capture_request *request = &work->request;

	if (!request->record.path)
		return true;
	work->recorder = recorder_open(&request->record, work->live,
		request->live.interface, &run->files, failure);
	return work->recorder != NULL;
}

/* In the sandbox: where that is refused, what was recorded before stays. */
static bool begin_recorder(struct command_run *run, struct failure *failure)
{
	struct capture_work *work = run->state;

	return !work->recorder ||
	       (run_files_begin(&run->files, failure) &&
		       recorder_begin(work->recorder, failure));
}

/* False when the recording is full, and then the rest of the batch is none of
 * the capture's. */
static bool record(struct capture_work *work)
{
	struct batch *batch = work->batch;
	struct recorder *recorder = work->recorder;
	uint32_t count = 0;

	while (count < batch->count &&
		recorder_frame(recorder, &batch->frames[count]))
		count++;
	/* A batch is what one wake-up brought: whatever ends the capture, no
	 * packet before that is lost. */
	(void)recorder_flush(recorder); /* its failure is kept */
	if (count == batch->count || has_recorder_failed(recorder))
		return true;
	batch->count = count;
	return false;
}

/* Takes the batch in; false when enough packets have come. */
static bool take(struct capture_work *work)
{
	struct batch *batch = work->batch;
	uint64_t most = work->request.max_packets;

	if (most != 0 && batch->count > most - work->packets)
		batch->count = (uint32_t)(most - work->packets);

	bool is_going_on = !work->recorder || record(work);

	for (uint32_t i = 0; i < batch->count; i++)
		packet_decode(&batch->frames[i], &batch->packets[i]);
	analysis_packets(work->analysis, batch->packets, batch->count);
	work->packets += batch->count;
	return is_going_on && (most == 0 || work->packets < most);
}

static struct report_source source_of(struct capture_work *work)
{
	const struct capture_request *request = &work->request;
	unsigned path_count = 0;

	/* Scripts get the names of files or none; people know interfaces. */
	work->analysed = (struct analysed){
		.analysis = work->analysis, .recorder = work->recorder};
	if (work->recorder)
		path_count = recorder_names(work->recorder, work->paths);
	else if (work->run->common.format->is_for_people)
		work->paths[path_count++] = request->live.interface;
	return analysis_source(&work->analysed, work->paths, path_count, false);
}

/* Reports the incidents that have closed since the last time. */
static void tell_news(struct capture_work *work)
{
	const struct report_format *format = work->run->common.format;
	const struct output *output = &work->run->output;
	uint64_t count = analysis_incident_count(work->analysis);

	if (count <= work->reported || work->run->common.is_quiet ||
		!format->notice) {
		work->reported = count;
		return;
	}
	struct report_source source = source_of(work);
	for (; work->reported < count; work->reported++) {
		struct incident incident;

		if (!analysis_incident(
			    work->analysis, work->reported, &incident))
			continue;
		format->notice(
			&source, &incident, &output->style, output->stream);
	}
	(void)fflush(output->stream); /* told of when it is closed */
}

static bool is_recording_lost(const struct capture_work *work)
{
	return work->recorder && has_recorder_failed(work->recorder);
}

/* "12 packets captured so far, 0 dropped by the kernel" */
static void count_line(struct capture_work *work, bool is_over)
{
	uint64_t received = 0, dropped = 0;
	bool has_statistics = live_statistics(work->live, &received, &dropped);

	(void)fprintf(stderr, "%" PRIu64 " packet%s captured%s", work->packets,
		work->packets == 1 ? "" : "s", is_over ? "" : " so far");
	if (has_statistics)
		(void)fprintf(stderr, ", %" PRIu64 " dropped by the kernel%s",
			dropped,
			dropped ? " (-B makes its buffer larger): missing "
				  "packets prove little"
				: "");
	(void)fputc('\n', stderr);
}

static void closing_line(struct capture_work *work)
{
	uint64_t received = 0, dropped = 0;

	(void)live_statistics(work->live, &received, &dropped);
	if (!work->run->common.is_quiet || dropped > 0)
		count_line(work, true);
}

/* Until the signal, the last packet wanted, or a failure; then what the
 * kernel still holds. */
static bool listen_until_end(struct capture_work *work,
	const volatile sig_atomic_t *is_stopped, struct failure *failure)
{
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
		if (interrupt_is_asked())
			count_line(work, false);
		if ((is_stopping && count == 0) || is_recording_lost(work) ||
			ferror(work->run->output.stream))
			return true;
	}
}

static void listening_line(const char *interface)
{
	(void)fputs("listening on ", stderr);
	safe_text_write(stderr, interface, strlen(interface));
	(void)fputs("; Ctrl-C ends it\n", stderr);
}

static enum exit_code report(struct capture_work *work, struct failure *failure)
{
	const struct output *output = &work->run->output;

	analysis_finish(work->analysis);
	struct report_source source = source_of(work);

	work->run->common.format->incidents(
		&source, &output->style, output->stream);
	analysis_tell_left_out(&source);
	closing_line(work);
	return work->recorder && !recorder_close(work->recorder, failure)
		       ? EXIT_INPUT_CUT
		       : analysis_code(&source);
}

static void close_all(struct command_run *run)
{
	struct capture_work *work = run->state;

	recorder_free(work->recorder);
	if (work->batch)
		batch_free(work->batch);
	analysis_free(work->analysis);
	spill_file_close(&work->spill);
	live_close(work->live);
}

static enum exit_code run_capture(
	struct command_run *run, struct failure *failure)
{
	struct capture_work *work = run->state;
	struct failure gone = {0};
	/* Before it is said that it may be ended so. */
	const volatile sig_atomic_t *is_stopped = interrupt_watch();

	interrupt_watch_questions();
	if (!run->common.is_quiet)
		listening_line(work->request.live.interface);
	bool is_whole = listen_until_end(work, is_stopped, &gone);
	enum exit_code code = report(work, failure);

	if (is_whole)
		return code;
	command_add_failure(failure, &gone);
	return gone.exit_code;
}

const struct command command_capture = {
	.name = "capture",
	.operands = "[FILTER...]",
	.summary = "the same verdicts, live, while recording",
	.options = capture_options,
	.order = OPERANDS_LAST,
	.reports = REPORT_INCIDENTS,
	.state_bytes = sizeof(struct capture_work),
	.take_option = take_option,
	.check = check,
	.steps =
		{
			.open = open_live,
			.prepare = open_recorder,
			.is_sandboxed = true,
			.sandbox = SANDBOX_LISTENER,
			.begin = begin_recorder,
			.work = run_capture,
			.close = close_all,
		},
};

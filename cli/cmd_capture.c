/* culprit capture -i IFACE: the verdicts of analyze, live, while it records.
 * The final report is made from the same packets as the recording holds, so
 * analyzing that later gives the same. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture/decode/packet_decode.h"
#include "capture/live/live.h"
#include "capture/safe_text.h"
#include "cli/analysis_source.h"
#include "cli/capture_request.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/recorder.h"
#include "cli/sandbox.h"
#include "report/report_json.h"
#include "report/report_text.h"

enum { BATCH_BYTES = 1024 * 1024 };

static enum exit_code list_interfaces(
	const struct capture_request *request, struct failure *failure)
{
	struct live_interface interfaces[LIVE_INTERFACES];
	struct output output;
	int count = live_interfaces(interfaces, LIVE_INTERFACES, failure);

	if (count < 0 || !output_open_alone(&output, &request->common, failure))
		return failure->exit_code;
	for (int i = 0; i < count; i++) {
		const struct live_interface *one = &interfaces[i];

		(void)fprintf(output.stream, "%d. ", i + 1);
		safe_text_write(output.stream, one->name, strlen(one->name));
		if (one->description[0]) {
			(void)fputs(" (", output.stream);
			safe_text_write(output.stream, one->description,
				strlen(one->description));
			(void)fputc(')', output.stream);
		}
		(void)fputs(one->is_up ? "\n" : " [down]\n", output.stream);
	}
	return output_close(&output, failure) ? EXIT_RAN : EXIT_INPUT_CUT;
}

struct capture_run {
	const struct capture_request *request;
	struct live *live;
	struct analysis *analysis;
	struct recorder *recorder; /* NULL: nothing is recorded */
	struct run_files files;
	struct output output;
	struct batch *batch;
	uint64_t packets;  /* taken so far */
	uint64_t reported; /* incidents reported while it ran */
	struct analysed analysed;
	const char *paths[RECORDER_NAMES];
};

static bool open_all(struct capture_run *run, struct failure *failure)
{
	const struct capture_request *request = run->request;
	const struct analysis_options options = {0};

	run->live = live_open(&request->live, failure);
	if (!run->live)
		return false;
	run->analysis = analysis_start(&options, failure);
	if (!run->analysis)
		return false;
	run->batch = batch_new(BATCH_BYTES);
	if (!run->batch)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for packets");
	if (!output_open(&run->output, &request->common, &run->files, failure))
		return false;
	if (request->record.path) {
		run->recorder = recorder_open(&request->record, run->live,
			request->live.interface, &run->files, failure);
		if (!run->recorder)
			return false;
	}
	return run_files_begin(&run->files, failure) &&
	       (!run->recorder || recorder_begin(run->recorder, failure)) &&
	       sandbox_enter(SANDBOX_LISTENER, failure);
}

/* False when the recording is full, and then the rest of the batch is none of
 * the capture's. */
static bool record(struct capture_run *run)
{
	struct batch *batch = run->batch;
	struct recorder *recorder = run->recorder;
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
static bool take(struct capture_run *run)
{
	struct batch *batch = run->batch;
	uint64_t most = run->request->max_packets;

	if (most != 0 && batch->count > most - run->packets)
		batch->count = (uint32_t)(most - run->packets);

	bool is_going_on = !run->recorder || record(run);

	for (uint32_t i = 0; i < batch->count; i++)
		packet_decode(&batch->frames[i], &batch->packets[i]);
	analysis_packets(run->analysis, batch->packets, batch->count);
	run->packets += batch->count;
	return is_going_on && (most == 0 || run->packets < most);
}

static struct report_source source_of(struct capture_run *run)
{
	const struct capture_request *request = run->request;
	unsigned path_count = 0;

	/* Scripts get the names of files or none; people know interfaces. */
	run->analysed = (struct analysed){
		.analysis = run->analysis, .recorder = run->recorder};
	if (run->recorder)
		path_count = recorder_names(run->recorder, run->paths);
	else if (!request->common.is_json)
		run->paths[path_count++] = request->live.interface;
	return analysis_source(&run->analysed, run->paths, path_count, false);
}

/* Reports the incidents that have closed since the last time. */
static void tell_news(struct capture_run *run)
{
	const struct capture_request *request = run->request;
	uint64_t count = analysis_incident_count(run->analysis);

	if (count <= run->reported || request->common.is_quiet) {
		run->reported = count;
		return;
	}
	struct report_source source = source_of(run);
	for (; run->reported < count; run->reported++) {
		struct incident incident;

		if (!analysis_incident(run->analysis, run->reported, &incident))
			continue;
		if (request->common.is_json)
			report_json_notice(
				&source, &incident, run->output.stream);
		else
			report_text_notice(&source, &incident,
				&run->output.style, run->output.stream);
	}
	(void)fflush(run->output.stream); /* told of when it is closed */
}

static bool is_recording_lost(const struct capture_run *run)
{
	return run->recorder && has_recorder_failed(run->recorder);
}

/* Until the signal, the last packet wanted, or a failure; then what the
 * kernel still holds. */
static bool listen_until_end(struct capture_run *run,
	const volatile sig_atomic_t *is_stopped, struct failure *failure)
{
	bool is_stopping = false;

	for (;;) {
		if (*is_stopped && !is_stopping) {
			live_stop(run->live);
			is_stopping = true;
		}
		int count = live_read(
			run->live, run->batch, run->packets + 1, failure);

		if (count < 0)
			return false;
		if (!take(run))
			return true;
		tell_news(run);
		if ((is_stopping && count == 0) || is_recording_lost(run) ||
			ferror(run->output.stream))
			return true;
	}
}

static void listening_line(const char *interface)
{
	(void)fputs("listening on ", stderr);
	safe_text_write(stderr, interface, strlen(interface));
	(void)fputs("; Ctrl-C ends it\n", stderr);
}

static void closing_line(struct capture_run *run)
{
	uint64_t received = 0, dropped = 0;
	bool has_statistics = live_statistics(run->live, &received, &dropped);

	if (run->request->common.is_quiet && dropped == 0)
		return;
	(void)fprintf(stderr, "%" PRIu64 " packets captured", run->packets);
	if (has_statistics)
		(void)fprintf(stderr, ", %" PRIu64 " dropped by the kernel%s",
			dropped,
			dropped ? " (-B makes its buffer larger): missing "
				  "packets prove little"
				: "");
	(void)fputc('\n', stderr);
}

static enum exit_code report(struct capture_run *run, struct failure *failure)
{
	struct failure lost;

	analysis_finish(run->analysis);
	struct report_source source = source_of(run);

	if (run->request->common.is_json)
		report_json(&source, run->output.stream);
	else
		report_text(&source, &run->output.style, run->output.stream);
	closing_line(run);
	enum exit_code code = EXIT_RAN;
	if (run->recorder && !recorder_close(run->recorder, &lost)) {
		*failure = lost;
		code = EXIT_INPUT_CUT;
	}
	if (!output_close(&run->output, &lost)) {
		if (code == EXIT_RAN)
			*failure = lost;
		code = EXIT_INPUT_CUT;
	}
	return code;
}

static void close_all(struct capture_run *run)
{
	recorder_free(run->recorder);
	run_files_free(&run->files);
	if (run->batch)
		batch_free(run->batch);
	analysis_free(run->analysis);
	live_close(run->live);
}

static enum exit_code capture(struct capture_run *run, struct failure *failure)
{
	struct failure gone = {0};

	if (!open_all(run, failure))
		return failure->exit_code;
	/* Before it is said that it may be ended so. */
	const volatile sig_atomic_t *is_stopped = interrupt_watch();

	if (!run->request->common.is_quiet)
		listening_line(run->request->live.interface);
	bool is_whole = listen_until_end(run, is_stopped, &gone);
	enum exit_code code = report(run, failure);

	if (is_whole)
		return code;
	*failure = gone;
	return gone.exit_code;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct capture_request request = {0};
	struct capture_run run = {.request = &request};
	struct live_interface listed;
	enum exit_code code = EXIT_RAN;

	if (!capture_request_parse(&request, command, argc, argv, failure))
		return failure->exit_code;
	if (request.is_answered)
		return EXIT_RAN;
	if (request.is_listing)
		return list_interfaces(&request, failure);
	request.live.interface =
		live_interface_of(request.live.interface, &listed, failure);
	if (!request.live.interface)
		return failure->exit_code;
	code = capture(&run, failure);
	close_all(&run);
	return code;
}

const struct command command_capture = {
	.name = "capture",
	.operands = "[FILTER...]",
	.summary = "the same verdicts, live, while recording",
	.options = capture_options,
	.run = run,
};

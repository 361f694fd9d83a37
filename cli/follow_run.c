#include "cli/follow_run.h"

#include <stdlib.h>
#include <string.h>

#include "capture/decode/packet_decode.h"
#include "capture/live/time_now.h"
#include "cli/analysis_source.h"
#include "cli/analyze_run.h"
#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/notice.h"
#include "cli/task_apart.h"
#include "probe/protocol/section_comment.h"

enum {
	BATCH_BYTES = 1024 * 1024,
};

bool follow_run_check(struct command_run *run, struct failure *failure)
{
	const struct analyze_work *work = run->state;
	const char *option = work->partial_path	    ? "--partial"
			     : work->lake_prefix    ? "--lake"
			     : work->page.file.path ? "--html"
			     : work->name_count	    ? "--at"
			     : work->jobs	    ? "--jobs"
						    : NULL;

	if (option)
		return failure_set(failure, EXIT_USAGE,
			"%s does not go with --follow", option);
	return run->operand_count == 1 ||
	       failure_set(failure, EXIT_USAGE,
		       "--follow reads one capture, not %u",
		       run->operand_count);
}

static bool open_followed(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;
	struct follow *follow = &work->follow;

	if (work->expression) {
		work->filter =
			filter_new(work->expression, &task_apart, failure);
		if (!work->filter)
			return false;
	}
	follow->recording = recording_open(run->operands, 1, failure);
	if (!follow->recording)
		return false;
	recording_follow(follow->recording);
	if (work->options.memory_bytes == 0)
		work->options.memory_bytes = memory_default();
	work->options.spill = spill_file_open(&work->spill);
	follow->analysis = analysis_start(&work->options, failure);
	if (!follow->analysis)
		return false;
	follow->batch = batch_new(BATCH_BYTES);
	if (!follow->batch)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for packets");
	return run_files_add_inputs(&run->files, follow->recording, failure);
}

/* The connections of a probe are experiments, and their ends no failures. */
static bool is_of_connections(
	const struct recording *recording, struct failure *failure)
{
	struct section_comment comment;

	return section_comment_read(recording_comment(recording), &comment) ==
		       SECTION_COMMENT_NONE ||
	       failure_set(failure, EXIT_USAGE,
		       "--follow does not judge a probe's recording: analyze it "
		       "without --follow when the probe has ended");
}

/* False when enough packets have come. */
static bool take(struct analyze_work *work)
{
	struct follow *follow = &work->follow;
	struct batch *batch = follow->batch;
	uint64_t room = work->max_packets ? work->max_packets - follow->packets
					  : UINT64_MAX;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < batch->count && kept < room; i++) {
		follow->newest_ns = batch->frames[i].time_ns;
		if (work->filter &&
			!filter_matches(work->filter, &batch->frames[i]))
			continue;
		batch->frames[kept] = batch->frames[i];
		packet_decode(&batch->frames[kept], &batch->packets[kept]);
		kept++;
	}
	analysis_packets(follow->analysis, batch->packets, kept);
	follow->packets += kept;
	if (kept > 0)
		follow->foreseen_ns = 0;
	return work->max_packets == 0 || follow->packets < work->max_packets;
}

static struct report_source source_now(
	struct command_run *run, struct analysed *analysed, bool is_cut)
{
	const struct follow *follow =
		&((struct analyze_work *)run->state)->follow;

	*analysed = (struct analysed){
		.analysis = follow->analysis, .recording = follow->recording};
	return analysis_source(analysed, run->operands, 1, is_cut);
}

/* Packets have shown what may have been foretold: it does not come again. */
static bool was_foretold(struct follow *follow, const struct incident *incident)
{
	struct foretold *entry = foretold_find(&follow->foretold, incident);

	if (entry)
		foretold_remove(&follow->foretold, entry);
	return entry != NULL;
}

static bool tells_nothing(const struct command_run *run)
{
	return run->common.is_quiet || !run->common.format->notice;
}

/* The failures that have closed since the last time. */
static void tell_news(struct command_run *run)
{
	struct follow *follow = &((struct analyze_work *)run->state)->follow;
	uint64_t count = analysis_incident_count(follow->analysis);
	struct analysed analysed;
	struct report_source source;

	if (count <= follow->reported || tells_nothing(run)) {
		follow->reported = count;
		return;
	}
	source = source_now(run, &analysed, false);
	for (; follow->reported < count; follow->reported++) {
		struct incident incident;

		if (analysis_incident(
			    follow->analysis, follow->reported, &incident) &&
			!was_foretold(follow, &incident))
			run->common.format->notice(&source, &incident,
				&run->output.style, run->output.stream);
	}
	(void)fflush(run->output.stream); /* told of when it is closed */
}

/* Packets have come, and what was told by the clock is not so any more. Where
 * they showed it, it is told already (tell_news), and forgotten. */
static void withdraw(struct command_run *run)
{
	struct follow *follow = &((struct analyze_work *)run->state)->follow;
	struct foretold_list *list = &follow->foretold;
	struct analysed analysed;
	struct report_source source = source_now(run, &analysed, false);

	for (uint32_t i = 0; i < list->count;) {
		struct foretold *entry = &list->entries[i];
		struct incident told = {.flow = entry->name,
			.frame = entry->frame,
			.time_ns = entry->time_ns,
			.mechanism = entry->mechanism,
			.culprit = entry->culprit};

		if (analysis_still_foresees(follow->analysis, &entry->flow,
			    entry->frame, entry->mechanism)) {
			i++;
			continue;
		}
		run->common.format->withdrawal(&source, &told,
			&run->output.style, run->output.stream);
		foretold_remove(list, entry); /* another has its place */
	}
	(void)fflush(run->output.stream); /* told of when it is closed */
}

/* At most once a second: all that was foretold is looked at. */
static void withdraw_at_times(struct command_run *run)
{
	struct follow *follow = &((struct analyze_work *)run->state)->follow;
	int64_t now_ms;

	if (follow->foretold.count == 0)
		return;
	now_ms = time_now_ms();
	if (now_ms - follow->withdrawn_ms < 1000)
		return;
	follow->withdrawn_ms = now_ms;
	withdraw(run);
}

/* Its writer may hold packets back, as tcpdump does without -U. */
static void say_who_tells(
	struct incident *provisional, const struct incident *incident)
{
	static const char by_clock[] =
		"Told by the clock, since no more packets have come: later "
		"ones may change it.";
	enum { ROOM = sizeof(provisional->detail) - sizeof(by_clock) - 1 };

	*provisional = *incident;
	(void)snprintf(provisional->detail, sizeof(provisional->detail),
		"%s%s%.*s", by_clock, incident->detail[0] ? " " : "", ROOM,
		incident->detail);
}

/* What cannot be noted is told when packets show it, and not before: nothing is
 * told twice. */
static void foretell(void *context, const struct incident *incident,
	const struct foreseen_flow *flow)
{
	struct command_run *run = context;
	struct follow *follow = &((struct analyze_work *)run->state)->follow;
	struct analysed analysed;
	struct report_source source;
	struct incident provisional;

	if (foretold_find(&follow->foretold, incident) ||
		!foretold_add(&follow->foretold, incident, flow))
		return;
	say_who_tells(&provisional, incident);
	source = source_now(run, &analysed, false);
	run->common.format->notice(&source, &provisional, &run->output.style,
		run->output.stream);
}

/* How far the capture's time has come beyond the packets that are judged: the
 * filter may leave out those that come. */
static int64_t passed_ns(const struct follow *follow)
{
	int64_t passed;

	return __builtin_sub_overflow(follow->newest_ns,
		       analysis_now_ns(follow->analysis), &passed) ||
			       passed < 0
		       ? 0
		       : passed;
}

/* What is due is told, as if time had been read from a packet. All connections
 * are looked at, so it is done for a second of the capture, and not for less.
 */
static void tell_what_is_due(struct command_run *run, int64_t waited_ns)
{
	enum { A_SECOND_NS = 1000000000 };
	struct follow *follow = &((struct analyze_work *)run->state)->follow;
	int64_t until_ns;

	if (follow->packets == 0 || tells_nothing(run) ||
		__builtin_add_overflow(
			passed_ns(follow), waited_ns, &until_ns) ||
		until_ns - A_SECOND_NS < follow->foreseen_ns)
		return;
	analysis_foresee(follow->analysis, follow->foreseen_ns, until_ns,
		foretell, run);
	follow->foreseen_ns = until_ns;
	tell_news(run);
	(void)fflush(run->output.stream); /* told of when it is closed */
}

/* While no byte comes, time is what was waited for one. */
static void on_silence(void *context, int64_t waited_ns)
{
	withdraw_at_times(context);
	tell_what_is_due(context, waited_ns);
}

static bool begin_followed(struct command_run *run, struct failure *failure)
{
	struct follow *follow = &((struct analyze_work *)run->state)->follow;

	follow->newest_ns = INT64_MIN;
	follow->is_stopped = interrupt_watch();
	recording_stop_on(follow->recording, follow->is_stopped);
	recording_on_silence(follow->recording, on_silence, run);
	return recording_begin(follow->recording, failure);
}

/* Until the signal, the end of a pipe, or the last packet wanted. */
static bool read_until_end(struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;
	struct failure cut;
	bool is_whole = true;

	for (;;) {
		enum reading reading = recording_read(
			work->follow.recording, work->follow.batch, &cut);

		/* what the writer had not written whole when it was stopped */
		if (reading == READING_CUT && !*work->follow.is_stopped &&
			is_whole) {
			*failure = cut;
			is_whole = false;
		}
		if (work->follow.packets == 0 &&
			!is_of_connections(work->follow.recording, failure)) {
			work->follow.is_refused = true;
			return false;
		}
		/* the second time and later it does nothing */
		if (!run_files_begin(&run->files, failure)) {
			work->follow.is_refused = true;
			return false;
		}
		if (!take(work) || reading == READING_END ||
			ferror(run->output.stream))
			return is_whole;
		tell_news(run);
		withdraw_at_times(run);
		/* others may have come, that the filter leaves out */
		tell_what_is_due(run, 0);
	}
}

static enum exit_code follow_to_end(
	struct command_run *run, struct failure *failure)
{
	struct analyze_work *work = run->state;
	bool is_whole = read_until_end(run, failure);
	struct analysed analysed;
	struct report_source source;

	if (work->follow.is_refused)
		return failure->exit_code;
	if (work->follow.foretold.count > 0) {
		tell_news(run);
		withdraw(run);
	}
	analysis_finish(work->follow.analysis);
	source = source_now(run, &analysed, !is_whole);
	run->common.format->incidents(
		&source, &run->output.style, run->output.stream);
	analysis_tell_left_out(&source);
	if (work->filter && filter_problem(work->filter))
		notice_print("%s", filter_problem(work->filter));
	if (fail_on_matches(&work->fail_on, &source.totals))
		return EXIT_FAIL_ON;
	return analysis_code(&source);
}

static void close_followed(struct command_run *run)
{
	struct analyze_work *work = run->state;

	if (work->follow.batch)
		batch_free(work->follow.batch);
	analysis_free(work->follow.analysis);
	foretold_release(&work->follow.foretold);
	recording_close(work->follow.recording);
	spill_file_close(&work->spill);
	filter_free(work->filter);
}

const struct command_steps follow_steps = {
	.open = open_followed,
	.is_sandboxed = true,
	.sandbox = SANDBOX_READER,
	.begin = begin_followed,
	.is_begun_by_work = true,
	.work = follow_to_end,
	.close = close_followed,
};

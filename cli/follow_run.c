#include "cli/follow_run.h"

#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "capture/decode/packet_decode.h"
#include "capture/live/time_now.h"
#include "cli/analysis_source.h"
#include "cli/analyze_run.h"
#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/task_apart.h"
#include "probe/protocol/section_comment.h"

enum {
	BATCH_BYTES = 1024 * 1024,
	FORETOLD_MOST = 4096, /* the oldest makes room */
};

static const int64_t second_ns = 1000000000;

/* An incident that was told because it was due by the clock. It is told once;
 * another mechanism for the same frame is told again. */
struct foretold {
	struct flow_name flow;
	uint64_t frame;
	enum mechanism mechanism;
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
	struct batch *batch = work->follow.batch;
	uint64_t room = work->max_packets
				? work->max_packets - work->follow.packets
				: UINT64_MAX;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < batch->count && kept < room; i++) {
		if (work->filter &&
			!filter_matches(work->filter, &batch->frames[i]))
			continue;
		batch->frames[kept] = batch->frames[i];
		packet_decode(&batch->frames[kept], &batch->packets[kept]);
		kept++;
	}
	analysis_packets(work->follow.analysis, batch->packets, kept);
	work->follow.packets += kept;
	if (kept > 0) {
		work->follow.came_ns = time_now_ns(CLOCK_MONOTONIC);
		work->follow.foreseen_ns = 0;
	}
	return work->max_packets == 0 ||
	       work->follow.packets < work->max_packets;
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

static bool is_same_flow(
	const struct flow_name *one, const struct flow_name *other)
{
	return endpoint_is_same(&one->client, &other->client) &&
	       endpoint_is_same(&one->server, &other->server) &&
	       one->family == other->family &&
	       one->is_guessed == other->is_guessed &&
	       one->tunnel == other->tunnel;
}

static bool is_same_end(
	const struct foretold *one, const struct incident *incident)
{
	return one->frame == incident->frame &&
	       one->mechanism == incident->mechanism &&
	       is_same_flow(&one->flow, &incident->flow);
}

/* Its place, or `foretold_count`. */
static uint32_t place_in_foretold(
	const struct follow *follow, const struct incident *incident)
{
	uint32_t i = 0;

	while (i < follow->foretold_count &&
		!is_same_end(&follow->foretold[i], incident))
		i++;
	return i;
}

static void forget_foretold(struct follow *follow, uint32_t place)
{
	struct foretold *foretold = &follow->foretold[place];

	follow->foretold_count--;
	memmove(foretold, foretold + 1,
		(follow->foretold_count - place) * sizeof(*foretold));
}

/* Packets have shown what may have been foretold: it does not come again. */
static bool was_foretold(struct follow *follow, const struct incident *incident)
{
	uint32_t place = place_in_foretold(follow, incident);

	if (place == follow->foretold_count)
		return false;
	forget_foretold(follow, place);
	return true;
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

/* Without memory, or forgotten, it is told again once packets show it. */
static void note_foretold(
	struct follow *follow, const struct incident *incident)
{
	struct foretold *grown;

	if (follow->foretold_count == FORETOLD_MOST)
		forget_foretold(follow, 0);
	grown = array_grown(follow->foretold, follow->foretold_count,
		&follow->foretold_room, sizeof(*grown));
	if (!grown)
		return;
	follow->foretold = grown;
	grown[follow->foretold_count++] = (struct foretold){
		incident->flow, incident->frame, incident->mechanism};
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

static void foretell(void *context, const struct incident *incident)
{
	struct command_run *run = context;
	struct follow *follow = &((struct analyze_work *)run->state)->follow;
	struct analysed analysed;
	struct report_source source;
	struct incident provisional;

	if (place_in_foretold(follow, incident) < follow->foretold_count)
		return;
	note_foretold(follow, incident);
	say_who_tells(&provisional, incident);
	source = source_now(run, &analysed, false);
	run->common.format->notice(&source, &provisional, &run->output.style,
		run->output.stream);
}

/* How long no packet has come that is judged. */
static int64_t silence_ns(const struct follow *follow)
{
	return time_now_ns(CLOCK_MONOTONIC) - follow->came_ns;
}

/* No packet comes: what is due by the clock is told, as if time had been read
 * from one. */
static void tell_what_is_due(void *context)
{
	struct command_run *run = context;
	struct follow *follow = &((struct analyze_work *)run->state)->follow;
	int64_t passed_ns = silence_ns(follow);

	if (follow->packets == 0 || tells_nothing(run))
		return;
	analysis_foresee(follow->analysis, follow->foreseen_ns, passed_ns,
		foretell, run);
	follow->foreseen_ns = passed_ns;
	tell_news(run);
	(void)fflush(run->output.stream); /* told of when it is closed */
}

static bool begin_followed(struct command_run *run, struct failure *failure)
{
	struct follow *follow = &((struct analyze_work *)run->state)->follow;

	follow->is_stopped = interrupt_watch();
	recording_stop_on(follow->recording, follow->is_stopped);
	recording_on_silence(follow->recording, tell_what_is_due, run);
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
		if (!take(work) || reading == READING_END ||
			ferror(run->output.stream))
			return is_whole;
		tell_news(run);
		/* others may have come, that the filter leaves out */
		if (silence_ns(&work->follow) >=
			work->follow.foreseen_ns + second_ns)
			tell_what_is_due(run);
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
		return EXIT_USAGE;
	analysis_finish(work->follow.analysis);
	source = source_now(run, &analysed, !is_whole);
	run->common.format->incidents(
		&source, &run->output.style, run->output.stream);
	analysis_tell_left_out(&source);
	if (work->filter && filter_problem(work->filter))
		(void)fprintf(
			stderr, "culprit: %s\n", filter_problem(work->filter));
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
	free(work->follow.foretold);
	recording_close(work->follow.recording);
	spill_file_close(&work->spill);
	filter_free(work->filter);
}

const struct command_steps follow_steps = {
	.open = open_followed,
	.is_sandboxed = true,
	.sandbox = SANDBOX_READER,
	.begin = begin_followed,
	.work = follow_to_end,
	.close = close_followed,
};

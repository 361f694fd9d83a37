/* An analysis from its beginning to its report. Packets come in in intake.c;
 * ended flows are found in expiry.c and kept in close.c. */
#include "analysis/analysis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis_state.h"
#include "analysis/rebind.h"
#include "analysis/verdict/judge.h"

enum {
	DEFAULT_FLOWS = 1000000,
	DEFAULT_INCIDENTS = 20000,
	MOST_DOSSIERS = 1 << 16,
};

static void point_to_learned(struct analysis *analysis)
{
	struct observer *observer = &analysis->observer;
	struct learned *learned = &analysis->learned;

	observer->listeners = &learned->listeners;
	observer->accepted_plain = &learned->accepted_plain;
	observer->accepted_ecn = &learned->accepted_ecn;
	observer->refusals = &learned->refusals;
	observer->answered_syns = &learned->answered_syns;
	observer->triggers = &learned->triggers;
}

struct analysis *analysis_new(
	const struct analysis_options *options, struct failure *failure)
{
	struct analysis *analysis = calloc(1, sizeof(*analysis));
	uint64_t flows = options->max_flows;

	if (!analysis) {
		failure_set(failure, EXIT_INPUT_CUT, "out of memory");
		return NULL;
	}
	analysis->options = *options;
	if (flows == 0)
		flows = DEFAULT_FLOWS;
	if (analysis->options.max_incidents == 0)
		analysis->options.max_incidents = DEFAULT_INCIDENTS;
	analysis->knowledge = options->knowledge;
	if (!analysis->knowledge) {
		knowledge_init(&analysis->built_in);
		analysis->knowledge = &analysis->built_in;
	}
	analysis->now_ns = INT64_MIN;
	analysis->totals.first_ns = INT64_MIN;
	analysis->totals.last_ns = INT64_MIN;
	point_to_learned(analysis);
	analysis->observer.thresholds =
		options->thresholds ? options->thresholds : &thresholds_default;
	sighter_init(&analysis->sighter, analysis->observer.thresholds, 1);
	budget_init(&analysis->budget, flows);
	if (options->part_count > 1 && flows != UINT64_MAX) {
		flows = (flows - 1) / options->part_count + 1;
		analysis->budget.most_bytes /= options->part_count;
	}
	if (!flow_table_init(&analysis->observer.flows, flows, options->seed,
		    &analysis->budget) ||
		!evidence_pool_init(&analysis->observer.evidence_pool,
			MOST_DOSSIERS, &analysis->budget) ||
		!learned_init(&analysis->learned, flows, options->seed)) {
		failure_set(failure, EXIT_INPUT_CUT, "out of memory");
		analysis_free(analysis);
		return NULL;
	}
	return analysis;
}

void analysis_free(struct analysis *analysis)
{
	if (!analysis)
		return;
	for (uint32_t i = 0; i < analysis->record_count; i++) {
		struct evidence *evidence = analysis->records[i].conn.evidence;

		if (evidence)
			ssh_talk_free(evidence->ssh);
		free(evidence);
	}
	free(analysis->records);
	free(analysis->cases);
	free(analysis->summaries);
	if (analysis->observer.evidence_pool.chunks)
		evidence_pool_release(&analysis->observer.evidence_pool);
	flow_table_release(&analysis->observer.flows);
	learned_release(&analysis->learned);
	free(analysis);
}

/* One packet may be fatal to several connections: then the one that began
 * first comes first. */
static int by_fatal_frame(const void *a, const void *b, void *context)
{
	const struct case_reference *left = a, *right = b;
	const struct analysis *analysis = context;
	const struct flow *one = &analysis->records[left->record].conn.flow;
	const struct flow *other = &analysis->records[right->record].conn.flow;

	if (left->frame != right->frame)
		return left->frame < right->frame ? -1 : 1;
	if (one->first_frame != other->first_frame)
		return one->first_frame < other->first_frame ? -1 : 1;
	if (left->ending.kind != right->ending.kind)
		return left->ending.kind < right->ending.kind ? -1 : 1;
	return left->ending.reset - right->ending.reset;
}

static int by_first_frame(const void *a, const void *b)
{
	const struct flow_summary *left = a, *right = b;

	return left->first_frame < right->first_frame
		       ? -1
		       : left->first_frame > right->first_frame;
}

void analysis_close(struct analysis *analysis)
{
	struct flow_table *table = &analysis->observer.flows;

	if (analysis->is_finishing)
		return;
	if (!analysis->told)
		rebind_look(&analysis->learned.rebinds, &analysis, 1);
	analysis->is_finishing = true;
	for (uint32_t i = 0; i < table->slots_used; i++) {
		struct flow *flow = flow_table_slot(table, i);

		if (flow->flags & FLOW_USED && expiry_settle(analysis, flow))
			close_flow(analysis, flow);
	}
}

void analysis_finish(struct analysis *analysis)
{
	assert(!analysis->is_finished);
	analysis_close(analysis);
	learned_settle(&analysis->learned);
	close_judge_all(analysis);
	analysis->is_finished = true;
	if (analysis->case_count)
		qsort_r(analysis->cases, analysis->case_count,
			sizeof(analysis->cases[0]), by_fatal_frame, analysis);
	if (analysis->summary_count)
		qsort(analysis->summaries, analysis->summary_count,
			sizeof(analysis->summaries[0]), by_first_frame);
}

static bool append_records(struct analysis *analysis, struct analysis *from)
{
	struct record *records = reallocarray(analysis->records,
		(size_t)analysis->record_count + from->record_count + 1,
		sizeof(*records));

	if (!records)
		return false;
	analysis->records = records;
	for (uint32_t i = 0; i < from->record_count; i++) {
		struct record *record =
			&analysis->records[analysis->record_count++];

		*record = from->records[i];
		if (record->summary)
			record->summary += analysis->summary_count;
	}
	analysis->record_capacity = analysis->record_count + 1;
	from->record_count = 0;
	return true;
}

static bool append_summaries(struct analysis *analysis, struct analysis *from)
{
	struct flow_summary *summaries = reallocarray(analysis->summaries,
		analysis->summary_count + from->summary_count + 1,
		sizeof(*summaries));

	if (!summaries)
		return false;
	analysis->summaries = summaries;
	if (from->summary_count)
		memcpy(summaries + analysis->summary_count, from->summaries,
			from->summary_count * sizeof(*summaries));
	analysis->summary_count += from->summary_count;
	from->summary_count = 0;
	return true;
}

static void add_totals(
	struct analysis_totals *totals, const struct analysis_totals *more)
{
	totals->packets += more->packets;
	totals->bytes += more->bytes;
	totals->tcp_packets += more->tcp_packets;
	totals->flows += more->flows;
	totals->incidents_not_kept += more->incidents_not_kept;
	totals->orderly += more->orderly;
	totals->resets_seen += more->resets_seen;
	totals->told_resets += more->told_resets;
	totals->benign_resets += more->benign_resets;
	totals->unjudged_resets += more->unjudged_resets;
	totals->evicted_flows += more->evicted_flows;
	totals->odd_packets += more->odd_packets;
	for (unsigned i = 0; i < PARTY_COUNT; i++)
		totals->by_culprit[i] += more->by_culprit[i];
	for (unsigned i = 0; i < MECHANISM_COUNT; i++)
		totals->by_mechanism[i] += more->by_mechanism[i];
	for (unsigned i = 0; i < SKIP_COUNT; i++)
		totals->skipped[i] += more->skipped[i];
}

void analysis_absorb(struct analysis *analysis, struct analysis *from)
{
	struct observer *observer = &analysis->observer;
	uint32_t cases = from->case_count;

	if (!append_records(analysis, from))
		analysis->totals.incidents_not_kept += cases;
	/* records name their summaries: first those, or neither */
	if (!append_summaries(analysis, from))
		for (uint32_t i = 0; i < analysis->record_count; i++)
			if (analysis->records[i].summary >
				analysis->summary_count)
				analysis->records[i].summary = 0;
	add_totals(&analysis->totals, &from->totals);
	observer->duplicates += from->observer.duplicates;
	observer->lost_packets += from->observer.lost_packets;
	observer->evicted_incidents += from->observer.evicted_incidents;
	observer->icmp_flows += from->observer.icmp_flows;
	observer->out_of_window_icmp += from->observer.out_of_window_icmp;
	if (from->frame > analysis->frame)
		analysis->frame = from->frame;
}

/* Makes a case's verdict again. An incident at the close may be none by later
 * statistics; analysis_finish removes those. */
static bool judge_case(const struct analysis *analysis, uint64_t index,
	struct incident *incident)
{
	const struct case_reference *one = &analysis->cases[index];
	const struct closed_conn *conn = &analysis->records[one->record].conn;
	struct verdict_context context = analysis_verdict_context(analysis);
	struct judgement judgement;

	if (!analysis->is_finished) {
		judge_conn(&context, conn, &judgement);
		if (!judge_is_incident(&judgement, one->ending))
			return false;
	}
	incident_of_ending(&context, conn, one->ending, incident);
	return true;
}

uint64_t analysis_incident_count(const struct analysis *analysis)
{
	return analysis->case_count;
}

bool analysis_incident(const struct analysis *analysis, uint64_t index,
	struct incident *incident)
{
	assert(index < analysis->case_count);
	return judge_case(analysis, index, incident);
}

uint64_t analysis_flow_count(const struct analysis *analysis)
{
	return analysis->summary_count;
}

void analysis_flow(const struct analysis *analysis, uint64_t index,
	struct flow_summary *summary)
{
	assert(index < analysis->summary_count);
	*summary = analysis->summaries[index];
}

void analysis_totals(
	const struct analysis *analysis, struct analysis_totals *totals)
{
	*totals = analysis->totals;
	totals->first_ns = analysis->sighter.first_ns;
	totals->last_ns = analysis->sighter.last_ns;
	totals->clock_steps = analysis->sighter.steps;
	totals->flows += analysis->observer.icmp_flows;
	totals->duplicates = analysis->observer.duplicates;
	totals->lost_packets = analysis->observer.lost_packets;
	totals->evicted_incidents = analysis->observer.evicted_incidents;
	totals->out_of_window_icmp = analysis->observer.out_of_window_icmp;
	totals->not_learned = analysis->learned.host_ttls.table.not_learned +
			      analysis->learned.idle_stats.table.not_learned;
	totals->incidents = analysis->case_count;
	for (uint32_t i = 0; i < analysis->case_count; i++) {
		struct incident incident;

		if (!judge_case(analysis, i, &incident))
			continue;
		totals->by_culprit[incident.culprit]++;
		totals->by_mechanism[incident.mechanism]++;
	}
}

bool analysis_is_complete(const struct analysis_totals *totals)
{
	return !totals->unjudged_resets && !totals->evicted_flows &&
	       !totals->evicted_incidents && !totals->incidents_not_kept;
}

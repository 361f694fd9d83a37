/* An analysis from its beginning to its report. Packets come in in intake.c;
 * ended flows are found in expiry.c and kept in close.c. */
#include "analysis/analysis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis_state.h"
#include "analysis/rebind.h"
#include "analysis/verdict/judge.h"

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

/* Of so much that is for all, what is for one of so many parts. */
static uint64_t share_of(uint64_t most, unsigned part_count)
{
	return most == UINT64_MAX || part_count < 2
		       ? most
		       : (most - 1) / part_count + 1;
}

/* What is left for the tables that grow. */
static uint64_t budget_of(uint64_t memory_bytes, unsigned part_count)
{
	uint64_t share =
		share_of(memory_bytes ? memory_bytes : ANALYSIS_MEMORY_LEAST,
			part_count);

	if (share == UINT64_MAX)
		return UINT64_MAX;
	return share > 2 * (uint64_t)ANALYSIS_FIXED_BYTES
		       ? share - ANALYSIS_FIXED_BYTES
		       : share / 2;
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
		flows = UINT64_MAX;
	if (analysis->options.max_incidents == 0)
		analysis->options.max_incidents = UINT64_MAX;
	analysis->knowledge =
		options->knowledge ? options->knowledge : knowledge_built_in();
	analysis->now_ns = analysis->swept_ns = INT64_MIN;
	analysis->before_ns = INT64_MIN;
	analysis->totals.first_ns = INT64_MIN;
	analysis->totals.last_ns = INT64_MIN;
	point_to_learned(analysis);
	analysis->observer.thresholds =
		options->thresholds ? options->thresholds : &thresholds_default;
	sighter_init(&analysis->sighter, analysis->observer.thresholds, 1,
		options->seed);
	budget_init(&analysis->budget,
		budget_of(options->memory_bytes, options->part_count));
	conn_store_init(&analysis->store, &analysis->budget, options->spill,
		sizeof(struct case_reference));
	if (!flow_table_init(&analysis->observer.flows,
		    share_of(flows, options->part_count), options->seed,
		    &analysis->budget) ||
		!evidence_pool_init(
			&analysis->observer.evidence_pool, &analysis->budget) ||
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
	conn_store_release(&analysis->store);
	free(analysis->cases);
	free(analysis->summaries);
	evidence_pool_release(&analysis->observer.evidence_pool);
	flow_table_release(&analysis->observer.flows);
	learned_release(&analysis->learned);
	free(analysis);
}

/* One packet may be fatal to several connections: then the one that began
 * first comes first. */
static int by_fatal_frame(const void *a, const void *b)
{
	const struct case_reference *left = a, *right = b;

	if (left->frame != right->frame)
		return left->frame < right->frame ? -1 : 1;
	if (left->first_frame != right->first_frame)
		return left->first_frame < right->first_frame ? -1 : 1;
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

/* What is known of the hosts of a flow that will be closed soon. */
static void prefetch_hosts(const struct analysis *analysis, uint32_t slot)
{
	const struct flow_table *table = &analysis->observer.flows;
	const struct flow *flow;
	struct address address[2];
	uint16_t port[2];

	if (slot >= table->slots_used)
		return;
	flow = flow_table_slot(table, slot);
	if (!(flow->flags & FLOW_USED))
		return;
	flow_table_endpoints(table, flow, address, port);
	for (unsigned i = 0; i < 2; i++)
		host_ttls_prefetch(&analysis->learned.host_ttls, &address[i],
			flow->flags & FLOW_V6 ? 6 : 4);
}

void analysis_close(struct analysis *analysis)
{
	enum { SOON = 8 };
	struct flow_table *table = &analysis->observer.flows;

	if (analysis->is_finishing)
		return;
	if (!analysis->told)
		rebind_look(&analysis->learned.rebinds, &analysis, 1);
	analysis->is_finishing = true;
	flow_table_let_index_go(table);
	for (uint32_t i = 0; i < table->slots_used; i++) {
		struct flow *flow = flow_table_slot(table, i);

		prefetch_hosts(analysis, i + SOON);
		if (flow->flags & FLOW_USED &&
			expiry_settle(analysis, flow, analysis->now_ns))
			close_flow(analysis, flow);
		if (i % FLOWS_PER_CHUNK == FLOWS_PER_CHUNK - 1)
			flow_table_let_go(table, i / FLOWS_PER_CHUNK);
	}
}

void analysis_finish(struct analysis *analysis)
{
	assert(!analysis->is_finished);
	analysis_close(analysis);
	learned_settle(&analysis->learned);
	analysis_judge_again(analysis);
	analysis->is_finished = true;
	if (analysis->case_count)
		qsort(analysis->cases, analysis->case_count,
			sizeof(analysis->cases[0]), by_fatal_frame);
	if (analysis->summary_count)
		qsort(analysis->summaries, analysis->summary_count,
			sizeof(analysis->summaries[0]), by_first_frame);
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

static void add_times(
	struct analysis_totals *totals, const struct analysis_totals *more)
{
	if (more->first_ns == INT64_MIN)
		return;
	if (totals->first_ns == INT64_MIN || more->first_ns < totals->first_ns)
		totals->first_ns = more->first_ns;
	if (more->last_ns > totals->last_ns)
		totals->last_ns = more->last_ns;
}

void analysis_totals_add(
	struct analysis_totals *totals, const struct analysis_totals *more)
{
	totals->packets += more->packets;
	totals->bytes += more->bytes;
	totals->tcp_packets += more->tcp_packets;
	totals->flows += more->flows;
	totals->incidents += more->incidents;
	totals->incidents_not_kept += more->incidents_not_kept;
	totals->orderly += more->orderly;
	totals->resets_seen += more->resets_seen;
	totals->told_resets += more->told_resets;
	totals->benign_resets += more->benign_resets;
	totals->unjudged_resets += more->unjudged_resets;
	totals->evicted_flows += more->evicted_flows;
	totals->evicted_incidents += more->evicted_incidents;
	totals->left_out += more->left_out;
	totals->duplicates += more->duplicates;
	totals->lost_packets += more->lost_packets;
	totals->clock_steps += more->clock_steps;
	totals->not_learned += more->not_learned;
	totals->out_of_window_icmp += more->out_of_window_icmp;
	totals->odd_packets += more->odd_packets;
	for (unsigned i = 0; i < PARTY_COUNT; i++)
		totals->by_culprit[i] += more->by_culprit[i];
	for (unsigned i = 0; i < MECHANISM_COUNT; i++)
		totals->by_mechanism[i] += more->by_mechanism[i];
	for (unsigned i = 0; i < SKIP_COUNT; i++)
		totals->skipped[i] += more->skipped[i];
	add_times(totals, more);
}

/* There is no memory for the list of them: as though they had not been kept. */
static void lose_records(struct analysis *analysis)
{
	analysis->totals.incidents_not_kept += analysis->case_count;
	for (uint32_t i = 0; i < analysis->store.count; i++)
		analysis->totals.unjudged_resets +=
			(conn_store_flags(&analysis->store, i) & FLOW_RESET) !=
			0;
}

void analysis_absorb(struct analysis *analysis, struct analysis *from)
{
	struct observer *observer = &analysis->observer;
	uint32_t summaries = (uint32_t)analysis->summary_count;

	if (!append_summaries(analysis, from))
		conn_store_drop_summaries(&from->store);
	if (!conn_store_absorb(&analysis->store, &from->store, summaries))
		lose_records(from);
	analysis_totals_add(&analysis->totals, &from->totals);
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
	bool is_brief, struct incident *incident)
{
	const struct case_reference *one = &analysis->cases[index];
	struct verdict_context context = analysis_verdict_context(analysis);
	struct stored_conn stored;
	struct judgement judgement;

	if (!analysis_load(analysis, one->record, &stored))
		return false;
	if (!analysis->is_finished) {
		judge_conn(&context, &stored.conn, &judgement);
		if (!judge_is_incident(&judgement, one->ending))
			return false;
	}
	if (is_brief)
		incident_brief(&context, &stored.conn, one->ending, incident);
	else
		incident_of_ending(
			&context, &stored.conn, one->ending, incident);
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
	return judge_case(analysis, index, false, incident);
}

bool analysis_incident_brief(const struct analysis *analysis, uint64_t index,
	struct incident *incident)
{
	assert(index < analysis->case_count);
	return judge_case(analysis, index, true, incident);
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
			      analysis->learned.idle_stats.table.not_learned +
			      analysis->learned.checks.table.not_learned +
			      analysis->learned.passed_sizes.table.not_learned;
	totals->incidents = analysis->case_count;
	for (uint32_t i = 0; i < analysis->case_count; i++) {
		const struct case_reference *one = &analysis->cases[i];
		struct incident incident;

		if (analysis->is_finished) {
			totals->by_culprit[one->culprit]++;
			totals->by_mechanism[one->mechanism]++;
			continue;
		}
		if (!judge_case(analysis, i, true, &incident))
			continue;
		totals->by_culprit[incident.culprit]++;
		totals->by_mechanism[incident.mechanism]++;
	}
}

bool analysis_is_complete(const struct analysis_totals *totals)
{
	return !totals->left_out && !totals->unjudged_resets &&
	       !totals->evicted_flows && !totals->evicted_incidents &&
	       !totals->incidents_not_kept;
}

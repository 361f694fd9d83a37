/* An analysis from its beginning to its report. Packets come in in intake.c;
 * ended flows are found in expiry.c and kept in close.c. */
#include "analysis/analysis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis_state.h"
#include "analysis/verdict/judge.h"

enum {
	/* tables of a fixed size, unpacked evidence records, batches */
	FIXED_BYTES = 24000000,
	HOSTS = 1 << 16,
	CLOSED = 1 << 16, /* two a connection */
	PATHS = 1 << 13,
	HEARD = 1 << 16, /* connections whose first data is kept */
};

/* Slots for what few flows can add: a power of two, not above `most`. */
static uint32_t slots_for(uint64_t flows, uint32_t most)
{
	uint32_t slots = 64;

	while (slots < most && slots / 4 < flows)
		slots *= 2;
	return slots;
}

/* What is left for the tables that grow. */
static uint64_t budget_of(uint64_t memory_bytes)
{
	if (memory_bytes == UINT64_MAX)
		return UINT64_MAX;
	if (memory_bytes == 0)
		memory_bytes = ANALYSIS_MEMORY_LEAST;
	return memory_bytes > 2 * (uint64_t)FIXED_BYTES
		       ? memory_bytes - FIXED_BYTES
		       : memory_bytes / 2;
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
	analysis->knowledge = options->knowledge;
	if (!analysis->knowledge) {
		knowledge_init(&analysis->built_in);
		analysis->knowledge = &analysis->built_in;
	}
	analysis->now_ns = INT64_MIN;
	analysis->totals.first_ns = INT64_MIN;
	analysis->totals.last_ns = INT64_MIN;
	analysis->observer.listeners = &analysis->learned.listeners;
	analysis->observer.accepted_plain = &analysis->learned.accepted_plain;
	analysis->observer.refusals = &analysis->learned.refusals;
	analysis->observer.answered_syns = &analysis->learned.answered_syns;
	analysis->observer.triggers = &analysis->learned.triggers;
	analysis->observer.accepted_ecn = &analysis->learned.accepted_ecn;
	analysis->observer.thresholds =
		options->thresholds ? options->thresholds : &thresholds_default;
	budget_init(&analysis->budget, budget_of(options->memory_bytes));
	conn_store_init(&analysis->store, &analysis->budget, options->spill,
		sizeof(struct case_reference));
	if (!flow_table_init(&analysis->observer.flows, flows, options->seed,
		    &analysis->budget) ||
		!evidence_pool_init(&analysis->observer.evidence_pool,
			&analysis->budget) ||
		!host_ttls_init(&analysis->learned.host_ttls,
			slots_for(flows, HOSTS), options->seed) ||
		!closed_numbers_init(&analysis->learned.closed_numbers,
			slots_for(flows, CLOSED)) ||
		!triggers_init(&analysis->learned.triggers,
			slots_for(flows, HEARD), options->seed) ||
		!idle_stats_init(&analysis->learned.idle_stats,
			slots_for(flows, PATHS), options->seed)) {
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
	host_ttls_release(&analysis->learned.host_ttls);
	closed_numbers_release(&analysis->learned.closed_numbers);
	idle_stats_release(&analysis->learned.idle_stats);
	triggers_release(&analysis->learned.triggers);
	free(analysis);
}

static int by_fatal_frame(const void *a, const void *b)
{
	const struct case_reference *left = a, *right = b;

	if (left->frame != right->frame)
		return left->frame < right->frame ? -1 : 1;
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
	analysis->is_finishing = true;
	for (uint32_t i = 0; i < table->slots_used; i++) {
		struct flow *flow = flow_table_slot(table, i);

		if (flow->flags & FLOW_USED)
			close_flow(analysis, flow);
	}
}

void analysis_finish(struct analysis *analysis)
{
	assert(!analysis->is_finished);
	analysis_close(analysis);
	close_judge_all(analysis);
	analysis->is_finished = true;
	if (analysis->case_count)
		qsort(analysis->cases, analysis->case_count,
			sizeof(analysis->cases[0]), by_fatal_frame);
	if (analysis->summary_count)
		qsort(analysis->summaries, analysis->summary_count,
			sizeof(analysis->summaries[0]), by_first_frame);
}

/* Makes a case's verdict again. An incident at the close may be none by later
 * statistics; analysis_finish removes those. */
static bool judge_case(const struct analysis *analysis, uint64_t index,
	struct incident *incident)
{
	const struct case_reference *one = &analysis->cases[index];
	struct verdict_context context = analysis_verdict_context(analysis);
	struct stored_conn stored;
	struct judgement judgement;

	if (!conn_store_load(&analysis->store, one->record, &stored))
		return false;
	if (!analysis->is_finished) {
		judge_conn(&context, &stored.conn, &judgement);
		if (!judge_is_incident(&judgement, one->ending))
			return false;
	}
	incident_of_ending(&context, &stored.conn, one->ending, incident);
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

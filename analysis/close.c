/* Closing of flows: statistics are updated, incidents are kept, the rest is
 * counted and freed. */
#include <string.h>

#include "analysis/analysis_state.h"
#include "analysis/pairing.h"
#include "analysis/verdict/fatal_packet.h"
#include "analysis/verdict/judge.h"
#include "capture/array.h"

enum { SUMMARIES_MOST = 10000000 };

/* Adds the flow to the statistics of its hosts and its path. */
static void learn(struct analysis *analysis, const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	uint8_t family = flow->flags & FLOW_V6 ? 6 : 4;
	unsigned client = flow_client(flow);

	for (unsigned i = 0; i < 2; i++) {
		const struct side_cold *cold = &flow->cold[i];
		unsigned usual = 0;

		if (!(flow->side[i].flags & SIDE_SEEN) ||
			(!(flow->flags & FLOW_SYNACK) &&
				!(flow->flags & FLOW_MIDSTREAM)))
			continue;
		/* a program may have made the SYN, with any TTL */
		if (i == client && (flow->flags & FLOW_ORIENTED) &&
			flow->side[i].packets <= flow_syns(flow))
			continue;
		/* the SYN-ACK's, where there is one: later packets may be
		 * forged */
		for (unsigned j = 1;
			j < SIDE_TTLS && !(flow->side[i].flags & SIDE_SYN); j++)
			if (cold->ttl_count[j] > cold->ttl_count[usual])
				usual = j;
		host_ttls_learn(&analysis->learned.host_ttls, &conn->address[i],
			family, cold->ttl[usual], flow->side[i].capture_point,
			flow->side[i].last_ns);
	}
	if (flow->side[0].flags & flow->side[1].flags & SIDE_FIN)
		for (unsigned i = 0; i < 2; i++)
			closed_numbers_learn(&analysis->learned.closed_numbers,
				flow->identity, i, flow->side[i].next);
	if (flow->gap_ms)
		idle_stats_survived(&analysis->learned.idle_stats,
			&conn->address[client], &conn->address[!client], family,
			flow->gap_ms);
}

/* Resets are kept apart from what else a side sent, and so is what belongs to
 * another connection of the same ports. */
static void add_resets(const struct analysis *analysis,
	const struct closed_conn *conn, struct flow_summary *summary)
{
	const struct evidence *evidence = conn->evidence;
	unsigned client = flow_client(&conn->flow);

	if (!evidence) {
		/* none was to be had */
		for (unsigned i = 0; i < 2; i++)
			summary->packets[i != client] +=
				!!(conn->flow.side[i].flags & SIDE_RST);
		return;
	}
	for (unsigned i = 0; i < evidence->reset_count; i++)
		summary->packets[evidence->resets[i].note.side != client] +=
			1u + evidence->resets[i].repeats;
	for (unsigned i = 0; i < 2; i++)
		summary->packets[i != client] +=
			evidence->resets_more[i] + evidence->other.packets[i];
	if (evidence->reset_count &&
		evidence->last_reset_ns > summary->last_ns) {
		summary->last_ns = evidence->last_reset_ns;
		summary->last_frame =
			flow_frame(analysis->frame, evidence->last_reset_frame);
	}
}

static void set_outcome(
	struct flow_summary *summary, const struct judgement *judgement)
{
	summary->mechanism = judgement->outcome;
	summary->is_incident = judgement->count != 0;
	summary->signature = judgement->row ? judgement->row->name : NULL;
}

/* The index + 1 of the flow's summary; 0: none is kept. */
static uint64_t summarize(struct analysis *analysis,
	const struct closed_conn *conn, const struct judgement *judgement)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	struct flow_summary *summary, *summaries = NULL;

	if (analysis->summary_count < SUMMARIES_MOST)
		summaries = array_grown(analysis->summaries,
			analysis->summary_count, &analysis->summary_capacity,
			sizeof(*summaries));
	if (!summaries)
		return 0;
	analysis->summaries = summaries;
	summary = &analysis->summaries[analysis->summary_count++];
	memset(summary, 0, sizeof(*summary));
	incident_name(conn, &summary->name);
	summary->first_frame = flow_frame(analysis->frame, flow->first_frame);
	summary->first_ns = flow->first_ns;
	summary->last_ns = flow_last_ns(flow);
	summary->last_frame = flow_frame(
		analysis->frame, flow->side[0].last_ns > flow->side[1].last_ns
					 ? flow->side[0].last_frame
					 : flow->side[1].last_frame);
	/* A reset alone is no side's packet. */
	if (summary->last_frame < summary->first_frame) {
		summary->last_frame = summary->first_frame;
		summary->last_ns = summary->first_ns;
	}
	for (unsigned i = 0; i < 2; i++) {
		unsigned index = i ? !client : client;
		const struct side *side = &flow->side[index];
		uint32_t octets = side->next - flow->cold[index].first_sequence;

		summary->packets[i] = side->packets;
		if (!(side->flags & SIDE_SEEN))
			continue;
		octets -= !!(side->flags & SIDE_SYN);
		octets -= !!(side->flags & SIDE_FIN);
		summary->payload_bytes[i] = octets;
	}
	add_resets(analysis, conn, summary);
	set_outcome(summary, judgement);
	return analysis->summary_count;
}

static void add_case(struct analysis *analysis, uint32_t record,
	const struct closed_conn *conn, struct ending ending)
{
	struct verdict_context context = analysis_verdict_context(analysis);
	struct case_reference *cases = array_grown(analysis->cases,
		analysis->case_count, &analysis->case_capacity, sizeof(*cases));
	struct fatal_packet fatal;

	if (!cases) {
		analysis->totals.incidents_not_kept++;
		return;
	}
	analysis->cases = cases;
	fatal_packet_of(&context, conn, ending, &fatal);
	analysis->cases[analysis->case_count++] = (struct case_reference){
		.record = record,
		.ending = ending,
		.frame = flow_frame(analysis->frame, fatal.note.frame),
	};
}

/* Was there a reset of which nothing could be kept? */
static bool has_lost_reset(const struct closed_conn *conn)
{
	return conn->flow.flags & FLOW_RESET &&
	       (!conn->evidence || conn->evidence->reset_count == 0);
}

/* What a connection counts as, once its verdict is final. */
static void count_ending(struct analysis *analysis,
	const struct closed_conn *conn, const struct judgement *judgement)
{
	struct analysis_totals *totals = &analysis->totals;

	if (judgement->count == 0 && judgement->outcome == MECHANISM_ORDERLY)
		totals->orderly++;
	if (!(conn->flow.flags & FLOW_RESET))
		return;
	if (judgement->count)
		totals->told_resets++;
	else if (has_lost_reset(conn))
		totals->unjudged_resets++;
	else
		totals->benign_resets++;
}

/* Counts incidents that can't be kept by the verdict at their close, which
 * nothing later can change. */
static void count_not_kept(struct analysis *analysis,
	const struct closed_conn *conn, const struct judgement *judgement)
{
	struct verdict_context context = analysis_verdict_context(analysis);
	struct analysis_totals *totals = &analysis->totals;

	totals->incidents_not_kept += judgement->count;
	for (unsigned i = 0; i < judgement->count; i++) {
		struct verdict verdict;
		struct facts facts;

		judge_ending(&context, conn, judgement->endings[i], &facts,
			&verdict);
		totals->by_culprit[verdict.reading.culprit]++;
		totals->by_mechanism[verdict.reading.mechanism]++;
	}
	if (conn->flow.flags & FLOW_RESET)
		totals->unjudged_resets++;
}

/* Keeps what is an incident, or may turn out to be one. */
static void hand_in(struct analysis *analysis, const struct closed_conn *conn,
	const struct judgement *judgement, uint64_t summary)
{
	uint32_t index = analysis->store.count;

	if (index >= analysis->options.max_incidents ||
		!conn_store_add(&analysis->store, conn, (uint32_t)summary)) {
		count_not_kept(analysis, conn, judgement);
		return;
	}
	for (unsigned i = 0; i < judgement->count; i++)
		add_case(analysis, index, conn, judgement->endings[i]);
	if (judgement->count) {
		struct verdict_context context =
			analysis_verdict_context(analysis);

		judge_learn(&context, &analysis->learned, conn);
	}
}

/* Other capture points may have seen it otherwise. */
static void tell_others(struct analysis *analysis,
	const struct closed_conn *conn, const struct judgement *judgement,
	uint32_t record)
{
	struct conn_view view;

	conn_view_of(conn, analysis->options.place, &view);
	view.record = record;
	view.is_orderly = judgement->count == 0 &&
			  judgement->outcome == MECHANISM_ORDERLY;
	pairing_add(analysis->options.pairing, &view,
		judgement->count || judgement->may_change);
}

/* What the connection shows of what a device looks for. */
static enum trigger_fate fate_of(
	const struct flow *flow, const struct judgement *judgement)
{
	if (judgement->is_reset_by_device)
		return TRIGGER_RESET;
	return judgement->count == 0 &&
			       flow->side[flow_server(flow)].flags & SIDE_DATA
		       ? TRIGGER_SURVIVED
		       : TRIGGER_OTHER;
}

/* Survivors are counted as such from the beginning. */
static void tell_fate(struct analysis *analysis, const struct flow *flow,
	const struct judgement *judgement)
{
	enum trigger_fate fate = fate_of(flow, judgement);

	if (fate != TRIGGER_SURVIVED &&
		flow->side[flow_client(flow)].flags & SIDE_DATA)
		triggers_ended(&analysis->learned.triggers, flow, fate);
}

void close_flow(struct analysis *analysis, struct flow *flow)
{
	struct closed_conn conn = {
		.flow = *flow, .closed_ns = analysis->now_ns};
	struct verdict_context context = analysis_verdict_context(analysis);
	struct judgement judgement;
	uint64_t summary = 0;
	uint32_t records = analysis->store.count;

	flow_table_endpoints(
		&analysis->observer.flows, flow, conn.address, conn.port);
	if (flow->evidence)
		conn.evidence = evidence_at(
			&analysis->observer.evidence_pool, flow->evidence);
	learn(analysis, &conn);
	judge_conn(&context, &conn, &judgement);
	analysis->totals.resets_seen += (flow->flags & FLOW_RESET) != 0;
	tell_fate(analysis, flow, &judgement);
	if (analysis->options.is_listing_flows)
		summary = summarize(analysis, &conn, &judgement);
	if (judgement.count || judgement.may_change)
		hand_in(analysis, &conn, &judgement, summary);
	else
		count_ending(analysis, &conn, &judgement);
	if (analysis->options.pairing)
		tell_others(analysis, &conn, &judgement,
			analysis->store.count > records ? records : UINT32_MAX);
	if (flow->evidence)
		evidence_give_back(
			&analysis->observer.evidence_pool, flow->evidence);
	/* At the end the table goes as a whole: to unlink a million flows one
	 * by one would miss the cache a million times. */
	if (!analysis->is_finishing)
		flow_table_remove(&analysis->observer.flows, flow);
}

/* Judges a connection once more; what it was counted as before is not counted
 * yet. */
static void judge_again(struct analysis *analysis, uint32_t index)
{
	struct verdict_context context = analysis_verdict_context(analysis);
	uint32_t summary = conn_store_summary(&analysis->store, index);
	struct stored_conn stored;
	struct judgement judgement;

	if (!conn_store_load(&analysis->store, index, &stored)) {
		analysis->totals.unjudged_resets +=
			conn_store_was_reset(&analysis->store, index);
		return;
	}
	judge_conn(&context, &stored.conn, &judgement);
	triggers_ended(&analysis->learned.triggers, &stored.conn.flow,
		fate_of(&stored.conn.flow, &judgement));
	for (unsigned i = 0; i < judgement.count; i++)
		add_case(analysis, index, &stored.conn, judgement.endings[i]);
	count_ending(analysis, &stored.conn, &judgement);
	if (summary)
		set_outcome(&analysis->summaries[summary - 1], &judgement);
}

void close_judge_all(struct analysis *analysis)
{
	analysis->case_count = 0;
	for (uint32_t i = 0; i < analysis->store.count; i++)
		judge_again(analysis, i);
	triggers_settle(&analysis->learned.triggers);
}

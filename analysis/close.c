/* Closing of flows: statistics are updated, incidents are kept, the rest is
 * counted and freed. */
#include "analysis/handed_in.h"
#include "analysis/lifetime.h"
#include "analysis/pairing.h"
#include "analysis/summary.h"
#include "analysis/verdict/facts_benign.h"

/* What arrived of each side. With segmentation offload that is several
 * segments, of which none is larger than the receiver's MSS allows. */
static void learn_sizes(
	struct analysis *analysis, const struct closed_conn *conn)
{
	const struct thresholds *limits = analysis->observer.thresholds;
	const struct flow *flow = &conn->flow;
	uint8_t family = flow->flags & FLOW_V6 ? 6 : 4;

	for (unsigned i = 0; i < 2; i++) {
		uint32_t most = flow->mss[!i] + tcp_headers_bytes(family);
		uint32_t bytes = flow->side[i].passed_bytes;

		if (flow->mss[!i] && bytes >= limits->large_bytes)
			passed_sizes_learn(&analysis->learned.passed_sizes,
				&conn->address[i], &conn->address[!i],
				conn->port[flow_server(flow)], family,
				bytes < most ? bytes : most, flow->first_ns);
	}
}

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
	learn_sizes(analysis, conn);
	if (conn->evidence && conn->evidence->reset_count &&
		facts_benign_is_check(analysis->observer.thresholds, conn,
			&conn->evidence->resets[0]))
		checks_learn(&analysis->learned.checks, &conn->address[client],
			&conn->address[!client], conn->port[!client], family,
			conn->evidence->resets[0].note.time_ns);
	if (flow->gap_ms) {
		bool has_died = flow->flags & FLOW_GAP_PENDING;
		struct idle_life life = {flow->gap_ms, flow->first_ns,
			has_died ? flow->first_ns
				 : flow->side[!client].last_ns};

		idle_stats_survived(&analysis->learned.idle_stats,
			&conn->address[client], &conn->address[!client], family,
			&life);
	}
}

/* Counts incidents that can't be kept by the verdict at their close, which
 * nothing later can change. */
static void count_not_kept(struct analysis *analysis,
	const struct closed_conn *conn, const struct judgement *judgement)
{
	struct analysis_totals *totals = &analysis->totals;

	totals->incidents_not_kept += judgement->count;
	for (unsigned i = 0; i < judgement->count; i++) {
		totals->by_culprit[judgement->readings[i].culprit]++;
		totals->by_mechanism[judgement->readings[i].mechanism]++;
	}
	if (conn->flow.flags & FLOW_RESET)
		totals->unjudged_resets++;
}

/* Keeps what is an incident, or may turn out to be one. */
static void hand_in(struct analysis *analysis, const struct closed_conn *conn,
	const struct judgement *judgement, uint32_t summary)
{
	uint32_t index = analysis->store.count;

	if (index >= analysis->options.max_incidents ||
		!conn_store_add(&analysis->store, conn, summary)) {
		count_not_kept(analysis, conn, judgement);
		return;
	}
	handed_in_add_cases(analysis, index, conn, judgement);
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

/* Survivors are counted as such from the beginning. */
static void tell_fate(struct analysis *analysis, const struct flow *flow,
	const struct judgement *judgement)
{
	enum trigger_fate fate = handed_in_fate(flow, judgement);

	if (fate != TRIGGER_SURVIVED &&
		flow->side[flow_client(flow)].flags & SIDE_DATA)
		triggers_ended(&analysis->learned.triggers, flow, fate);
}

/* Whether what other connections teach later may make an incident of it: a SYN
 * that somebody else answers, a connection that goes on with another one. */
static bool may_yet_be_told(
	const struct analysis *analysis, const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);

	return rebinds_find(&analysis->learned.rebinds, flow) ||
	       (!analysis->is_finishing &&
		       flow->side[client].flags & SIDE_SYN &&
		       !(flow->flags & FLOW_SYNACK) &&
		       !(flow->side[!client].flags & SIDE_SEEN));
}

/* What is acquitted by what other connections have taught may be accused when
 * more of them have. So it is acquitted only when nothing needs to be known of
 * them: then it does not matter which of them closed before. */
static void judge_at_close(const struct analysis *analysis,
	const struct closed_conn *conn, struct judgement *judgement)
{
	static const struct learned nothing;
	struct verdict_context context = analysis_verdict_context(analysis);

	judge_conn(&context, conn, judgement);
	if (judgement->count || judgement->may_change)
		return;
	context.learned = &nothing;
	judge_conn(&context, conn, judgement);
	judgement->may_change |=
		judgement->count || may_yet_be_told(analysis, conn);
	judgement->count = 0;
}

/* Until when it was waited for: that it ended while time passed, not when that
 * was noticed. */
static int64_t closed_ns(
	const struct analysis *analysis, const struct flow *flow)
{
	int64_t due_ns;

	if (!lifetime_closes(analysis, flow))
		return analysis->now_ns;
	due_ns = lifetime_due_ns(analysis, flow);
	return due_ns < analysis->now_ns ? due_ns : analysis->now_ns;
}

void close_flow(struct analysis *analysis, struct flow *flow)
{
	struct closed_conn conn = {
		.flow = *flow, .closed_ns = closed_ns(analysis, flow)};
	struct judgement judgement;
	uint32_t summary = 0;
	uint32_t records = analysis->store.count;

	flow_table_endpoints(
		&analysis->observer.flows, flow, conn.address, conn.port);
	if (flow->evidence)
		conn.evidence = evidence_view(
			&analysis->observer.evidence_pool, flow->evidence);
	learn(analysis, &conn);
	judge_at_close(analysis, &conn, &judgement);
	analysis->totals.resets_seen += (flow->flags & FLOW_RESET) != 0;
	tell_fate(analysis, flow, &judgement);
	if (analysis->options.is_listing_flows)
		summary = summary_add(analysis, &conn, &judgement);
	if (judgement.count || judgement.may_change)
		hand_in(analysis, &conn, &judgement, summary);
	else
		handed_in_count(analysis, &conn, &judgement);
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

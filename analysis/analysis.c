/* Packets in, incidents out: the table of flows, its bound, and the
 * answers for the report. Ended flows are found in expiry.c and kept in
 * close.c. */
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
	HOSTS = 1 << 16,
	CLOSED = 1 << 16, /* two a connection */
	PATHS = 1 << 13,
	HEARD = 1 << 16, /* connections whose first data is kept */
	/* how many packets the cache is sent ahead; see analysis_packets */
	BUCKET_AHEAD = 16,
	FLOW_AHEAD = 8,
	ARRIVALS = 32, /* a power of two above BUCKET_AHEAD */
};

/* Slots for what few flows can add: a power of two, not above `most`. */
static uint32_t slots_for(uint64_t flows, uint32_t most)
{
	uint32_t slots = 64;

	while (slots < most && slots / 4 < flows)
		slots *= 2;
	return slots;
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
	analysis->observer.listeners = &analysis->learned.listeners;
	analysis->observer.accepted_plain = &analysis->learned.accepted_plain;
	analysis->observer.refusals = &analysis->learned.refusals;
	analysis->observer.answered_syns = &analysis->learned.answered_syns;
	analysis->observer.triggers = &analysis->learned.triggers;
	analysis->observer.accepted_ecn = &analysis->learned.accepted_ecn;
	analysis->observer.thresholds =
		options->thresholds ? options->thresholds : &thresholds_default;
	budget_init(&analysis->budget, flows);
	if (!flow_table_init(&analysis->observer.flows, flows, options->seed,
		    &analysis->budget) ||
		!evidence_pool_init(&analysis->observer.evidence_pool,
			MOST_DOSSIERS, &analysis->budget) ||
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
	host_ttls_release(&analysis->learned.host_ttls);
	closed_numbers_release(&analysis->learned.closed_numbers);
	idle_stats_release(&analysis->learned.idle_stats);
	triggers_release(&analysis->learned.triggers);
	free(analysis);
}

static bool is_new_connection(
	const struct flow *flow, unsigned side, const struct packet *packet)
{
	if ((packet->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	if (flow->side[side].flags & SIDE_SYN)
		return flow->cold[side].first_sequence != packet->sequence;
	return flow->flags & (FLOW_ESTABLISHED | FLOW_RESET);
}

/* Both ends may still use it: neither reset it, and not both have closed. */
static bool is_open(const struct flow *flow)
{
	return (flow->flags & (FLOW_ESTABLISHED | FLOW_RESET)) ==
		       FLOW_ESTABLISHED &&
	       !(flow->side[0].flags & flow->side[1].flags & SIDE_FIN);
}

/* A packet on its way to its flow: where that probably is, once the cache has
 * been sent for it. */
struct arrival {
	struct flow_key key;
	struct flow *flow; /* NULL: not known */
};

/* Evicts the least important flow; false when there is none. */
static bool evict_flow(struct analysis *analysis)
{
	struct flow *victim = flow_table_victim(&analysis->observer.flows);

	if (!victim)
		return false;
	analysis->totals.evicted_flows++;
	if (victim->evidence && victim->flags & FLOW_ESTABLISHED) {
		victim->flags |= FLOW_WEAKENED;
		close_flow(analysis, victim);
		return true;
	}
	if (victim->evidence)
		evidence_give_back(
			&analysis->observer.evidence_pool, victim->evidence);
	if (victim->flags & FLOW_RESET) {
		analysis->totals.resets_seen++;
		analysis->totals.unjudged_resets++;
	}
	flow_table_remove(&analysis->observer.flows, victim);
	return true;
}

/* A late reset, FIN or acknowledgment of a connection that closed in an orderly
 * way and was discarded since: it is benign. */
static bool is_leftover(const struct analysis *analysis,
	const struct flow_key *key, const struct packet *packet)
{
	return !(packet->tcp_flags & TCP_SYN) && packet->payload_bytes == 0 &&
	       closed_numbers_know(&analysis->learned.closed_numbers,
		       key->identity, key->side, packet->sequence);
}

/* The connection that the packet begins, where there is none or the earlier
 * one has ended; NULL: there is no room. Not inlined: its registers would be
 * saved for each packet of known connections. */
static __attribute__((noinline)) struct flow *begin_flow(
	struct analysis *analysis, struct flow *before,
	const struct flow_key *key, const struct packet *packet)
{
	uint32_t next[2] = {0, 0};
	bool was_open = before && is_open(before);
	struct flow *flow;

	if (before) {
		next[0] = before->side[0].next;
		next[1] = before->side[1].next;
		close_flow(analysis, before);
	}
	if (flow_table_is_full(&analysis->observer.flows))
		evict_flow(analysis);
	flow = flow_table_insert(&analysis->observer.flows, key, packet);
	if (!flow && evict_flow(analysis))
		flow = flow_table_insert(
			&analysis->observer.flows, key, packet);
	if (!flow) {
		uint64_t resets = (packet->tcp_flags & TCP_RST) != 0;

		analysis->totals.evicted_flows++;
		analysis->totals.resets_seen += resets;
		analysis->totals.unjudged_resets += resets;
		return NULL;
	}
	analysis->totals.flows++;
	if (before)
		flow->flags |= FLOW_PORT_REUSED;
	if (was_open)
		observe_before(&analysis->observer, flow, next);
	if (analysis->totals.evicted_flows && !(packet->tcp_flags & TCP_SYN))
		flow->flags |= FLOW_WEAKENED;
	rebind_look(analysis, flow, key->side, packet);
	return flow;
}

static void take_tcp(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	const struct flow_key *key = &arrival->key;
	struct flow *flow = arrival->flow;

	if (!flow || !flow_is(flow, key))
		flow = flow_table_find(&analysis->observer.flows, key);

	analysis->totals.tcp_packets++;
	if (flow && is_new_connection(flow, key->side, packet)) {
		flow = begin_flow(analysis, flow, key, packet);
	} else if (!flow) {
		if (is_leftover(analysis, key, packet)) {
			uint64_t resets = (packet->tcp_flags & TCP_RST) != 0;

			analysis->totals.resets_seen += resets;
			analysis->totals.benign_resets += resets;
			return;
		}
		flow = begin_flow(analysis, NULL, key, packet);
	}
	if (flow)
		observe_tcp(&analysis->observer, flow, key->side, packet);
}

/* A time that can be reckoned with: from 1970 on, and so far from the end of
 * the numbers that no difference overflows. */
static bool is_timed(const struct packet *packet)
{
	return packet->time_ns >= 0 && packet->time_ns <= INT64_MAX / 2;
}

/* Linux drops a packet whose IP length exceeds its frame (ip_rcv, ipv6_rcv),
 * and so do others: it changes no state of its connection, and its sequence
 * numbers are ignored. A SYN counts nevertheless: it has no data that could be
 * missing, and anonymisers remove its options and keep the length. */
static bool is_dropped_by_receivers(const struct packet *packet)
{
	return packet->quirks & QUIRK_IP_LENGTH &&
	       !(packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN);
}

/* Frames without a time stamp (pcapng simple packets), or with an absurd one,
 * stand where the last one stood. */
static void take_untimed(struct analysis *analysis,
	const struct arrival *arrival, const struct packet *packet)
{
	struct packet timed = *packet;

	timed.time_ns = analysis->now_ns == INT64_MIN ? 0 : analysis->now_ns;
	if (packet->kind == PACKET_TCP)
		take_tcp(analysis, arrival, &timed);
	else if (packet->kind == PACKET_ICMP)
		observe_icmp(&analysis->observer, &timed);
}

static void take_icmp(struct analysis *analysis, const struct packet *packet)
{
	observe_icmp(&analysis->observer, packet);
	datagrams_learn(analysis, packet);
}

static void take(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	struct analysis_totals *totals = &analysis->totals;

	analysis->frame = packet->frame;
	analysis->observer.capture_point = capture_points_of_packet(
		&analysis->learned.capture_points, packet);
	totals->packets++;
	totals->bytes += packet->wire_bytes;
	totals->odd_packets += packet->quirks != 0;
	if (is_timed(packet)) {
		if (totals->first_ns == INT64_MIN)
			totals->first_ns = packet->time_ns;
		if (analysis->now_ns != INT64_MIN &&
			packet->time_ns <
				analysis->now_ns -
					analysis->observer.thresholds
							->clock_step_ms *
						MILLISECOND_NS)
			totals->clock_steps++;
		expiry_sweep(analysis, packet->time_ns);
		analysis->now_ns = packet->time_ns;
		totals->last_ns = packet->time_ns;
	}
	if (packet->kind == PACKET_OTHER)
		totals->skipped[packet->skip_reason]++;
	else if (__builtin_expect(is_dropped_by_receivers(packet), 0))
		totals->tcp_packets += packet->kind == PACKET_TCP;
	else if (!is_timed(packet))
		take_untimed(analysis, arrival, packet);
	else if (packet->kind == PACKET_TCP)
		take_tcp(analysis, arrival, packet);
	else if (packet->kind == PACKET_UDP)
		datagrams_learn(analysis, packet);
	else if (packet->kind == PACKET_ICMP)
		take_icmp(analysis, packet);
}

/* Each packet is met three times: far ahead its bucket is sent for, half way
 * the flow that the bucket names, at last it is taken. So that the misses of
 * several packets overlap with each other and with the work on others. */
void analysis_packets(
	struct analysis *analysis, const struct packet *packets, unsigned count)
{
	const struct flow_table *table = &analysis->observer.flows;
	struct arrival arrivals[ARRIVALS] = {0};

	assert(!analysis->is_finished);
	for (unsigned i = 0; i < count + BUCKET_AHEAD; i++) {
		if (i < count && packets[i].kind == PACKET_TCP) {
			struct arrival *far = &arrivals[i % ARRIVALS];

			flow_key_of(&packets[i], table->seed, &far->key);
			flow_table_prefetch_bucket(table, &far->key);
		}
		unsigned middle = i - (BUCKET_AHEAD - FLOW_AHEAD);

		if (middle < count && packets[middle].kind == PACKET_TCP) {
			struct arrival *half = &arrivals[middle % ARRIVALS];

			half->flow =
				flow_table_prefetch_flow(table, &half->key);
		}
		unsigned now = i - BUCKET_AHEAD;

		if (now < count)
			take(analysis, &arrivals[now % ARRIVALS],
				&packets[now]);
	}
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

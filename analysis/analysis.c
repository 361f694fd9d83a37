/* Packets in, incidents out: the table of flows, the sweep that closes what
 * has ended, and what is kept for the report. */
#include "analysis/analysis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/judge.h"
#include "analysis/state.h"

enum {
	DEFAULT_FLOWS = 1000000,
	DEFAULT_INCIDENTS = 20000,
	MOST_DOSSIERS = 1 << 16,
	HOSTS = 1 << 16,
	PATHS = 1 << 13,
	AHEAD = 16, /* packets whose cache misses overlap */
	CLOSED_QUIET_S = 30,
	RESET_QUIET_S = 60,
	SILENT_QUIET_S = 130, /* the longest retransmission timer is 120 s */
	SWEEP_PERIOD_S = 10,  /* in which every flow is looked at once */
	SUMMARIES_MOST = 10000000,
};

static const int64_t SECOND_NS = 1000000000;

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
	analysis->services.seed = options->seed;
	analysis->now_ns = INT64_MIN;
	analysis->totals.first_ns = INT64_MIN;
	analysis->totals.last_ns = INT64_MIN;
	if (!flow_table_init(&analysis->flows, flows, options->seed) ||
		!dossier_pool_init(&analysis->dossiers, MOST_DOSSIERS) ||
		!hosts_init(&analysis->hosts, HOSTS, options->seed) ||
		!paths_init(&analysis->paths, PATHS, options->seed)) {
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
		struct dossier *dossier = analysis->records[i].dossier;

		if (dossier)
			ssh_talk_free(dossier->ssh);
		free(dossier);
	}
	free(analysis->records);
	free(analysis->cases);
	free(analysis->summaries);
	if (analysis->dossiers.chunks)
		dossier_pool_release(&analysis->dossiers);
	flow_table_release(&analysis->flows);
	hosts_release(&analysis->hosts);
	paths_release(&analysis->paths);
	free(analysis);
}

static bool grow(
	void **array, uint64_t count, uint64_t *capacity, size_t bytes)
{
	uint64_t wanted = *capacity ? *capacity * 2 : 64;
	void *grown;

	if (count < *capacity)
		return true;
	grown = realloc(*array, wanted * bytes);
	if (!grown)
		return false;
	*array = grown;
	*capacity = wanted;
	return true;
}

/* What this flow teaches about its hosts and its path. */
static void learn(struct analysis *analysis, const struct record *record)
{
	const struct flow *flow = &record->flow;
	uint8_t family = flow->flags & FLOW_V6 ? 6 : 4;
	unsigned client = flow_client(flow);

	for (unsigned i = 0; i < 2; i++) {
		const struct side_cold *cold = &flow->cold[i];
		unsigned usual = 0;

		if (!(flow->side[i].flags & SIDE_SEEN) ||
			(!(flow->flags & FLOW_SYNACK) &&
				!(flow->flags & FLOW_MIDSTREAM)))
			continue;
		/* the SYN-ACK's, where there is one: what comes after it may
		 * be somebody else's */
		for (unsigned j = 1; j < SIDE_TTLS &&
			!(flow->side[i].flags & SIDE_SYN);
			j++)
			if (cold->ttl_count[j] > cold->ttl_count[usual])
				usual = j;
		hosts_learn(&analysis->hosts, &record->address[i], family,
			cold->ttl[usual], flow->side[i].home,
			flow->side[i].last_ns);
	}
	if (flow->gap_ms)
		paths_survived(&analysis->paths, &record->address[client],
			&record->address[!client], family, flow->gap_ms);
}

static void summarize(struct analysis *analysis, const struct record *record,
	enum mechanism mechanism, bool is_incident)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);
	struct flow_summary *summary;
	void *array = analysis->summaries;

	if (analysis->summary_count >= SUMMARIES_MOST ||
		!grow(&array, analysis->summary_count,
			&analysis->summary_capacity, sizeof(*summary)))
		return;
	analysis->summaries = array;
	summary = &analysis->summaries[analysis->summary_count++];
	memset(summary, 0, sizeof(*summary));
	judge_name(record, &summary->name);
	summary->first_frame =
		flow_frame(analysis->frame, flow->first_frame);
	summary->first_ns = flow->first_ns;
	summary->last_ns = flow_last_ns(flow);
	summary->last_frame = flow_frame(analysis->frame,
		flow->side[0].last_ns > flow->side[1].last_ns
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
		uint32_t octets =
			side->next - flow->cold[index].first_sequence;

		summary->packets[i] = side->packets;
		if (!(side->flags & SIDE_SEEN))
			continue;
		octets -= !!(side->flags & SIDE_SYN);
		octets -= !!(side->flags & SIDE_FIN);
		summary->payload_bytes[i] = octets;
	}
	summary->mechanism = mechanism;
	summary->is_incident = is_incident;
}

static bool add_case(
	struct analysis *analysis, uint32_t record, unsigned cluster)
{
	void *array = analysis->cases;
	uint64_t capacity = analysis->case_capacity;

	if (!grow(&array, analysis->case_count, &capacity,
		    sizeof(struct case_reference)))
		return false;
	analysis->cases = array;
	analysis->case_capacity = (uint32_t)capacity;
	analysis->cases[analysis->case_count++] =
		(struct case_reference){record, (uint8_t)cluster};
	return true;
}

/* Keeps the record with a dossier of its own; false: it could not be kept. */
static bool keep(struct analysis *analysis, const struct record *record,
	uint32_t *index)
{
	struct record *kept;
	void *array = analysis->records;
	uint64_t capacity = analysis->record_capacity;

	if (analysis->record_count >= analysis->options.max_incidents ||
		!grow(&array, analysis->record_count, &capacity,
			sizeof(*kept)))
		return false;
	analysis->records = array;
	analysis->record_capacity = (uint32_t)capacity;
	kept = &analysis->records[analysis->record_count];
	*kept = *record;
	if (record->dossier) {
		kept->dossier = malloc(sizeof(struct dossier));
		if (!kept->dossier)
			return false;
		*kept->dossier = *record->dossier;
		record->dossier->ssh = NULL; /* moved */
	}
	*index = analysis->record_count++;
	return true;
}

void close_flow(struct analysis *analysis, struct flow *flow)
{
	struct record record = {.flow = *flow, .closed_at = analysis->frame};
	unsigned clusters[JUDGE_CLUSTERS];
	enum mechanism outcome;
	unsigned count;

	flow_table_endpoints(
		&analysis->flows, flow, record.address, record.port);
	if (flow->dossier)
		record.dossier =
			dossier_at(&analysis->dossiers, flow->dossier);
	learn(analysis, &record);
	count = judge_clusters(analysis, &record, clusters, &outcome);
	if (outcome == MECHANISM_ORDERLY)
		analysis->totals.orderly++;
	if (flow->flags & FLOW_RESET && count == 0)
		analysis->totals.harmless_resets++;
	if (count) {
		uint32_t index;

		if (keep(analysis, &record, &index)) {
			const struct record *kept = &analysis->records[index];

			for (unsigned i = 0; i < count; i++)
				if (!add_case(analysis, index, clusters[i]))
					analysis->totals.incidents_not_kept++;
			judge_learn(analysis, kept);
		} else {
			analysis->totals.incidents_not_kept += count;
		}
	}
	if (analysis->options.is_listing_flows)
		summarize(analysis, &record, outcome, count != 0);
	if (flow->dossier)
		dossier_give_back(&analysis->dossiers, flow->dossier);
	/* At the end the table goes as a whole: to unlink a million flows one
	 * by one would miss the cache a million times. */
	if (!analysis->is_finishing)
		flow_table_remove(&analysis->flows, flow);
}

/* Has this flow been quiet for so long that nothing more is to be expected? */
static void sweep_flow(struct analysis *analysis, struct flow *flow)
{
	int64_t quiet_ns = analysis->now_ns - flow_last_ns(flow);
	const uint32_t flags = flow->flags;
	const struct dossier *dossier = flow->dossier
		? dossier_at(&analysis->dossiers, flow->dossier)
		: NULL;
	int64_t limit_s = SILENT_QUIET_S;

	if (dossier && dossier->last_reset_ns &&
		analysis->now_ns - dossier->last_reset_ns < quiet_ns)
		quiet_ns = analysis->now_ns - dossier->last_reset_ns;
	if (dossier && dossier->last_error.note.kind &&
		analysis->now_ns - dossier->last_error.note.time_ns < quiet_ns)
		quiet_ns = analysis->now_ns - dossier->last_error.note.time_ns;
	if (quiet_ns < CLOSED_QUIET_S * SECOND_NS)
		return;
	if (flow->side[0].flags & flow->side[1].flags & SIDE_FIN)
		limit_s = CLOSED_QUIET_S;
	else if (flags & FLOW_RESET)
		limit_s = RESET_QUIET_S;
	if (quiet_ns < limit_s * SECOND_NS)
		return;
	if (flags & FLOW_RESET || !(flags & FLOW_ESTABLISHED) ||
		(flow->side[0].flags & flow->side[1].flags & SIDE_FIN) ||
		(dossier &&
			(dossier->outage[0].is_active ||
				dossier->outage[1].is_active))) {
		close_flow(analysis, flow);
		return;
	}
	/* quiet, and nothing the matter: its dossier is of no use */
	if (dossier && !dossier->ssh && !dossier->error_count &&
		!dossier->hole[0].is_active && !dossier->hole[1].is_active &&
		dossier->repaired[0].count < 3 &&
		dossier->repaired[1].count < 3) {
		dossier_give_back(&analysis->dossiers, flow->dossier);
		flow->dossier = 0;
	}
}

/* As capture time passes, all flows are looked at in turn. */
static void sweep(struct analysis *analysis, int64_t time_ns)
{
	struct flow_table *table = &analysis->flows;
	int64_t passed_ns = time_ns - analysis->now_ns;

	if (analysis->now_ns == INT64_MIN || passed_ns <= 0)
		return;
	if (passed_ns > SWEEP_PERIOD_S * SECOND_NS)
		passed_ns = SWEEP_PERIOD_S * SECOND_NS;
	/* in units of 2^-20 slots: slots * time / period */
	analysis->sweep_debt += (uint64_t)table->slots_used *
		(uint64_t)(passed_ns >> 10) /
		(uint64_t)(SWEEP_PERIOD_S * SECOND_NS >> 20) << 10;
	while (analysis->sweep_debt >= 1u << 20) {
		struct flow *flow;

		analysis->sweep_debt -= 1u << 20;
		if (table->slots_used == 0)
			return;
		if (table->sweep >= table->slots_used)
			table->sweep = 0;
		flow = flow_table_slot(table, table->sweep++);
		if (flow->flags & FLOW_USED)
			sweep_flow(analysis, flow);
	}
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

/* A packet on its way to its flow: where that probably is, once the cache has
 * been sent for it. */
struct arrival {
	struct flow_key key;
	struct flow *flow; /* NULL: not known */
};

static void take_tcp(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	const struct flow_key *key = &arrival->key;
	struct flow *flow = arrival->flow;
	bool is_reused = false;

	if (!flow || !flow_is(flow, key))
		flow = flow_table_find(&analysis->flows, key);

	analysis->totals.tcp_packets++;
	if (flow && is_new_connection(flow, key->side, packet)) {
		struct dossier *dossier = flow->dossier
			? dossier_at(&analysis->dossiers, flow->dossier)
			: NULL;

		if (dossier)
			dossier->is_ended_by_reuse = true;
		close_flow(analysis, flow);
		flow = NULL;
		is_reused = true;
	}
	if (!flow) {
		if (flow_table_is_full(&analysis->flows)) {
			struct flow *victim =
				flow_table_victim(&analysis->flows);

			analysis->totals.evicted_flows++;
			if (victim->dossier &&
				victim->flags & FLOW_ESTABLISHED) {
				victim->flags |= FLOW_WEAKENED;
				close_flow(analysis, victim);
			} else {
				if (victim->dossier)
					dossier_give_back(&analysis->dossiers,
						victim->dossier);
				flow_table_remove(&analysis->flows, victim);
			}
		}
		flow = flow_table_insert(&analysis->flows, key, packet);
		if (!flow) {
			analysis->totals.evicted_flows++;
			return;
		}
		analysis->totals.flows++;
		if (is_reused)
			flow->flags |= FLOW_PORT_REUSED;
		if (analysis->totals.evicted_flows &&
			!(packet->tcp_flags & TCP_SYN))
			flow->flags |= FLOW_WEAKENED;
	}
	observe_tcp(analysis, flow, key->side, packet);
}

/* Frames without a time stamp (pcapng simple packets) stand where the last
 * one stood. */
static void take_untimed(struct analysis *analysis,
	const struct arrival *arrival, const struct packet *packet)
{
	struct packet timed = *packet;

	timed.time_ns = analysis->now_ns == INT64_MIN ? 0 : analysis->now_ns;
	if (packet->kind == PACKET_TCP)
		take_tcp(analysis, arrival, &timed);
	else if (packet->kind == PACKET_ICMP)
		observe_icmp(analysis, &timed);
}

static void take(struct analysis *analysis, const struct arrival *arrival,
	const struct packet *packet)
{
	struct analysis_totals *totals = &analysis->totals;

	analysis->frame = packet->frame;
	totals->packets++;
	totals->bytes += packet->wire_bytes;
	totals->odd_packets += packet->oddities != 0;
	if (packet->time_ns != INT64_MIN) {
		if (totals->first_ns == INT64_MIN)
			totals->first_ns = packet->time_ns;
		if (analysis->now_ns != INT64_MIN &&
			packet->time_ns < analysis->now_ns - SECOND_NS)
			totals->clock_steps++;
		sweep(analysis, packet->time_ns);
		analysis->now_ns = packet->time_ns;
		totals->last_ns = packet->time_ns;
	}
	if (packet->kind == PACKET_OTHER)
		totals->undecoded[packet->undecoded]++;
	else if (packet->time_ns == INT64_MIN)
		take_untimed(analysis, arrival, packet);
	else if (packet->kind == PACKET_TCP)
		take_tcp(analysis, arrival, packet);
	else if (packet->kind == PACKET_ICMP)
		observe_icmp(analysis, packet);
}

void analysis_packets(struct analysis *analysis, const struct packet *packets,
	unsigned count)
{
	const struct flow_table *table = &analysis->flows;
	struct arrival arrivals[AHEAD];

	assert(!analysis->is_finished);
	for (unsigned start = 0; start < count; start += AHEAD) {
		unsigned part = count - start < AHEAD ? count - start : AHEAD;
		const struct packet *first = packets + start;

		for (unsigned i = 0; i < part; i++)
			if (first[i].kind == PACKET_TCP) {
				flow_key_of(&first[i], table->seed,
					&arrivals[i].key);
				flow_table_prefetch_bucket(
					table, &arrivals[i].key);
			}
		for (unsigned i = 0; i < part; i++)
			if (first[i].kind == PACKET_TCP)
				arrivals[i].flow = flow_table_prefetch_flow(
					table, &arrivals[i].key);
		for (unsigned i = 0; i < part; i++)
			take(analysis, &arrivals[i], &first[i]);
	}
}

static int by_fatal_frame(const void *a, const void *b, void *context)
{
	const struct case_reference *left = a, *right = b;
	const struct analysis *analysis = context;
	uint64_t x = judge_frame(analysis, left);
	uint64_t y = judge_frame(analysis, right);

	if (x != y)
		return x < y ? -1 : 1;
	return left->cluster - right->cluster;
}

static int by_first_frame(const void *a, const void *b)
{
	const struct flow_summary *left = a, *right = b;

	return left->first_frame < right->first_frame ? -1
						       : left->first_frame >
			right->first_frame;
}

void analysis_finish(struct analysis *analysis)
{
	struct flow_table *table = &analysis->flows;

	assert(!analysis->is_finished);
	analysis->is_finishing = true;
	for (uint32_t i = 0; i < table->slots_used; i++) {
		struct flow *flow = flow_table_slot(table, i);

		if (flow->flags & FLOW_USED)
			close_flow(analysis, flow);
	}
	analysis->is_finished = true;
	if (analysis->case_count)
		qsort_r(analysis->cases, analysis->case_count,
			sizeof(analysis->cases[0]), by_fatal_frame, analysis);
	if (analysis->summary_count)
		qsort(analysis->summaries, analysis->summary_count,
			sizeof(analysis->summaries[0]), by_first_frame);
}

uint64_t analysis_incident_count(const struct analysis *analysis)
{
	return analysis->case_count;
}

void analysis_incident(const struct analysis *analysis, uint64_t index,
	struct incident *incident)
{
	assert(index < analysis->case_count);
	judge(analysis, &analysis->cases[index], incident);
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
	totals->incidents = analysis->case_count;
	for (uint32_t i = 0; i < analysis->case_count; i++) {
		struct incident incident;

		judge(analysis, &analysis->cases[i], &incident);
		totals->by_culprit[incident.culprit]++;
		totals->by_mechanism[incident.mechanism]++;
	}
}

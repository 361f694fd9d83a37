/* Where closed flows go: what they teach is learned, what is an incident is
 * kept, the rest is counted and let go. */
#include <stdlib.h>
#include <string.h>

#include "analysis/judge.h"
#include "analysis/state.h"

enum { SUMMARIES_MOST = 10000000 };

static bool grow(void **array, uint64_t count, uint64_t *capacity, size_t bytes)
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
		for (unsigned j = 1;
			j < SIDE_TTLS && !(flow->side[i].flags & SIDE_SYN); j++)
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

/* Resets are kept apart from what else a side sent. */
static void add_resets(const struct analysis *analysis,
	const struct record *record, struct flow_summary *summary)
{
	const struct dossier *dossier = record->dossier;
	unsigned client = flow_client(&record->flow);

	if (!dossier) {
		/* none was to be had */
		for (unsigned i = 0; i < 2; i++)
			summary->packets[i != client] +=
				!!(record->flow.side[i].flags & SIDE_RST);
		return;
	}
	for (unsigned i = 0; i < dossier->reset_count; i++)
		summary->packets[dossier->resets[i].note.side != client] +=
			1u + dossier->resets[i].repeats;
	for (unsigned i = 0; i < 2; i++)
		summary->packets[i != client] += dossier->resets_more[i];
	if (dossier->reset_count && dossier->last_reset_ns > summary->last_ns) {
		summary->last_ns = dossier->last_reset_ns;
		summary->last_frame =
			flow_frame(analysis->frame, dossier->last_reset_frame);
	}
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
	add_resets(analysis, record, summary);
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

/* A copy of its own, with what SSH said; NULL without room. */
static struct dossier *keep_dossier(
	struct analysis *analysis, struct dossier *dossier)
{
	struct budget *budget = &analysis->budget;
	size_t bytes = dossier_bytes(dossier), taken = bytes;
	struct dossier *kept;

	if (dossier->ssh)
		taken += ssh_talk_bytes(dossier->ssh);
	if (!budget_take(budget, BUDGET_RECORDS, taken))
		return NULL;
	kept = malloc(bytes);
	if (!kept) {
		budget_give(budget, BUDGET_RECORDS, taken);
		return NULL;
	}
	memcpy(kept, dossier, bytes);
	kept->flow = NULL;
	if (kept->ssh) { /* moved, without what it was read from */
		size_t before = ssh_talk_bytes(kept->ssh);

		dossier->ssh = NULL;
		ssh_talk_end(kept->ssh);
		budget_give(budget, BUDGET_DOSSIERS, before);
		budget_give(budget, BUDGET_RECORDS,
			before - ssh_talk_bytes(kept->ssh));
	}
	return kept;
}

/* Keeps the record with a dossier of its own; false: it could not be kept. */
static bool keep(
	struct analysis *analysis, const struct record *record, uint32_t *index)
{
	struct record *kept;
	void *array = analysis->records;
	uint64_t capacity = analysis->record_capacity;

	if (analysis->record_count >= analysis->options.max_incidents ||
		!grow(&array, analysis->record_count, &capacity, sizeof(*kept)))
		return false;
	analysis->records = array;
	analysis->record_capacity = (uint32_t)capacity;
	if (!budget_take(&analysis->budget, BUDGET_RECORDS, sizeof(*kept)))
		return false;
	kept = &analysis->records[analysis->record_count];
	*kept = *record;
	if (record->dossier) {
		kept->dossier = keep_dossier(analysis, record->dossier);
		if (!kept->dossier) {
			budget_give(&analysis->budget, BUDGET_RECORDS,
				sizeof(*kept));
			return false;
		}
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
		record.dossier = dossier_at(&analysis->dossiers, flow->dossier);
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

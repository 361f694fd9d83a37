#include "analysis/places_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis_state.h"
#include "analysis/verdict/fact.h"

static_assert(
	(int)PLACES_MOST <= (int)PAIRING_PLACES, "pairing knows every place");

static bool begin_point(
	struct places *places, unsigned place, struct failure *failure)
{
	struct analysis_options options = places->options;

	if (!places->is_single) {
		options.pairing = &places->pairing;
		options.place = place;
	}
	places->points[place].analysis = analysis_new(&options, failure);
	if (!places->points[place].analysis)
		return false;
	if (place >= places->count)
		places->count = place + 1;
	places->pairing.place_count = places->count;
	return true;
}

struct places *places_new(const struct analysis_options *options,
	bool is_single, struct failure *failure)
{
	struct places *places = calloc(1, sizeof(*places));

	if (!places) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "out of memory");
		return NULL;
	}
	places->options = *options;
	places->is_single = is_single;
	if (!is_single && (!pairing_init(&places->pairing) ||
				  !shared_packets_init(&places->shared))) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "out of memory");
		places_free(places);
		return NULL;
	}
	if (!begin_point(places, 0, failure)) {
		places_free(places);
		return NULL;
	}
	return places;
}

void places_free(struct places *places)
{
	if (!places)
		return;
	for (unsigned i = 0; i < places->count; i++) {
		analysis_free(places->points[i].analysis);
		free(places->points[i].links);
		free(places->points[i].opinions);
	}
	pairing_release(&places->pairing);
	shared_packets_release(&places->shared);
	free(places->told);
	free(places);
}

bool places_packets(struct places *places, unsigned place,
	const struct packet *packets, unsigned count)
{
	struct failure failure;

	assert(place < PLACES_MOST);
	if (!places->points[place].analysis &&
		!begin_point(places, place, &failure)) {
		places->left_out += count;
		return false;
	}
	for (unsigned i = 0; i < count && !places->is_single; i++)
		if (packets[i].kind == PACKET_TCP)
			shared_packets_add(&places->shared, place, &packets[i]);
	analysis_packets(places->points[place].analysis, packets, count);
	return true;
}

void places_put(struct places *places, struct analysis *analysis)
{
	assert(places->is_single);
	analysis_free(places->points[0].analysis);
	places->points[0].analysis = analysis;
}

static bool is_from_sender(const struct incident *incident)
{
	const char *word = fact_word(FACT_RESET_LEFT_ITS_SENDER);

	for (unsigned i = 0; i < incident->evidence_count; i++)
		if (incident->evidence[i].fact == word)
			return incident->evidence[i].holds == TRUTH_YES;
	return false;
}

static void form_opinions(struct point *point)
{
	const struct analysis *analysis = point->analysis;

	if (!point->opinions)
		return;
	for (uint64_t i = 0; i < analysis->case_count; i++) {
		struct opinion *opinion =
			&point->opinions[analysis->cases[i].record];
		struct incident incident;

		(void)analysis_incident(analysis, i, &incident);
		opinion->is_from_sender |= is_from_sender(&incident);
		if (incident.grade + 1 <= opinion->grade)
			continue;
		opinion->grade = (uint8_t)(incident.grade + 1);
		opinion->mechanism = (uint8_t)incident.mechanism;
		opinion->culprit = (uint8_t)incident.culprit;
	}
}

/* A connection and its rest are one: of both the surer is heard, and of two
 * that are equally sure the whole. */
static void cover_parts(struct point *point)
{
	if (!point->opinions)
		return;
	for (uint32_t i = 0; i < point->analysis->store.count; i++) {
		struct opinion *whole = &point->opinions[i];

		if (!whole->rest || !whole->grade || !whole->rest->grade)
			continue;
		if (whole->grade >= whole->rest->grade)
			whole->rest->is_covered = true;
		else
			whole->is_covered = true;
	}
}

/* Two that blame the same for the same may differ in who sent the reset: where
 * it is not what is judged, nobody did. */
static bool agree(const struct opinion *one, const struct opinion *other)
{
	return one->mechanism == other->mechanism &&
	       one->culprit == other->culprit;
}

/* Is this place the one to hear about the connection? Where they disagree about
 * a reset that was seen nearer to the one whose name it bears, that place; else
 * the surer one. */
static bool is_heard(
	const struct places *places, unsigned place, uint32_t record)
{
	const struct point *point = &places->points[place];
	const struct conn_link *link =
		conn_store_link(&point->analysis->store, record);
	const struct opinion *own, *other;
	const struct point *there;

	if (point->opinions && point->opinions[record].is_covered)
		return false;
	if (!link || link->view->record == UINT32_MAX)
		return true;
	there = &places->points[link->view->place];
	if (!there->opinions)
		return true;
	own = &point->opinions[record];
	other = &there->opinions[link->view->record];
	if (other->grade == 0)
		return true;
	if (own->is_from_sender != other->is_from_sender && !agree(own, other))
		return other->is_from_sender;
	if (own->grade != other->grade)
		return own->grade > other->grade;
	return place < link->view->place;
}

static int by_time(const void *one, const void *other)
{
	const struct told *a = one, *b = other;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void choose(struct places *places)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < places->count; i++)
		if (places->points[i].analysis)
			most += places->points[i].analysis->case_count;
	places->told = calloc(most + 1, sizeof(*places->told));
	for (unsigned i = 0; i < places->count && places->told; i++) {
		const struct analysis *analysis = places->points[i].analysis;

		for (uint64_t j = 0; analysis && j < analysis->case_count;
			j++) {
			struct incident incident;

			if (!is_heard(places, i, analysis->cases[j].record))
				continue;
			(void)analysis_incident_brief(analysis, j, &incident);
			places->told[places->told_count++] = (struct told){
				.time_ns = places_added_ns(incident.time_ns,
					places_shift_ns(places, i, 0)),
				.index = j,
				.place = i,
			};
		}
	}
	if (places->told)
		qsort(places->told, places->told_count, sizeof(*places->told),
			by_time);
}

void places_finish(struct places *places)
{
	if (places->count == 1) {
		analysis_finish(places->points[0].analysis);
		return;
	}
	for (unsigned i = 0; i < places->count; i++) {
		if (!places->points[i].analysis)
			continue;
		analysis_close(places->points[i].analysis);
	}
	places_link(places);
	for (unsigned i = 0; i < places->count; i++) {
		if (!places->points[i].analysis)
			continue;
		analysis_finish(places->points[i].analysis);
		form_opinions(&places->points[i]);
	}
	for (unsigned i = 0; i < places->count; i++)
		if (places->points[i].analysis)
			cover_parts(&places->points[i]);
	choose(places);
}

void places_case(const struct places *places, uint64_t index, unsigned *place,
	uint64_t *in_analysis)
{
	*place = 0;
	*in_analysis = index;
	if (places->count == 1)
		return;
	*place = places->told[index].place;
	*in_analysis = places->told[index].index;
}

uint64_t places_incident_count(const struct places *places)
{
	return places->count == 1
		       ? analysis_incident_count(places->points[0].analysis)
		       : places->told_count;
}

void places_incident(
	const struct places *places, uint64_t index, struct incident *incident)
{
	unsigned place;
	uint64_t in_analysis;

	places_case(places, index, &place, &in_analysis);
	(void)analysis_incident(
		places->points[place].analysis, in_analysis, incident);
}

void places_incident_brief(
	const struct places *places, uint64_t index, struct incident *incident)
{
	unsigned place;
	uint64_t in_analysis;

	places_case(places, index, &place, &in_analysis);
	(void)analysis_incident_brief(
		places->points[place].analysis, in_analysis, incident);
}

uint64_t places_flow_count(const struct places *places)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < places->count; i++)
		if (places->points[i].analysis)
			count +=
				analysis_flow_count(places->points[i].analysis);
	return count;
}

void places_flow(const struct places *places, uint64_t index,
	struct flow_summary *summary)
{
	for (unsigned i = 0; i < places->count; i++) {
		const struct analysis *analysis = places->points[i].analysis;
		uint64_t count = analysis ? analysis_flow_count(analysis) : 0;

		if (index < count) {
			analysis_flow(analysis, index, summary);
			return;
		}
		index -= count;
	}
	assert(false);
}

/* Incidents that no place could keep were counted at their close. */
static void count_not_kept(
	const struct places *places, struct analysis_totals *totals)
{
	memset(totals->by_culprit, 0, sizeof(totals->by_culprit));
	memset(totals->by_mechanism, 0, sizeof(totals->by_mechanism));
	for (unsigned i = 0; i < places->count; i++) {
		const struct analysis *analysis = places->points[i].analysis;

		for (unsigned j = 0; analysis && j < PARTY_COUNT; j++)
			totals->by_culprit[j] += analysis->totals.by_culprit[j];
		for (unsigned j = 0; analysis && j < MECHANISM_COUNT; j++)
			totals->by_mechanism[j] +=
				analysis->totals.by_mechanism[j];
	}
}

void places_totals(const struct places *places, struct analysis_totals *totals)
{
	analysis_totals(places->points[0].analysis, totals);
	totals->left_out += places->left_out;
	if (places->count == 1)
		return;
	for (unsigned i = 1; i < places->count; i++) {
		struct analysis_totals more;

		if (!places->points[i].analysis)
			continue;
		analysis_totals(places->points[i].analysis, &more);
		analysis_totals_add(totals, &more);
	}
	totals->shared_packets = places->shared.shared;
	totals->not_paired = places->pairing.evicted;
	totals->flows -= places->pairing.pairs;
	totals->orderly -= places->pairing.orderly_pairs;
	totals->incidents = places->told_count;
	count_not_kept(places, totals);
	for (uint64_t i = 0; i < places->told_count; i++) {
		struct incident incident;

		places_incident_brief(places, i, &incident);
		totals->by_culprit[incident.culprit]++;
		totals->by_mechanism[incident.mechanism]++;
	}
}

uint64_t places_packet_count(const struct places *places, unsigned place)
{
	const struct analysis *analysis = places->points[place].analysis;

	return analysis ? analysis->totals.packets : 0;
}

unsigned places_count(const struct places *places)
{
	return places->count;
}

const struct analysis *places_analysis(
	const struct places *places, unsigned place)
{
	return places->points[place].analysis;
}

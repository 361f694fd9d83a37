/* The analysis of captures from several places.
 *
 * Each capture point is analysed by itself: what is usual there (TTLs, round
 * trips, gaps in numbers) is usual nowhere else. Then the connections are
 * paired (analysis/pairing.h), each is judged again with what the other point
 * saw of it, and where two points have an incident of the same connection, the
 * surer verdict is reported. With one capture point this is that point's
 * analysis and nothing else. */
#ifndef ANALYSIS_PLACES_H
#define ANALYSIS_PLACES_H

#include "analysis/analysis.h"
#include "analysis/learned/shared_packets.h"

enum { PLACES_MOST = SHARED_PLACES };

struct places;

/* `is_single`: there is only one capture point, for sure. */
struct places *places_new(const struct analysis_options *options,
	bool is_single, struct failure *failure);
void places_free(struct places *places);

/* Packets of one capture point, in the order of recording; points in any order,
 * but about side by side, or packets are not known again. False without memory
 * for another point: its packets are left out, and counted as such. */
bool places_packets(struct places *places, unsigned place,
	const struct packet *packets, unsigned count);
/* The analysis of the single capture point, made in parts: instead of what came
 * there before, which is nothing. It is the places' from now on. */
void places_put(struct places *places, struct analysis *analysis);
void places_finish(struct places *places);

/* The same as of one analysis. */
uint64_t places_incident_count(const struct places *places);
void places_incident(
	const struct places *places, uint64_t index, struct incident *incident);
void places_incident_brief(
	const struct places *places, uint64_t index, struct incident *incident);
uint64_t places_flow_count(const struct places *places);
void places_flow(const struct places *places, uint64_t index,
	struct flow_summary *summary);
void places_totals(const struct places *places, struct analysis_totals *totals);

unsigned places_count(const struct places *places);
/* The analysis of a place; of place 0 there always is one. */
const struct analysis *places_analysis(
	const struct places *places, unsigned place);
uint64_t places_packet_count(const struct places *places, unsigned place);
struct clock_offset places_clock(const struct places *places, unsigned place);
/* Place and index in its analysis of an incident. */
void places_case(const struct places *places, uint64_t index, unsigned *place,
	uint64_t *in_analysis);

#endif

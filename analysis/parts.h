/* One analysis in several parts, each with the connections whose names fall to
 * it, so that several threads can share the work. Whatever the number of parts,
 * the result is the same, as long as no bound is met:
 *
 * - what depends on the order of all packets is found out before they are
 *   divided (analysis/sight.h);
 * - a connection's end follows from its own packets and capture time
 *   (analysis/expiry.c);
 * - what one connection teaches about others is added up in no order
 *   (analysis/learned), before any verdict of the report;
 * - a connection is acquitted for good only by itself (analysis/close.c).
 *
 * The order of calls: parts_new; for each sighting, parts_take of every part
 * (parts at the same time, each part's sightings in order); parts_settle;
 * parts_close of every part (at the same time); parts_join. */
#ifndef ANALYSIS_PARTS_H
#define ANALYSIS_PARTS_H

#include "analysis/analysis.h"
#include "analysis/sight.h"

struct parts;

/* `count` at most PARTS_MOST. Bounds are those of the whole. NULL and a
 * sentence without memory. */
struct parts *parts_new(const struct analysis_options *options, unsigned count,
	struct failure *failure);
void parts_free(struct parts *parts);
/* How many parts are worth their memory, of so much (as in analysis_options):
 * what every part has beside the tables that grow takes a quarter at most. */
unsigned parts_within(uint64_t memory_bytes);
/* Leaves so much of the memory to others: before the first packet. */
void parts_leave_memory(struct parts *parts, uint64_t bytes);
unsigned parts_count(const struct parts *parts);
/* For all of them. */
struct sighter *parts_sighter(struct parts *parts);

void parts_take(
	struct parts *parts, unsigned part, const struct sighting *sighting);
/* Once, after the last packet. */
void parts_settle(struct parts *parts);
void parts_close(struct parts *parts, unsigned part);
/* The whole, to be finished with analysis_finish; the caller owns it, and
 * `parts` is freed. */
struct analysis *parts_join(struct parts *parts);

#endif

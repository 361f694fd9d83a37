/* What places.c (analyses, and who is heard) and places_link.c (who saw what of
 * whose connections) share; nobody else includes it. */
#ifndef ANALYSIS_PLACES_STATE_H
#define ANALYSIS_PLACES_STATE_H

#include "analysis/pairing.h"
#include "analysis/places.h"

/* An incident that is told. */
struct told {
	int64_t time_ns; /* by the clock of place 0 */
	uint64_t index;	 /* in the analysis of its place */
	unsigned place;
};

/* What a place says of one connection: the surest of its incidents. */
struct opinion {
	uint8_t grade; /* + 1; 0: it has none */
	uint8_t mechanism, culprit;
	bool is_from_sender; /* its reset was seen nearer to who it names */
	/* of what is proved to be the rest of this connection, under another
	 * name; NULL: of none */
	struct opinion *rest;
	bool is_covered; /* the other part of the connection is surer */
};

struct point {
	struct analysis *analysis; /* NULL: nothing came from there */
	struct conn_link *links;   /* of its records */
	struct opinion *opinions;  /* of its records */
};

struct places {
	struct analysis_options options;
	struct point points[PLACES_MOST];
	unsigned count;
	bool is_single;
	uint64_t left_out; /* packets of points without memory */
	struct pairing pairing;
	struct shared_packets shared;
	struct told *told;
	uint64_t told_count;
};

/* A time there plus an offset of clocks. Times of frames may be absurd: as far
 * as the numbers go. */
int64_t places_added_ns(int64_t time_ns, int64_t add_ns);

/* What is to be added to a time there to have the time here. */
int64_t places_shift_ns(
	const struct places *places, unsigned there, unsigned here);

/* Once all connections have closed and before they are judged: looks up how
 * others saw each of them that was kept. */
void places_link(struct places *places);

#endif

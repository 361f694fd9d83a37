/* The whole analysis: packets in, incidents out. Reads no clock, opens nothing;
 * the same packets always give the same incidents. */
#ifndef ANALYSIS_ANALYSIS_H
#define ANALYSIS_ANALYSIS_H

#include "analysis/flow/conn_state.h"
#include "analysis/flow/flow_history.h"
#include "analysis/verdict/incident.h"
#include "capture/failure.h"
#include "capture/frame.h"
#include "capture/packet.h"

struct analysis;
struct knowledge;
struct pairing;
struct spill;
struct thresholds;

/* What an analysis takes unless more is allowed. */
enum { ANALYSIS_MEMORY_LEAST = 256000000 };

struct analysis_options {
	/* Of all tables together; 0: ANALYSIS_MEMORY_LEAST, UINT64_MAX: no
	 * bound */
	uint64_t memory_bytes;
	uint64_t max_flows; /* at once; 0 and UINT64_MAX: what memory allows */
	uint64_t max_incidents;	   /* connections with incidents; likewise */
	uint64_t seed;		   /* of the hash; changes no result */
	bool is_listing_flows;	   /* --all-flows: keep every flow's end too */
	const struct spill *spill; /* for what memory can't hold; NULL: none */
	/* Told of every connection that closes; NULL: there is one capture
	 * point. */
	struct pairing *pairing;
	unsigned place; /* number of the capture point */
	/* It is one of so many parts (analysis/parts.h): bounds are those of
	 * the whole. 0: it is the whole. */
	unsigned part_count;
	/* What verdicts are made from; NULL: what is built in. For tests that
	 * alter it. */
	const struct knowledge *knowledge;
	const struct thresholds *thresholds;
	bool is_without_plain; /* for tests: every packet goes the whole way */
};

struct analysis *analysis_new(
	const struct analysis_options *options, struct failure *failure);
void analysis_free(struct analysis *analysis);

/* Takes decoded packets in the order of recording. Payload pointers need live
 * only for the call. */
void analysis_packets(struct analysis *analysis, const struct packet *packets,
	unsigned count);

/* The same of frames that are not decoded yet. Of plain packets
 * (capture/decode/plain_packet.h) only what is needed is read; the others are
 * decoded into `packets`, which has room for as many. The frames' bytes need
 * live only for the call. */
void analysis_frames(struct analysis *analysis, const struct frame *frames,
	struct packet *packets, unsigned count);
/* Takes those packets of a sighting (analysis/sight.h) that are of this part;
 * sightings in the order of recording. */
struct sighting;
void analysis_take(struct analysis *analysis, const struct sighting *sighting,
	unsigned part);

/* Whose end was told ahead, and when it was due. */
struct foreseen_flow {
	uint32_t slot, first_frame; /* see struct flow */
	int64_t due_ns;
};

/* The time of the newest packet, which goes back where the capture's clock was
 * set back; INT64_MIN: none. */
int64_t analysis_now_ns(const struct analysis *analysis);

/* Tells the incidents of connections that will have ended when no packet comes
 * for `to_ns` after analysis_now_ns, and will not have after `from_ns`. Nothing
 * that packets decide is changed. */
void analysis_foresee(struct analysis *analysis, int64_t from_ns, int64_t to_ns,
	void (*tell)(void *context, const struct incident *incident,
		const struct foreseen_flow *flow),
	void *context);

/* Would the connection still end with that mechanism at that frame, if no more
 * packets came? False once it has ended, with whatever. */
bool analysis_still_foresees(const struct analysis *analysis,
	struct foreseen_flow *flow, uint64_t frame, enum mechanism mechanism);

/* Closes all flows; analysis_finish does so where it was not done before. */
void analysis_close(struct analysis *analysis);
/* Judges everything: call once, after the last packet. */
void analysis_finish(struct analysis *analysis);

/* Incidents, in the order of their fatal frames once finished. Before that,
 * those that have closed so far, in the order of closing. */
uint64_t analysis_incident_count(const struct analysis *analysis);
/* Makes the verdict of incident `index` from its record. False: by later
 * statistics it is none; never once finished. */
bool analysis_incident(const struct analysis *analysis, uint64_t index,
	struct incident *incident);
/* The same by incident_brief. */
bool analysis_incident_brief(const struct analysis *analysis, uint64_t index,
	struct incident *incident);

struct analysis_totals {
	uint64_t packets, bytes; /* bytes as on the wire */
	uint64_t tcp_packets;
	uint64_t flows;
	uint64_t incidents;	     /* kept; benign ones are not counted */
	uint64_t incidents_not_kept; /* for want of room; the counts by culprit
					and mechanism have them */
	uint64_t orderly;	     /* flows that ended as they should */
	/* Connections that were reset, and late resets of those that had
	 * closed. Each is one of the next three. */
	uint64_t resets_seen;
	uint64_t told_resets;	  /* there is an incident of the connection */
	uint64_t benign_resets;	  /* judged to hurt nobody */
	uint64_t unjudged_resets; /* no evidence or no verdict could be kept */
	uint64_t evicted_flows;
	uint64_t evicted_incidents; /* connections followed without evidence */
	uint64_t left_out; /* packets of connections that there was no memory to
			      follow, or of a whole capture point */
	uint64_t duplicates;	    /* the same packet recorded twice */
	uint64_t shared_packets; /* recorded at a further capture point too */
	uint64_t not_paired;	 /* views of connections for which there was no
				    room until another point's closed */
	uint64_t lost_packets;	 /* acknowledged but never recorded: at least */
	uint64_t clock_steps;
	uint64_t not_learned; /* hosts and paths beyond the tables' bounds */
	uint64_t out_of_window_icmp; /* errors that quote what was not in
					flight: forged or late */
	uint64_t skipped[SKIP_COUNT];
	uint64_t odd_packets;
	uint64_t by_culprit[PARTY_COUNT];
	uint64_t by_mechanism[MECHANISM_COUNT];
	int64_t first_ns, last_ns; /* INT64_MIN: no packet had a time */
};
void analysis_totals(
	const struct analysis *analysis, struct analysis_totals *totals);
/* Counts of two analyses of different packets; of what several capture points
 * share, each counts its own. */
void analysis_totals_add(
	struct analysis_totals *totals, const struct analysis_totals *more);
/* Whether every connection was judged: none was left out, evicted, followed
 * without evidence, or had its verdict dropped. */
bool analysis_is_complete(const struct analysis_totals *totals);

/* --all-flows: every flow, ended well or not, in the order of first frames. */
struct flow_summary {
	struct flow_name name;
	uint64_t first_frame, last_frame;
	int64_t first_ns, last_ns;
	uint64_t packets[2], payload_bytes[2]; /* client, server */
	enum mechanism mechanism; /* MECHANISM_UNKNOWN: still open at the end */
	enum conn_state state;
	char history[FLOW_HISTORY_TEXT];
	const char *signature; /* row that says how it ended, static; NULL: none
				  does */
	bool is_incident;
	bool is_guessed; /* by its ports alone: who is the client */
};
uint64_t analysis_flow_count(const struct analysis *analysis);
void analysis_flow(const struct analysis *analysis, uint64_t index,
	struct flow_summary *summary);

#endif

/* The inside of an analysis, shared by the files of this folder. */
#ifndef ANALYSIS_ANALYSIS_STATE_H
#define ANALYSIS_ANALYSIS_STATE_H

#include "analysis/analysis.h"
#include "analysis/conn_store.h"
#include "analysis/flow/budget.h"
#include "analysis/learned/learned.h"
#include "analysis/observe/closed_conn.h"
#include "analysis/observe/observe.h"
#include "analysis/sight.h"
#include "analysis/verdict/ending.h"
#include "analysis/verdict/knowledge.h"
#include "analysis/verdict/verdict_context.h"

enum {
	/* tables of a fixed size, unpacked evidence records, batches: of each
	 * part */
	ANALYSIS_FIXED_BYTES = 24000000,
};

/* One incident: a connection may hold several, when several spoke. */
struct case_reference {
	uint32_t record; /* number in the store */
	struct ending ending;
	/* enum mechanism, enum party: of the report, once it is finished */
	uint8_t mechanism, culprit;
	/* by which incidents are ordered */
	uint64_t frame, first_frame;
};

struct analysis {
	struct analysis_options options;
	struct budget budget;
	struct observer observer;
	struct learned learned;
	/* What verdicts are made by; NULL: `learned`. Where several parts share
	 * the work, what all of them have learned, while they close. */
	const struct learned *told;
	struct sighter sighter; /* where packets come undivided */
	const struct knowledge *knowledge;
	/* what is judged again when all is known; the summary's index + 1, 0:
	 * flows are not listed */
	struct conn_store store;
	struct case_reference *cases;
	uint32_t case_count, case_capacity;
	struct flow_summary *summaries;
	uint64_t summary_count;
	uint32_t summary_capacity;
	struct analysis_totals totals;
	uint64_t frame;	     /* of the newest packet */
	int64_t now_ns;	     /* capture time, see sight.h */
	int64_t before_ns;   /* the same before the packet at hand */
	uint64_t datagrams;  /* UDP and echo that were looked at */
	int64_t swept_ns;    /* until when slots are due; INT64_MIN: not yet */
	uint64_t sweep_debt; /* slots that are due, times 2^20 */
	uint32_t sweep_room; /* slots that may be looked at */
	uint64_t swept;	     /* that were: work that was done */
	bool is_finishing;   /* all flows are being handed in */
	bool is_oriented;    /* by the ports that `learned` knows to listen */
	bool is_finished;
};

static inline struct verdict_context analysis_verdict_context(
	const struct analysis *analysis)
{
	return (struct verdict_context){
		.knowledge = analysis->knowledge,
		.thresholds = analysis->observer.thresholds,
		.learned = analysis->told ? analysis->told : &analysis->learned,
		.frame = analysis->frame,
	};
}

/* What a datagram teaches of its sender's distance. */
void datagrams_learn(struct analysis *analysis, const struct packet *packet);

/* Does to the flow what is due by that time; false: it was closed. */
bool expiry_settle(
	struct analysis *analysis, struct flow *flow, int64_t time_ns);
/* The same to all, by now. */
void expiry_look_at_all(struct analysis *analysis);
/* The same to some of them, in turn, after so many packets. */
void expiry_sweep(struct analysis *analysis, unsigned packets);

/* Ends some quiet connections early, when evidence records run short. */
void expiry_make_room(struct analysis *analysis);

/* The connection that the packet begins, where there is none (`before` is NULL)
 * or the earlier one has ended; NULL: there is no room. */
struct flow *begin_flow(struct analysis *analysis, struct flow *before,
	const struct flow_key *key, const struct packet *packet);
/* Hands the flow in or lets it go, and frees its slot. */
void close_flow(struct analysis *analysis, struct flow *flow);

/* Judges what was handed in by all that the recording taught: the incidents
 * of before were judged by what was known when they closed. */
void analysis_judge_again(struct analysis *analysis);
/* One of what was handed in, by its number in the store; once it was judged
 * again, with the client that all of the recording points to. False when it
 * can't be read. */
bool analysis_load(const struct analysis *analysis, uint32_t record,
	struct stored_conn *stored);

/* Takes what `from` has kept and counted; `from` can only be freed then. */
void analysis_absorb(struct analysis *analysis, struct analysis *from);

#endif

/* The inside of an analysis, shared by the files of this folder. */
#ifndef ANALYSIS_ANALYSIS_STATE_H
#define ANALYSIS_ANALYSIS_STATE_H

#include "analysis/analysis.h"
#include "analysis/conn_store.h"
#include "analysis/flow/budget.h"
#include "analysis/learned/learned.h"
#include "analysis/observe/closed_conn.h"
#include "analysis/observe/observe.h"
#include "analysis/verdict/ending.h"
#include "analysis/verdict/knowledge.h"
#include "analysis/verdict/verdict_context.h"

/* One incident: a connection may hold several, when several spoke. */
struct case_reference {
	uint32_t record; /* number in the store */
	struct ending ending;
	uint64_t frame; /* by which incidents are ordered */
};

struct analysis {
	struct analysis_options options;
	struct budget budget;
	struct observer observer;
	struct learned learned;
	struct knowledge built_in;
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
	int64_t now_ns;	     /* of the newest packet */
	uint64_t slots_looked_at; /* by rebind_look */
	uint64_t datagrams;  /* UDP and echo that were looked at */
	uint64_t sweep_debt; /* slots that are due, times 2^20 */
	bool is_finishing;   /* all flows are being handed in */
	bool is_finished;
};

static inline struct verdict_context analysis_verdict_context(
	const struct analysis *analysis)
{
	return (struct verdict_context){
		.knowledge = analysis->knowledge,
		.thresholds = analysis->observer.thresholds,
		.learned = &analysis->learned,
		.frame = analysis->frame,
	};
}

/* What a datagram teaches of its sender's distance. */
void datagrams_learn(struct analysis *analysis, const struct packet *packet);

/* Closes what has ended by then; called as capture time passes. */
void expiry_sweep(struct analysis *analysis, int64_t time_ns);

/* Ends some quiet connections early, when evidence records run short. */
void expiry_make_room(struct analysis *analysis);

/* Hands the flow in or lets it go, and frees its slot. */
void close_flow(struct analysis *analysis, struct flow *flow);

/* Judges what was handed in by all that the recording taught: the incidents
 * of before were judged by what was known when they closed. */
void close_judge_all(struct analysis *analysis);

#endif

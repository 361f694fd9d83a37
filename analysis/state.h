/* The inside of an analysis, shared by the observers and the judgement. */
#ifndef ANALYSIS_STATE_H
#define ANALYSIS_STATE_H

#include "analysis/analysis.h"
#include "analysis/dossier.h"
#include "analysis/flow_table.h"
#include "analysis/homes.h"
#include "analysis/hosts.h"
#include "analysis/paths.h"
#include "analysis/services.h"

/* A connection handed in for judgement: all that is still known of it. */
struct record {
	struct flow flow;
	struct address address[2];
	uint16_t port[2];
	struct dossier *dossier; /* owned; NULL for a plain unanswered SYN */
	uint64_t closed_at; /* frame at which it was handed in */
};

/* One incident: a record may hold several, when several spoke. */
struct case_reference {
	uint32_t record;
	uint8_t cluster; /* which group of resets; see judge.h */
};

struct analysis {
	struct analysis_options options;
	struct budget budget;
	struct flow_table flows;
	struct dossier_pool dossiers;
	struct hosts hosts;
	struct paths paths;
	struct record *records;
	uint32_t record_count, record_capacity;
	struct case_reference *cases;
	uint32_t case_count, case_capacity;
	struct flow_summary *summaries;
	uint64_t summary_count, summary_capacity;
	struct analysis_totals totals;
	uint64_t frame;	    /* of the newest packet */
	int64_t now_ns;	    /* of the newest packet */
	uint8_t home;	    /* of the newest packet */
	struct homes homes;
	struct services services;
	uint64_t sweep_debt; /* slots that are due, times 2^16 */
	bool is_finishing; /* all flows are being handed in */
	bool is_finished;
};

/* What the stream does to one flow. */
void observe_tcp(
	struct analysis *analysis, struct flow *flow, unsigned index,
	const struct packet *packet);
void observe_icmp(struct analysis *analysis, const struct packet *packet);

/* Closes what has ended by then; called as capture time passes. */
void sweep_flows(struct analysis *analysis, int64_t time_ns);

/* Hands the flow in or lets it go, and frees its slot. */
void close_flow(struct analysis *analysis, struct flow *flow);

#endif

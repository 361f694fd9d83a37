/* What is known of each fact of an incident. The incident tells some of them,
 * as many as there is room for and as are worth a row; a fact that has no row
 * may be known all the same. */
#ifndef TESTS_SUPPORT_TRACE_FACTS_H
#define TESTS_SUPPORT_TRACE_FACTS_H

#include <string.h>

#include "analysis/analysis_state.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/judge.h"

struct trace_truths {
	uint8_t truth[FACT_COUNT]; /* enum truth */
};

/* Of the incident that analysis_incident gives for the same index. */
static inline void trace_truths_of(const struct analysis *analysis,
	unsigned index, struct trace_truths *truths)
{
	const struct case_reference *one = &analysis->cases[index];
	struct verdict_context context = analysis_verdict_context(analysis);
	struct stored_conn stored;
	struct verdict verdict;
	struct facts facts;

	memset(truths, 0, sizeof(*truths));
	if (!analysis_load(analysis, one->record, &stored))
		return;
	facts_init(&facts, true);
	judge_ending(&context, &stored.conn, one->ending, &facts, &verdict);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		truths->truth[i] = (uint8_t)fact_truth(&facts, (enum fact)i);
}

/* "yes" and "no" where the incident tells it, "unknown" where nothing is known;
 * "not told" of a fact that is known and has no row. */
static inline const char *trace_fact_found(const struct incident *incident,
	const struct trace_truths *truths, enum fact fact)
{
	for (unsigned i = 0; i < incident->evidence_count; i++)
		if (strcmp(incident->evidence[i].fact, fact_word(fact)) == 0)
			return incident->evidence[i].holds == TRUTH_YES ? "yes"
									: "no";
	return truths->truth[fact] == TRUTH_UNKNOWN ? "unknown" : "not told";
}

#endif

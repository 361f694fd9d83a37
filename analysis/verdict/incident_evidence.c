#include "analysis/verdict/incident_evidence.h"

#include <string.h>

#include "analysis/observe/conn_view.h"
#include "analysis/verdict/knowledge.h"

static void add(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct facts *facts, enum fact fact, enum evidence_weight weight)
{
	const struct fact_value *value = fact_value_of(facts, fact);
	struct evidence_row *row;

	if (!value || fact_truth(facts, fact) == TRUTH_UNKNOWN ||
		incident->evidence_count == INCIDENT_EVIDENCE)
		return;
	for (unsigned i = 0; i < incident->evidence_count; i++)
		if (incident->evidence[i].fact == fact_word(fact))
			return;
	row = &incident->evidence[incident->evidence_count++];
	row->fact = fact_word(fact);
	row->holds = fact_truth(facts, fact);
	row->weight = weight;
	row->frame = flow_frame(context->frame, value->frame);
	row->against =
		flow_frame(value->is_against_elsewhere ? conn->link->frame
						       : context->frame,
			value->against);
	memcpy(row->found, value->found, sizeof(row->found));
	memcpy(row->expected, value->expected, sizeof(row->expected));
}

/* A fact that the row must know to hold, or not to hold. */
static bool rests_on(const struct signature *row, unsigned fact)
{
	return bit_set_has(&row->needs, fact) ||
	       bit_set_has(&row->denies, fact);
}

/* A fact that would have kept the row from applying, had it been otherwise. */
static bool agrees_with(const struct signature *row, unsigned fact,
	enum truth truth)
{
	return (bit_set_has(&row->forbids, fact) && truth == TRUTH_NO) ||
	       (bit_set_has(&row->keeps, fact) && truth == TRUTH_YES);
}

/* The facts on which rows of other readings rest that no row outranks. */
static struct bit_set others_rest_on(const struct verdict_context *context,
	const struct closed_conn *conn, const struct facts *facts,
	const struct verdict *verdict)
{
	const struct knowledge *knowledge = context->knowledge;
	struct bit_set others = {0};

	for (unsigned i = 0; i < knowledge->count; i++) {
		struct reading reading;

		if (!bit_set_has(&verdict->stands, i))
			continue;
		reading = verdict_reading(
			knowledge, conn, verdict->ending, facts, i);
		if (verdict_is_same_reading(&reading, &verdict->reading))
			continue;
		bit_set_add_all(&others, &knowledge->rows[i]->needs);
		bit_set_add_all(&others, &knowledge->rows[i]->denies);
	}
	return others;
}

void incident_evidence_add(const struct verdict_context *context,
	const struct closed_conn *conn, const struct facts *facts,
	const struct verdict *verdict, struct incident *incident)
{
	const struct signature *row = verdict->row;
	struct bit_set others = others_rest_on(context, conn, facts, verdict);

	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (rests_on(row, i))
			add(context, conn, incident, facts, (enum fact)i,
				WEIGHT_FOR);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (bit_set_has(&others, i))
			add(context, conn, incident, facts, (enum fact)i,
				WEIGHT_AGAINST);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (bit_set_has(&facts->written, i) && facts->value[i].found[0])
			add(context, conn, incident, facts, (enum fact)i,
				agrees_with(row, i,
					fact_truth(facts, (enum fact)i))
					? WEIGHT_FOR
					: WEIGHT_NEUTRAL);
}

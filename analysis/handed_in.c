#include "analysis/handed_in.h"

#include "analysis/verdict/fatal_packet.h"
#include "capture/array.h"

static void add_case(struct analysis *analysis, uint32_t record,
	const struct closed_conn *conn, struct ending ending,
	struct reading reading)
{
	struct verdict_context context = analysis_verdict_context(analysis);
	struct case_reference *cases = array_grown(analysis->cases,
		analysis->case_count, &analysis->case_capacity, sizeof(*cases));
	struct fatal_packet fatal;

	if (!cases) {
		analysis->totals.incidents_not_kept++;
		return;
	}
	analysis->cases = cases;
	fatal_packet_of(&context, conn, ending, &fatal);
	analysis->cases[analysis->case_count++] = (struct case_reference){
		.record = record,
		.ending = ending,
		.mechanism = (uint8_t)reading.mechanism,
		.culprit = (uint8_t)reading.culprit,
		.first_frame =
			flow_frame(analysis->frame, conn->flow.first_frame),
		.frame = flow_frame(analysis->frame, fatal.note.frame),
	};
}

void handed_in_add_cases(struct analysis *analysis, uint32_t record,
	const struct closed_conn *conn, const struct judgement *judgement)
{
	for (unsigned i = 0; i < judgement->count; i++)
		add_case(analysis, record, conn, judgement->endings[i],
			judgement->readings[i]);
}

/* Was there a reset of which nothing could be kept? */
static bool has_lost_reset(const struct closed_conn *conn)
{
	return conn->flow.flags & FLOW_RESET &&
	       (!conn->evidence || conn->evidence->reset_count == 0);
}

void handed_in_count(struct analysis *analysis, const struct closed_conn *conn,
	const struct judgement *judgement)
{
	struct analysis_totals *totals = &analysis->totals;

	if (judgement->count == 0 && judgement->outcome == MECHANISM_ORDERLY)
		totals->orderly++;
	if (!(conn->flow.flags & FLOW_RESET))
		return;
	if (judgement->count)
		totals->told_resets++;
	else if (has_lost_reset(conn))
		totals->unjudged_resets++;
	else
		totals->benign_resets++;
}

enum trigger_fate handed_in_fate(
	const struct flow *flow, const struct judgement *judgement)
{
	if (judgement->is_reset_by_device)
		return TRIGGER_RESET;
	return judgement->count == 0 &&
			       flow->side[flow_server(flow)].flags & SIDE_DATA
		       ? TRIGGER_SURVIVED
		       : TRIGGER_OTHER;
}

#include "analysis/verdict/judge.h"

#include <string.h>

#include "analysis/verdict/benign.h"
#include "analysis/verdict/facts_reset.h"
#include "analysis/verdict/facts_silence.h"
#include "analysis/verdict/facts_size.h"
#include "analysis/verdict/facts_ssh.h"
#include "analysis/verdict/facts_undelivered.h"

static const struct signature *match(
	enum signature_table table, const struct facts *facts)
{
	unsigned from = 0;

	return signature_match(table, facts, &from);
}

static const struct signature *judge_reset(
	const struct verdict_context *context, const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct signature *row;

	facts_reset(context, conn, reset, facts);
	if (conn->flow.flags & FLOW_SSH &&
		reset->note.side == flow_server(&conn->flow)) {
		facts_ssh(conn, facts);
		row = match(SIGNATURES_SSH, facts);
		if (row && row->mechanism != MECHANISM_SSH_SLOW_BANNER)
			return row;
	}
	if (benign_reset(conn, reset, facts))
		return NULL;
	return match(SIGNATURES_RESET, facts);
}

static const struct signature *judge_forged(
	const struct closed_conn *conn, struct facts *facts)
{
	unsigned server = flow_server(&conn->flow);
	const struct side *side = &conn->flow.side[server];

	facts_undelivered(conn, server, side->acked, side->last_frame, facts);
	return match(SIGNATURES_FORGED, facts);
}

const struct signature *judge_ending(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	if (!conn->evidence && ending.kind != ENDING_SILENCE)
		return NULL;
	switch (ending.kind) {
	case ENDING_RESET:
		return judge_reset(context, conn,
			&conn->evidence->resets[ending.reset], facts);
	case ENDING_SILENCE:
		facts_silence(context, conn, facts);
		return match(SIGNATURES_SILENCE, facts);
	case ENDING_SSH:
		facts_silence(context, conn, facts);
		facts_ssh(conn, facts);
		return match(SIGNATURES_SSH, facts);
	case ENDING_FORGED:
		return judge_forged(conn, facts);
	case ENDING_MTU:
		break;
	}
	facts_size(context, conn, facts);
	return match(SIGNATURES_MTU, facts);
}

/* Where a device on the path reset, the endpoints' own resets are told too,
 * as harmless as they are: the reader has to know which is which. */
static unsigned add_companions(
	const struct closed_conn *conn, struct ending endings[ENDINGS_MOST])
{
	unsigned all = 0;

	for (unsigned i = 0; i < conn->evidence->reset_count; i++)
		if (ending_is_first_reset(conn->evidence, i))
			endings[all++] = ending_by_reset(i);
	return all;
}

/* Judges an ending of this kind; adds it when it is an incident. */
static bool add_if_incident(const struct verdict_context *context,
	const struct closed_conn *conn, enum ending_kind kind,
	struct ending endings[ENDINGS_MOST], unsigned *count,
	enum mechanism *outcome)
{
	struct ending ending = {.kind = kind};
	struct facts facts;
	const struct signature *row =
		judge_ending(context, conn, ending, &facts);

	if (!row)
		return false;
	if (*count == 0)
		*outcome = row->mechanism;
	endings[(*count)++] = ending;
	return true;
}

unsigned judge_endings(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending endings[ENDINGS_MOST],
	enum mechanism *outcome)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	bool is_closed = flow->side[0].flags & flow->side[1].flags & SIDE_FIN;
	const struct signature *row;
	struct facts facts;
	unsigned count = 0, boxes = 0;

	*outcome = is_closed ? MECHANISM_ORDERLY : MECHANISM_UNKNOWN;
	if (!evidence && (flow->flags & (FLOW_SYNACK | FLOW_MIDSTREAM)))
		return 0; /* nine of ten: nothing ever happened */
	for (unsigned i = 0; evidence && i < evidence->reset_count; i++) {
		if (!ending_is_first_reset(evidence, i))
			continue;
		row = judge_ending(context, conn, ending_by_reset(i), &facts);
		if (!row)
			continue;
		if (count == 0)
			*outcome = row->mechanism;
		boxes += row->sender == ROLE_MIDDLEBOX;
		endings[count++] = ending_by_reset(i);
	}
	if (boxes)
		count = add_companions(conn, endings);
	if (evidence && evidence->reset_count && count == 0)
		*outcome = MECHANISM_ORDERLY;
	if (flow->flags & FLOW_SSH && count == 0 &&
		add_if_incident(
			context, conn, ENDING_SSH, endings, &count, outcome))
		return count;
	if (!(flow->flags & FLOW_RESET) &&
		add_if_incident(context, conn, ENDING_SILENCE, endings, &count,
			outcome))
		return count;
	if (evidence && evidence->error_count && boxes == 0 &&
		add_if_incident(
			context, conn, ENDING_FORGED, endings, &count, outcome))
		return count;
	(void)add_if_incident(
		context, conn, ENDING_MTU, endings, &count, outcome);
	return count;
}

void judge_learn(struct learned *learned, const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);

	if (!(flow->flags & FLOW_GAP_PENDING) ||
		flow_server_never_spoke(flow) ||
		(flow->side[0].flags & flow->side[1].flags & SIDE_FIN))
		return;
	idle_stats_died(&learned->idle_stats, &conn->address[client],
		&conn->address[!client], flow->flags & FLOW_V6 ? 6 : 4,
		flow->pending_gap_ms);
}

#include "analysis/verdict/judge.h"

#include "analysis/verdict/facts_places.h"
#include "analysis/verdict/facts_forged.h"
#include "analysis/verdict/facts_other.h"
#include "analysis/verdict/facts_reset.h"
#include "analysis/verdict/facts_silence.h"
#include "analysis/verdict/facts_size.h"
#include "analysis/verdict/facts_app_message.h"
#include "analysis/verdict/facts_ssh.h"
#include "analysis/verdict/facts_undelivered.h"
#include "analysis/verdict/facts_waited.h"
#include "analysis/verdict/knowledge.h"

/* The most severe class of a connection's resets. */
enum resets {
	RESETS_HARMLESS, /* or there were none */
	RESETS_OF_ENDPOINT,
	RESETS_AFTER_LARGE_LOSS, /* an endpoint's, and it says so */
	RESETS_OF_MIDDLEBOX,
};

static enum resets class_of(const struct verdict *verdict)
{
	return verdict->reading.sender == PARTY_MIDDLEBOX ? RESETS_OF_MIDDLEBOX
	       : verdict->reading.mechanism == MECHANISM_PMTU_BLACK_HOLE
		       ? RESETS_AFTER_LARGE_LOSS
		       : RESETS_OF_ENDPOINT;
}

static void judge_reset(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct facts *facts, struct verdict *verdict)
{
	const struct reset *reset = &conn->evidence->resets[ending.reset];
	bool is_servers = reset->note.side == flow_server(&conn->flow);
	unsigned kinds = 1u << ENDING_RESET;

	facts_reset(context, conn, reset, facts);
	facts_other(context, conn, facts);
	facts_other_reset(context, conn, reset, facts);
	/* what somebody else resets ended neither a wait nor a talk */
	if (!fact_holds(facts, FACT_RESET_TTL_FAR_OFF) &&
		!fact_holds(facts, FACT_PEER_HAD_RESET)) {
		facts_waited(context, conn, reset->note.side, reset, facts);
		facts_size_before(context, conn, reset->note.time_ns, facts);
		facts_app_message(conn, facts);
		facts_app_message_before(context, conn, reset, facts);
		kinds |= 1u << ENDING_APP_MESSAGE;
	}
	if (conn->flow.flags & FLOW_SSH)
		facts_ssh(context, conn, facts);
	if (conn->flow.flags & FLOW_SSH && is_servers)
		kinds |= 1u << ENDING_SSH;
	verdict_find(context->knowledge, conn, ending, kinds, facts, verdict);
}

/* A client may answer the FIN that came instead of its response by a reset,
 * which is harmless: the server had closed before. */
static bool is_closed_unanswered(
	const struct closed_conn *conn, enum resets resets)
{
	return conn->evidence && conn->evidence->response_wait.is_closed &&
	       resets == RESETS_HARMLESS;
}

/* The ending of a connection apart from its resets: unanswered packets, clear
 * text messages, lost large packets. */
static void judge_rest(const struct verdict_context *context,
	const struct closed_conn *conn, enum resets resets, struct facts *facts,
	struct verdict *verdict)
{
	const struct flow *flow = &conn->flow;
	unsigned server = flow_server(flow);
	struct ending ending =
		ending_without_reset(conn, ENDING_SILENCE, server);
	unsigned kinds = 0;

	facts_silence(context, conn, facts);
	facts_places_silence(context, conn, facts);
	facts_other(context, conn, facts);
	facts_waited(context, conn, !server, NULL, facts);
	if (!(flow->flags & FLOW_RESET))
		kinds |= 1u << ENDING_SILENCE | 1u << ENDING_WAITED;
	else if (fact_holds(facts, FACT_SYN_UNANSWERED))
		kinds |= 1u << ENDING_SILENCE; /* the client gave up so */
	else if (is_closed_unanswered(conn, resets))
		kinds |= 1u << ENDING_WAITED;
	if (conn->evidence) {
		facts_ssh(context, conn, facts);
		facts_size(context, conn, facts);
		kinds |= 1u << ENDING_OTHER;
		facts_undelivered(context, conn, server,
			flow->side[server].acked, flow->side[server].last_frame,
			facts);
		if (resets != RESETS_AFTER_LARGE_LOSS)
			kinds |= 1u << ENDING_SIZE;
		if (resets == RESETS_HARMLESS) {
			facts_app_message(conn, facts);
			kinds |= 1u << ENDING_SSH | 1u << ENDING_APP_MESSAGE;
		}
		facts_forged(conn, facts);
		if (resets != RESETS_OF_MIDDLEBOX)
			kinds |= 1u << ENDING_FORGED;
	}
	verdict_find(context->knowledge, conn, ending, kinds, facts, verdict);
}

/* Is it no endpoint's own reset? What came when all was over, and the second
 * of two resets by which one device ended the connection for both sides. */
static bool is_untold(const struct facts *facts, const struct signature *row)
{
	return (row && row->is_untold) ||
	       (fact_holds(facts, FACT_BOTH_SIDES_RESET_BY_ONE_DEVICE) &&
		       fact_holds(facts, FACT_PEER_HAD_RESET));
}

/* Did its receiver drop the reset, and did the connection go on? Then it says
 * nothing of a later one. */
static bool is_dropped(
	const struct facts *facts, const struct verdict *verdict)
{
	return fact_holds(facts, FACT_RESET_IS_UNACCEPTABLE) &&
	       fact_holds(facts, FACT_CONNECTION_SURVIVED_RESET) &&
	       !judge_accuses(verdict);
}

/* Judges all resets; `may_change` is set where a later connection may undo an
 * acquittal. */
static enum resets judge_resets(const struct verdict_context *context,
	const struct closed_conn *conn,
	struct verdict verdicts[EVIDENCE_RESETS], bool *may_change)
{
	const struct evidence *evidence = conn->evidence;
	enum resets resets = RESETS_HARMLESS;
	unsigned dropped = 0;
	struct facts facts;

	for (unsigned i = 0; evidence && i < evidence->reset_count; i++) {
		verdicts[i].row = NULL;
		if (!ending_is_first_reset(evidence, i, dropped) ||
			facts_forged_is_consequence(conn, &evidence->resets[i]))
			continue;
		facts_init(&facts, true);
		judge_reset(context, conn, ending_by_reset(conn, i), &facts,
			&verdicts[i]);
		verdicts[i].is_untold = is_untold(&facts, verdicts[i].row);
		dropped |= (unsigned)is_dropped(&facts, &verdicts[i]) << i;
		if (!judge_accuses(&verdicts[i]))
			*may_change |= facts.is_distance_open;
		else if (class_of(&verdicts[i]) > resets)
			resets = class_of(&verdicts[i]);
	}
	return resets;
}

void judge_ending(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct facts *facts, struct verdict *verdict)
{
	struct verdict of_resets[EVIDENCE_RESETS];
	bool may_change = false;

	if (ending.kind == ENDING_RESET)
		judge_reset(context, conn, ending, facts, verdict);
	else
		judge_rest(context, conn,
			judge_resets(context, conn, of_resets, &may_change),
			facts, verdict);
}

static void add_incident(
	struct judgement *judgement, const struct verdict *verdict)
{
	judgement->endings[judgement->count] = verdict->ending;
	judgement->readings[judgement->count++] = verdict->reading;
}

/* The first that accuses says how the connection ended; before that, the first
 * that acquits. */
static void set_outcome(
	struct judgement *judgement, const struct verdict *verdict)
{
	bool is_decided =
		judgement->row && judgement->outcome != MECHANISM_ORDERLY;

	if (is_decided || (judgement->row && !judge_accuses(verdict)))
		return;
	judgement->row = verdict->row;
	judgement->outcome = verdict->reading.mechanism;
}

bool judge_is_incident(const struct judgement *judgement, struct ending ending)
{
	for (unsigned i = 0; i < judgement->count; i++)
		if (judgement->endings[i].kind == ending.kind &&
			judgement->endings[i].reset == ending.reset)
			return true;
	return false;
}

void judge_conn(const struct verdict_context *context,
	const struct closed_conn *conn, struct judgement *judgement)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	bool is_closed = flow->side[0].flags & flow->side[1].flags & SIDE_FIN;
	struct verdict of_resets[EVIDENCE_RESETS], rest;
	struct facts facts;
	enum resets resets;

	*judgement = (struct judgement){
		.outcome = is_closed ? MECHANISM_ORDERLY : MECHANISM_UNKNOWN};
	if (!evidence && (flow->flags & (FLOW_SYNACK | FLOW_MIDSTREAM)) &&
		!(flow->flags & FLOW_ASKED) &&
		!rebinds_rebound(&context->learned->rebinds, flow))
		return; /* nine of ten: nothing ever happened */
	resets = judge_resets(context, conn, of_resets, &judgement->may_change);
	for (unsigned i = 0; evidence && i < evidence->reset_count; i++) {
		if (!of_resets[i].row)
			continue;
		set_outcome(judgement, &of_resets[i]);
		judgement->is_reset_by_device |=
			judge_blames_device(&of_resets[i]);
		/* Where a device on the path reset, the endpoints' own resets
		 * are reported too, benign as they are: the reader has to know
		 * which is which. */
		if (judge_accuses(&of_resets[i]) ||
			(resets == RESETS_OF_MIDDLEBOX &&
				!of_resets[i].is_untold))
			add_incident(judgement, &of_resets[i]);
	}
	facts_init(&facts, true);
	judge_rest(context, conn, resets, &facts, &rest);
	if (!rest.row)
		return;
	set_outcome(judgement, &rest);
	add_incident(judgement, &rest);
}

static bool was_restarted(
	const struct verdict_context *context, const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;

	for (unsigned i = 0; evidence && i < evidence->reset_count; i++)
		if (facts_reset_is_restart(context, conn, &evidence->resets[i]))
			return true;
	return false;
}

/* When the packet passed that found the connection dead: what comes after it
 * is its answer, or the same again. */
static int64_t silence_broken_ns(const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	unsigned side = (flow->flags & FLOW_GAP_SIDE_1) != 0;

	if (evidence && evidence->unacked[side].is_active) {
		const struct unacked_run *run = &evidence->unacked[side];

		return run->is_keepalive ? run->first.time_ns : run->since_ns;
	}
	if (evidence && evidence->reset_count)
		return evidence->resets[0].note.time_ns;
	return flow_last_ns(flow);
}

void judge_learn(const struct verdict_context *context, struct learned *learned,
	const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);

	if (!(flow->flags & FLOW_GAP_PENDING) ||
		flow_server_never_spoke(flow) ||
		(flow->side[0].flags & flow->side[1].flags & SIDE_FIN) ||
		was_restarted(context, conn))
		return;
	const struct idle_death death = {
		flow->pending_gap_ms, silence_broken_ns(conn)};

	idle_stats_died(&learned->idle_stats, &conn->address[client],
		&conn->address[!client], flow->flags & FLOW_V6 ? 6 : 4, &death);
}

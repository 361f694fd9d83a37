/* The judgement of what was handed in, by all that the recording taught. */
#include "analysis/handed_in.h"
#include "analysis/summary.h"

/* Whether only the one that is taken for the client is known to listen. */
static bool is_wrong_way_round(const struct learned *learned,
	const struct address *client, uint16_t client_port,
	const struct address *server, uint16_t server_port)
{
	return listeners_know(&learned->listeners, client, client_port) &&
	       !listeners_know(&learned->listeners, server, server_port);
}

static void orient_record(
	const struct learned *learned, struct closed_conn *conn)
{
	unsigned client = flow_client(&conn->flow);

	if (summary_is_guessed(&conn->flow) &&
		is_wrong_way_round(learned, &conn->address[client],
			conn->port[client], &conn->address[!client],
			conn->port[!client]))
		conn->flow.flags ^= FLOW_CLIENT_IS_1;
}

static void orient_summary(
	const struct learned *learned, struct flow_summary *summary)
{
	struct flow_summary other = *summary;

	if (!summary->is_guessed ||
		!is_wrong_way_round(learned, &summary->name.client.address,
			summary->name.client.port,
			&summary->name.server.address,
			summary->name.server.port))
		return;
	summary->name.client = other.name.server;
	summary->name.server = other.name.client;
	flow_history_turn(summary->history);
	for (unsigned i = 0; i < 2; i++) {
		summary->packets[i] = other.packets[!i];
		summary->payload_bytes[i] = other.payload_bytes[!i];
	}
}

bool analysis_load(const struct analysis *analysis, uint32_t record,
	struct stored_conn *stored)
{
	if (!conn_store_load(&analysis->store, record, stored))
		return false;
	if (analysis->is_oriented)
		orient_record(&analysis->learned, &stored->conn);
	return true;
}

/* Which silences incidents followed, by what is known now. */
static void learn_deaths(struct analysis *analysis)
{
	struct verdict_context context = analysis_verdict_context(analysis);

	for (uint32_t i = 0; i < analysis->store.count; i++) {
		struct stored_conn stored;
		struct judgement judgement;

		/* judge_learn wants such a flow */
		if (!(conn_store_flags(&analysis->store, i) &
			    FLOW_GAP_PENDING) ||
			!analysis_load(analysis, i, &stored))
			continue;
		judge_conn(&context, &stored.conn, &judgement);
		if (judgement.count)
			judge_learn(&context, &analysis->learned, &stored.conn);
	}
}

/* What the connection was counted as before is not counted yet. */
static void judge_again(struct analysis *analysis, uint32_t record)
{
	struct verdict_context context = analysis_verdict_context(analysis);
	uint32_t summary = conn_store_summary(&analysis->store, record);
	struct stored_conn stored;
	struct judgement judgement;

	if (!analysis_load(analysis, record, &stored)) {
		analysis->totals.unjudged_resets +=
			(conn_store_flags(&analysis->store, record) &
				FLOW_RESET) != 0;
		return;
	}
	judge_conn(&context, &stored.conn, &judgement);
	triggers_ended(&analysis->learned.triggers, &stored.conn.flow,
		handed_in_fate(&stored.conn.flow, &judgement));
	handed_in_add_cases(analysis, record, &stored.conn, &judgement);
	handed_in_count(analysis, &stored.conn, &judgement);
	if (summary)
		summary_set_outcome(
			&analysis->summaries[summary - 1], &judgement);
}

void analysis_judge_again(struct analysis *analysis)
{
	analysis->case_count = 0;
	analysis->is_oriented = true;
	for (uint64_t i = 0; i < analysis->summary_count; i++)
		orient_summary(&analysis->learned, &analysis->summaries[i]);
	learn_deaths(analysis);
	for (uint32_t i = 0; i < analysis->store.count; i++)
		judge_again(analysis, i);
	triggers_settle(&analysis->learned.triggers);
}

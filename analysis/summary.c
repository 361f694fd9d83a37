#include "analysis/summary.h"

#include <string.h>

#include "analysis/observe/app_message.h"
#include "capture/array.h"

enum { SUMMARIES_MOST = 10000000 };

/* Resets are kept apart from what else a side sent, and so is what belongs to
 * another connection of the same ports. */
static void add_resets(const struct analysis *analysis,
	const struct closed_conn *conn, struct flow_summary *summary)
{
	const struct evidence *evidence = conn->evidence;
	unsigned client = flow_client(&conn->flow);

	if (!evidence) {
		/* none was to be had */
		for (unsigned i = 0; i < 2; i++)
			summary->packets[i != client] +=
				!!(conn->flow.side[i].flags & SIDE_RST);
		return;
	}
	for (unsigned i = 0; i < evidence->reset_count; i++)
		summary->packets[evidence->resets[i].note.side != client] +=
			1u + evidence->resets[i].repeats;
	for (unsigned i = 0; i < 2; i++)
		summary->packets[i != client] +=
			evidence->resets_more[i] + evidence->other.packets[i];
	if (evidence->reset_count &&
		evidence->last_reset_ns > summary->last_ns) {
		summary->last_ns = evidence->last_reset_ns;
		summary->last_frame =
			flow_frame(analysis->frame, evidence->last_reset_frame);
	}
}

void summary_set_outcome(
	struct flow_summary *summary, const struct judgement *judgement)
{
	summary->mechanism = judgement->outcome;
	summary->is_incident = judgement->count != 0;
	summary->signature = judgement->row ? judgement->row->name : NULL;
}

bool summary_is_guessed(const struct flow *flow)
{
	unsigned client = flow_client(flow);

	return flow->flags & FLOW_MIDSTREAM &&
	       !(flow->flags & FLOW_ORIENTED) &&
	       !app_message_by_client(
		       (enum app_message)flow->cold[client].app_message) &&
	       !app_message_by_server(
		       (enum app_message)flow->cold[!client].app_message);
}

uint32_t summary_add(struct analysis *analysis,
	const struct closed_conn *conn, const struct judgement *judgement)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	struct flow_summary *summary, *summaries = NULL;

	if (analysis->summary_count < SUMMARIES_MOST)
		summaries = array_grown(analysis->summaries,
			analysis->summary_count, &analysis->summary_capacity,
			sizeof(*summaries));
	if (!summaries)
		return 0;
	analysis->summaries = summaries;
	summary = &analysis->summaries[analysis->summary_count++];
	memset(summary, 0, sizeof(*summary));
	incident_name(conn, &summary->name);
	summary->first_frame = flow_frame(analysis->frame, flow->first_frame);
	summary->first_ns = flow->first_ns;
	summary->last_ns = flow_last_ns(flow);
	summary->last_frame = flow_frame(
		analysis->frame, flow->side[0].last_ns > flow->side[1].last_ns
					 ? flow->side[0].last_frame
					 : flow->side[1].last_frame);
	/* A reset alone is no side's packet. */
	if (summary->last_frame < summary->first_frame) {
		summary->last_frame = summary->first_frame;
		summary->last_ns = summary->first_ns;
	}
	for (unsigned i = 0; i < 2; i++) {
		unsigned index = i ? !client : client;
		const struct side *side = &flow->side[index];
		uint32_t octets = side->next - flow->cold[index].first_sequence;

		summary->packets[i] = side->packets;
		if (!(side->flags & SIDE_SEEN))
			continue;
		octets -= !!(side->flags & SIDE_SYN);
		octets -= !!(side->flags & SIDE_FIN);
		summary->payload_bytes[i] = octets;
	}
	add_resets(analysis, conn, summary);
	/* who is the client matters to none that a guess can get */
	summary->state = conn_state_of_flow(flow);
	flow_history_text(summary->history, flow);
	summary->is_guessed = summary_is_guessed(flow);
	summary_set_outcome(summary, judgement);
	return (uint32_t)analysis->summary_count;
}

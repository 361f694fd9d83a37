#include "analysis/observe/conn_view.h"

#include <string.h>

static void take_side(
	const struct flow *flow, unsigned index, struct view_side *view)
{
	const struct side *side = &flow->side[index];
	const struct side_cold *cold = &flow->cold[index];
	unsigned usual = 0;

	for (unsigned i = 1; i < SIDE_TTLS; i++)
		if (cold->ttl_count[i] > cold->ttl_count[usual])
			usual = i;
	*view = (struct view_side){
		.first_sequence = cold->first_sequence,
		.next = side->next,
		.acked = side->acked,
		.packets = side->packets,
		.last_frame = side->last_frame,
		.flags = side->flags,
		.ttl = cold->ttl[usual],
		.window_scale = cold->window_scale,
		.has_ttl = cold->ttl_count[usual] != 0,
	};
}

static void take_evidence(
	const struct evidence *evidence, struct conn_view *view)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct seq_gap *gap = &evidence->seq_gap[i];

		view->side[i].has_gap = gap->is_active;
		view->side[i].gap_start = gap->start;
		view->side[i].gap_end = gap->end;
	}
	view->reset_count = evidence->reset_count;
	view->has_more_resets =
		evidence->resets_more[0] || evidence->resets_more[1];
	for (unsigned i = 0; i < evidence->reset_count; i++) {
		const struct packet_note *note = &evidence->resets[i].note;

		view->resets[i] = (struct view_reset){
			.frame = note->frame,
			.sequence = note->sequence,
			.acknowledged = note->acknowledged,
			.tcp_flags = note->tcp_flags,
			.side = note->side,
		};
	}
}

void conn_view_of(
	const struct closed_conn *conn, unsigned place, struct conn_view *view)
{
	const struct flow *flow = &conn->flow;

	memset(view, 0, sizeof(*view));
	memcpy(view->address, conn->address, sizeof(view->address));
	memcpy(view->port, conn->port, sizeof(view->port));
	view->place = (uint8_t)place;
	view->flags = flow->flags;
	view->record = UINT32_MAX;
	view->first_ns = flow->first_ns;
	view->last_ns = flow_last_ns(flow);
	view->server_rtt_us = flow->server_rtt_us;
	view->client_rtt_us = flow->client_rtt_us;
	take_side(flow, 0, &view->side[0]);
	take_side(flow, 1, &view->side[1]);
	if (conn->evidence)
		take_evidence(conn->evidence, view);
	/* a reset that found no evidence record was seen all the same */
	else if (flow->flags & FLOW_RESET)
		view->has_more_resets = true;
}

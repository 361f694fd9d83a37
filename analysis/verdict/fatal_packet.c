/* The fatal packet of an incident: the reset or the ICMP error itself; for
 * unanswered packets the retransmitted one, else the last packet of the
 * waiting side (the last SYN, the last SYN-ACK); for lost large packets the
 * first that shows it; for a close that SSH explains, the FIN. */
#include "analysis/verdict/fatal_packet.h"

#include <string.h>

#include "analysis/verdict/facts_size.h"
#include "analysis/verdict/icmp_error.h"

static void take_summary(struct fatal_packet *fatal,
	const struct packet_summary *packet, unsigned side)
{
	fatal->note = (struct packet_note){
		.kind = PACKET_TCP,
		.side = (uint8_t)side,
		.time_ns = packet->time_ns,
		.frame = packet->frame,
		.payload_bytes = packet->payload_bytes,
		.tcp_flags = packet->tcp_flags,
		.ttl = packet->ttl,
	};
}

/* The last packet of this side, or where it never sent any, of the other. */
static void take_last(
	struct fatal_packet *fatal, const struct flow *flow, unsigned side)
{
	unsigned speaker = flow->side[side].last_frame ? side : !side;
	const struct side *last = &flow->side[speaker];
	struct packet_summary packet = {
		.time_ns = last->last_ns,
		.frame = last->last_frame,
		.payload_bytes = last->last_payload,
		.tcp_flags = last->last_flags,
		.ttl = last->ttl,
	};

	take_summary(fatal, &packet, speaker);
}

static void take_error(
	struct fatal_packet *fatal, const struct error_note *error)
{
	fatal->note = error->note;
	fatal->from = error->from;
	fatal->to = error->to;
}

/* The first packet that shows that large ones are lost. */
static const struct packet_summary *size_packet(
	const struct verdict_context *context, const struct closed_conn *conn,
	unsigned side)
{
	const struct evidence *evidence = conn->evidence;

	switch (facts_size_trouble(context, conn, side)) {
	case SIZE_IGNORED:
		return &evidence->too_big[side].larger;
	case SIZE_REPAIRED:
		return &evidence->recovered[side].first;
	case SIZE_FILLED:
		return &evidence->filled_gap[side].after;
	case SIZE_MISSING:
		return &evidence->seq_gap[side].after;
	case SIZE_NO_TROUBLE:
		break;
	}
	return NULL;
}

static const struct packet_summary *ssh_packet(const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;
	unsigned server = flow_server(&conn->flow);

	if (evidence->fin[server].frame)
		return &evidence->fin[server];
	if (evidence->ssh && evidence->ssh->has_banner[SSH_SERVER])
		return &evidence->ssh->banner[SSH_SERVER];
	return NULL;
}

/* The words themselves. */
static const struct packet_summary *app_message_packet(
	const struct evidence *evidence)
{
	if (evidence->closing_message.app_message)
		return &evidence->closing_message.packet;
	return evidence->ssh && evidence->ssh->has_disconnect
		       ? &evidence->ssh->disconnect
		       : NULL;
}

static bool is_synack_unanswered(const struct flow *flow)
{
	return (flow->flags & (FLOW_SYNACK | FLOW_ESTABLISHED)) == FLOW_SYNACK;
}

void fatal_packet_of(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct fatal_packet *fatal)
{
	const struct evidence *evidence = conn->evidence;
	const struct error_note *error =
		icmp_error_deciding(context->thresholds, conn);
	const struct packet_summary *packet = NULL;
	unsigned side = ending.side;

	memset(fatal, 0, sizeof(*fatal));
	if (ending.kind == ENDING_RESET) {
		fatal->note = evidence->resets[ending.reset].note;
		return;
	}
	if (ending.kind == ENDING_SILENCE && error) {
		take_error(fatal, error);
		return;
	}
	if (ending.kind == ENDING_SSH || is_synack_unanswered(&conn->flow))
		side = flow_server(&conn->flow);
	if (ending.kind == ENDING_SSH)
		packet = ssh_packet(conn);
	else if (ending.kind == ENDING_FORGED)
		packet = &evidence->forged.packet;
	else if (ending.kind == ENDING_APP_MESSAGE)
		packet = app_message_packet(evidence);
	else if (ending.kind == ENDING_WAITED && evidence &&
		 evidence->response_wait.end.frame) {
		packet = &evidence->response_wait.end;
		side = evidence->response_wait.side;
	} else if (ending.kind == ENDING_OTHER)
		packet = evidence->other.continued ? &evidence->other.continues
						   : &evidence->other.answer;
	else if (ending.kind == ENDING_SIZE)
		packet = size_packet(context, conn, side);
	else if (ending.kind == ENDING_SILENCE && evidence &&
		 evidence->unacked[side].is_active)
		packet = &evidence->unacked[side].first;
	if (packet && packet->frame)
		take_summary(fatal, packet, side);
	else
		take_last(fatal, &conn->flow, side);
}

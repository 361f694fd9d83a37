#include "analysis/verdict/packet_excerpt.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/injector_fingerprint.h"

static void add(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct packet_note *note, bool is_fatal, const char *text)
{
	const struct flow *flow = &conn->flow;
	struct packet_excerpt *excerpt;
	uint64_t frame = flow_frame(context->frame, note->frame);

	if (note->frame == 0 || incident->excerpt_count == INCIDENT_EXCERPTS)
		return;
	for (unsigned i = 0; i < incident->excerpt_count; i++)
		if (incident->excerpts[i].frame == frame)
			return;
	excerpt = &incident->excerpts[incident->excerpt_count++];
	memset(excerpt, 0, sizeof(*excerpt));
	excerpt->time_ns = note->time_ns;
	excerpt->frame = frame;
	excerpt->kind = note->kind;
	excerpt->sequence =
		note->sequence - flow->cold[note->side].first_sequence;
	excerpt->acknowledged =
		note->tcp_flags & TCP_ACK
			? note->acknowledged -
				  flow->cold[!note->side].first_sequence
			: 0;
	excerpt->payload_bytes = note->payload_bytes;
	excerpt->window = note->window;
	excerpt->tcp_flags = note->tcp_flags;
	excerpt->ip_id = note->ip_id;
	excerpt->ttl = note->ttl;
	excerpt->tos = note->tos;
	excerpt->icmp_type = note->icmp_type;
	excerpt->icmp_code = note->icmp_code;
	excerpt->icmp_mtu = note->icmp_mtu;
	excerpt->is_from_client = note->side == flow_client(flow);
	excerpt->is_df = note->is_df;
	excerpt->has_options = note->options != 0;
	excerpt->is_fatal = is_fatal;
	excerpt->note = text;
}

static void add_standing(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct side_snapshot *snapshot, unsigned side, const char *text)
{
	struct packet_note note = {
		.time_ns = snapshot->last_ns,
		.frame = snapshot->last_frame,
		.kind = PACKET_TCP,
		.side = (uint8_t)side,
		.sequence = snapshot->next - snapshot->last_payload -
			    !!(snapshot->last_flags & TCP_FIN) -
			    !!(snapshot->last_flags & TCP_SYN),
		.acknowledged = snapshot->acked,
		.payload_bytes = snapshot->last_payload,
		.window = snapshot->window,
		.ip_id = snapshot->ip_id,
		.tcp_flags = snapshot->last_flags,
		.ttl = snapshot->ttl,
		.tos = snapshot->tos,
	};

	if (snapshot->packets)
		add(context, conn, incident, &note, false, text);
}

static void add_side(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	unsigned side, const char *text)
{
	const struct side *last = &conn->flow.side[side];
	struct side_snapshot snapshot = {
		.last_ns = last->last_ns,
		.last_frame = last->last_frame,
		.next = last->next,
		.acked = last->acked,
		.window = last->window,
		.ip_id = last->ip_id,
		.last_payload = last->last_payload,
		.ttl = last->ttl,
		.tos = last->tos,
		.last_flags = last->last_flags,
		.packets = last->packets,
	};

	add_standing(context, conn, incident, &snapshot, side, text);
}

static void add_outage(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct unacked_run *unacked, unsigned side)
{
	struct packet_note note = {
		.kind = PACKET_TCP,
		.side = (uint8_t)side,
		.sequence = unacked->start,
		.acknowledged = conn->flow.side[side].acked,
		.payload_bytes = unacked->end - unacked->start,
		.tcp_flags = TCP_ACK | (unacked->is_fin ? TCP_FIN : 0),
		.window = conn->flow.side[side].window,
		.ttl = conn->flow.side[side].ttl,
		.is_df = unacked->is_df,
	};
	unsigned before = incident->excerpt_count;

	note.time_ns = unacked->first_ns;
	note.frame = unacked->first_frame;
	add(context, conn, incident, &note, unacked->is_active,
		unacked->is_keepalive ? "keepalive probe"
				      : "sent again, no answer");
	note.time_ns = unacked->last_ns;
	note.frame = unacked->last_frame;
	add(context, conn, incident, &note, false,
		unacked->is_keepalive ? "the last probe"
				      : "sent again for the last time");
	for (unsigned i = before; i < incident->excerpt_count; i++)
		incident->excerpts[i].is_retransmission =
			!unacked->is_keepalive;
}

static int by_frame(const void *a, const void *b)
{
	const struct packet_excerpt *left = a, *right = b;

	return left->frame < right->frame ? -1 : left->frame > right->frame;
}

static void tell_reset(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct incident *incident)
{
	const struct evidence *evidence = conn->evidence;
	const struct reset *fatal = &evidence->resets[ending.reset];
	unsigned side = fatal->note.side;

	incident->time_ns = fatal->note.time_ns;
	add_standing(context, conn, incident, &fatal->before[side], side, NULL);
	add_standing(
		context, conn, incident, &fatal->before[!side], !side, NULL);
	add(context, conn, incident, &fatal->note, true, NULL);
	for (unsigned i = 0; i < evidence->reset_count; i++)
		if (i != ending.reset)
			add(context, conn, incident, &evidence->resets[i].note,
				false, NULL);
	for (unsigned i = 0; i < evidence->after_count; i++)
		add(context, conn, incident, &evidence->after[i], false,
			evidence->after[i].side == side
				? "the one said to have reset goes on"
				: NULL);
	if (fatal->text_bytes) {
		memcpy(incident->wire_text, fatal->text, fatal->text_bytes);
		incident->wire_text[fatal->text_bytes] = 0;
	}
	incident->pattern = injector_fingerprint_of(conn, ending.reset);
	incident->tampering_signature = injector_fingerprint_tampering(conn);
}

static void tell_quiet(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending, unsigned subject,
	struct incident *incident)
{
	const struct evidence *evidence = conn->evidence;
	const struct ssh_talk *talk = evidence ? evidence->ssh : NULL;

	add_side(context, conn, incident, !subject, NULL);
	add_side(context, conn, incident, subject, NULL);
	incident->time_ns = conn->flow.side[subject].last_ns;
	if (!evidence)
		return;
	if (ending.kind == ENDING_SIZE && evidence->recovered[subject].count)
		add_outage(context, conn, incident,
			&evidence->recovered[subject], subject);
	if (evidence->unacked[subject].is_active) {
		add_outage(context, conn, incident, &evidence->unacked[subject],
			subject);
		incident->time_ns = evidence->unacked[subject].first_ns;
	}
	for (unsigned i = 0; i < evidence->error_count; i++)
		add(context, conn, incident, &evidence->errors[i].note, i == 0,
			NULL);
	for (unsigned i = 0; i < incident->excerpt_count; i++)
		if (incident->excerpts[i].kind == PACKET_ICMP)
			for (unsigned j = 0; j < evidence->error_count; j++)
				if (flow_frame(context->frame,
					    evidence->errors[j].note.frame) ==
					incident->excerpts[i].frame)
					incident->excerpts[i].icmp_source =
						evidence->errors[j].from;
	if (talk && ending.kind == ENDING_SSH && !talk->has_banner[SSH_SERVER])
		memcpy(incident->wire_text, talk->text[SSH_SERVER],
			sizeof(talk->text[SSH_SERVER]));
}

void packet_excerpt_collect(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending, unsigned subject,
	struct incident *incident)
{
	if (ending.kind == ENDING_RESET)
		tell_reset(context, conn, ending, incident);
	else
		tell_quiet(context, conn, ending, subject, incident);
	if (conn->evidence && conn->evidence->ssh &&
		conn->evidence->ssh->refusal)
		memcpy(incident->wire_text,
			conn->evidence->ssh->text[SSH_SERVER],
			sizeof(conn->evidence->ssh->text[SSH_SERVER]));
	qsort(incident->excerpts, incident->excerpt_count,
		sizeof(incident->excerpts[0]), by_frame);
}

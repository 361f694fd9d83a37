#include "analysis/verdict/packet_excerpt.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/fact.h"
#include "analysis/verdict/facts_shape.h"
#include "analysis/verdict/injector_fingerprint.h"
#include "capture/sequence.h"

/* For unanswered packets: the last packets of both sides, recovered and
 * unrecovered losses, the ICMP errors, and the fatal packet if it is none of
 * these. A reset's own comes third. */
static_assert(2 + 2 * 2 + EVIDENCE_ERRORS + 1 <= INCIDENT_EXCERPTS,
	"the fatal packet has room");

/* The row of this packet; NULL when there is no packet, no room, or a row of
 * it already. */
static struct packet_excerpt *add(const struct verdict_context *context,
	struct incident *incident, uint32_t low_frame, const char *text)
{
	uint64_t frame = flow_frame(context->frame, low_frame);
	struct packet_excerpt *excerpt;

	if (frame == 0 || incident->excerpt_count == INCIDENT_EXCERPTS)
		return NULL;
	for (unsigned i = 0; i < incident->excerpt_count; i++)
		if (incident->excerpts[i].frame == frame)
			return NULL;
	excerpt = &incident->excerpts[incident->excerpt_count++];
	memset(excerpt, 0, sizeof(*excerpt));
	excerpt->frame = frame;
	excerpt->note = text;
	return excerpt;
}

static void add_summary(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct packet_summary *packet, unsigned side, const char *text)
{
	struct packet_excerpt *excerpt =
		add(context, incident, packet->frame, text);

	if (!excerpt)
		return;
	excerpt->time_ns = packet->time_ns;
	excerpt->kind = PACKET_TCP;
	excerpt->payload_bytes = packet->payload_bytes;
	excerpt->tcp_flags = packet->tcp_flags;
	excerpt->ttl = packet->ttl;
	excerpt->is_from_client = side == flow_client(&conn->flow);
}

static struct packet_excerpt *add_note(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct packet_note *note, const char *text)
{
	struct packet_excerpt *excerpt =
		add(context, incident, note->frame, text);

	if (!excerpt)
		return NULL;
	excerpt->time_ns = note->time_ns;
	excerpt->kind = note->kind;
	excerpt->payload_bytes = note->payload_bytes;
	excerpt->window = note->window;
	excerpt->tcp_flags = note->tcp_flags;
	excerpt->ip_id = note->ip_id;
	excerpt->ttl = note->ttl;
	excerpt->icmp_type = note->icmp_type;
	excerpt->icmp_code = note->icmp_code;
	excerpt->icmp_mtu = note->icmp_mtu;
	excerpt->is_from_client = note->side == flow_client(&conn->flow);
	excerpt->is_df = note->is_df;
	excerpt->has_options = note->options != 0;
	return excerpt;
}

static void add_error(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct packet_note *note, const struct address *from,
	const struct address *to)
{
	struct packet_excerpt *excerpt =
		add_note(context, conn, incident, note, NULL);

	if (!excerpt)
		return;
	excerpt->from = *from;
	excerpt->to = *to;
}

static void add_standing(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct side_snapshot *snapshot, unsigned side)
{
	struct packet_summary packet = {
		.time_ns = snapshot->last_ns,
		.frame = snapshot->last_frame,
		.payload_bytes = snapshot->last_payload,
		.tcp_flags = snapshot->last_flags,
		.ttl = snapshot->ttl,
	};

	add_summary(context, conn, incident, &packet, side, NULL);
}

static void add_side(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	unsigned side)
{
	const struct side *last = &conn->flow.side[side];
	struct packet_summary packet = {
		.time_ns = last->last_ns,
		.frame = last->last_frame,
		.payload_bytes = last->last_payload,
		.tcp_flags = last->last_flags,
		.ttl = last->ttl,
	};

	add_summary(context, conn, incident, &packet, side, NULL);
}

static void add_outage(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct unacked_run *unacked, unsigned side)
{
	add_summary(context, conn, incident, &unacked->first, side,
		unacked->is_keepalive ? "keepalive probe"
		: unacked->is_active  ? "retransmitted, unacknowledged"
				      : "sent again");
	add_summary(context, conn, incident, &unacked->last, side,
		unacked->is_keepalive ? "the last probe"
				      : "last retransmission");
}

/* Whatever is shown, the fatal packet is. */
static void add_fatal(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident,
	const struct fatal_packet *fatal)
{
	if (fatal->note.kind == PACKET_ICMP)
		add_error(context, conn, incident, &fatal->note, &fatal->from,
			&fatal->to);
	else
		(void)add_note(context, conn, incident, &fatal->note, NULL);
}

static int by_frame(const void *a, const void *b)
{
	const struct packet_excerpt *left = a, *right = b;

	return left->frame < right->frame ? -1 : left->frame > right->frame;
}

/* Of the side that the reset names, and new: late copies are no sign of life.
 */
static bool has_gone_on(const struct reset *reset,
	const struct packet_note *after, const struct facts *facts)
{
	unsigned side = reset->note.side;

	return after->side == side &&
	       (fact_holds(facts, FACT_SENDER_CONTINUED_AFTER_RESET) ||
		       (after->payload_bytes &&
			       !sequence_before(after->sequence,
				       reset->before[side].next)));
}

static void tell_reset(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	const struct fatal_packet *fatal, const struct facts *facts,
	struct incident *incident)
{
	const struct evidence *evidence = conn->evidence;
	const struct reset *reset = &evidence->resets[ending.reset];
	unsigned side = reset->note.side;
	size_t text_bytes = facts_shape_text(context->thresholds, reset);

	add_standing(context, conn, incident, &reset->before[side], side);
	add_standing(context, conn, incident, &reset->before[!side], !side);
	add_fatal(context, conn, incident, fatal);
	for (unsigned i = 0; i < evidence->reset_count; i++)
		(void)add_note(context, conn, incident,
			&evidence->resets[i].note, NULL);
	for (unsigned i = 0; i < evidence->after_count; i++)
		(void)add_note(context, conn, incident, &evidence->after[i],
			has_gone_on(reset, &evidence->after[i], facts)
				? "alleged sender of the reset keeps sending"
				: NULL);
	memcpy(incident->wire_text, reset->text, text_bytes);
	incident->pattern = injector_fingerprint_of(conn, ending.reset);
	incident->tampering_signature = injector_fingerprint_tampering(conn);
}

static void tell_quiet(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	const struct fatal_packet *fatal, struct incident *incident)
{
	unsigned subject = ending.side;
	const struct evidence *evidence = conn->evidence;
	const struct ssh_talk *talk = evidence ? evidence->ssh : NULL;

	if (evidence && ending.kind == ENDING_SIZE)
		add_outage(context, conn, incident,
			&evidence->recovered[subject], subject);
	if (evidence && evidence->unacked[subject].is_active)
		add_outage(context, conn, incident, &evidence->unacked[subject],
			subject);
	add_side(context, conn, incident, !subject);
	add_side(context, conn, incident, subject);
	for (unsigned i = 0; evidence && i < evidence->error_count; i++)
		add_error(context, conn, incident, &evidence->errors[i].note,
			&evidence->errors[i].from, &evidence->errors[i].to);
	add_fatal(context, conn, incident, fatal);
	if (talk && ending.kind == ENDING_SSH && !talk->has_banner[SSH_SERVER])
		memcpy(incident->wire_text, talk->text[SSH_SERVER],
			sizeof(talk->text[SSH_SERVER]));
}

void packet_excerpt_collect(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	const struct fatal_packet *fatal, const struct facts *facts,
	struct incident *incident)
{
	if (ending.kind == ENDING_RESET)
		tell_reset(context, conn, ending, fatal, facts, incident);
	else
		tell_quiet(context, conn, ending, fatal, incident);
	if (conn->evidence && conn->evidence->closing_message.app_message)
		memcpy(incident->wire_text,
			conn->evidence->closing_message.text,
			sizeof(conn->evidence->closing_message.text));
	if (conn->evidence && conn->evidence->ssh &&
		conn->evidence->ssh->has_disconnect)
		memcpy(incident->wire_text,
			conn->evidence->ssh->disconnect_text,
			sizeof(conn->evidence->ssh->disconnect_text));
	if (conn->evidence && conn->evidence->ssh &&
		conn->evidence->ssh->refusal)
		memcpy(incident->wire_text,
			conn->evidence->ssh->text[SSH_SERVER],
			sizeof(conn->evidence->ssh->text[SSH_SERVER]));
	qsort(incident->excerpts, incident->excerpt_count,
		sizeof(incident->excerpts[0]), by_frame);
}

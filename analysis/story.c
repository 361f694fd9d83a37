#include "analysis/story.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/judge.h"
#include "analysis/pattern.h"

static void add(const struct analysis *analysis, const struct record *record,
	struct incident *incident, const struct note *note, bool is_fatal,
	const char *text)
{
	const struct flow *flow = &record->flow;
	struct glimpse *glimpse;
	uint64_t frame = flow_frame(analysis->frame, note->frame);

	if (note->frame == 0 || incident->glimpse_count == INCIDENT_GLIMPSES)
		return;
	for (unsigned i = 0; i < incident->glimpse_count; i++)
		if (incident->glimpses[i].frame == frame)
			return;
	glimpse = &incident->glimpses[incident->glimpse_count++];
	memset(glimpse, 0, sizeof(*glimpse));
	glimpse->time_ns = note->time_ns;
	glimpse->frame = frame;
	glimpse->kind = note->kind;
	glimpse->sequence =
		note->sequence - flow->cold[note->side].first_sequence;
	glimpse->acknowledged = note->tcp_flags & TCP_ACK
		? note->acknowledged - flow->cold[!note->side].first_sequence
		: 0;
	glimpse->payload_bytes = note->payload_bytes;
	glimpse->window = note->window;
	glimpse->tcp_flags = note->tcp_flags;
	glimpse->ip_id = note->ip_id;
	glimpse->ttl = note->ttl;
	glimpse->tos = note->tos;
	glimpse->icmp_type = note->icmp_type;
	glimpse->icmp_code = note->icmp_code;
	glimpse->icmp_mtu = note->icmp_mtu;
	glimpse->is_from_client = note->side == flow_client(flow);
	glimpse->is_df = note->is_df;
	glimpse->has_options = note->options != 0;
	glimpse->is_fatal = is_fatal;
	glimpse->note = text;
}

static void add_standing(const struct analysis *analysis,
	const struct record *record, struct incident *incident,
	const struct standing *standing, unsigned side, const char *text)
{
	struct note note = {
		.time_ns = standing->last_ns,
		.frame = standing->last_frame,
		.kind = PACKET_TCP,
		.side = (uint8_t)side,
		.sequence = standing->next - standing->last_payload -
			!!(standing->last_flags & TCP_FIN) -
			!!(standing->last_flags & TCP_SYN),
		.acknowledged = standing->acked,
		.payload_bytes = standing->last_payload,
		.window = standing->window,
		.ip_id = standing->ip_id,
		.tcp_flags = standing->last_flags,
		.ttl = standing->ttl,
		.tos = standing->tos,
	};

	if (standing->packets)
		add(analysis, record, incident, &note, false, text);
}

static void add_side(const struct analysis *analysis,
	const struct record *record, struct incident *incident, unsigned side,
	const char *text)
{
	const struct side *last = &record->flow.side[side];
	struct standing standing = {
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

	add_standing(analysis, record, incident, &standing, side, text);
}

static void add_outage(const struct analysis *analysis,
	const struct record *record, struct incident *incident,
	const struct outage *outage, unsigned side)
{
	struct note note = {
		.kind = PACKET_TCP,
		.side = (uint8_t)side,
		.sequence = outage->start,
		.acknowledged = record->flow.side[side].acked,
		.payload_bytes = outage->end - outage->start,
		.tcp_flags = TCP_ACK | (outage->is_fin ? TCP_FIN : 0),
		.window = record->flow.side[side].window,
		.ttl = record->flow.side[side].ttl,
		.is_df = outage->is_df,
	};
	unsigned before = incident->glimpse_count;

	note.time_ns = outage->first_ns;
	note.frame = outage->first_frame;
	add(analysis, record, incident, &note, outage->is_active,
		outage->is_keepalive ? "keepalive probe"
				     : "sent again, no answer");
	note.time_ns = outage->last_ns;
	note.frame = outage->last_frame;
	add(analysis, record, incident, &note, false,
		outage->is_keepalive ? "the last probe"
				     : "sent again for the last time");
	for (unsigned i = before; i < incident->glimpse_count; i++)
		incident->glimpses[i].is_retransmission =
			!outage->is_keepalive;
}

static int by_frame(const void *a, const void *b)
{
	const struct glimpse *left = a, *right = b;

	return left->frame < right->frame ? -1 : left->frame > right->frame;
}

static void tell_reset(const struct analysis *analysis,
	const struct record *record, unsigned cluster,
	struct incident *incident)
{
	const struct dossier *dossier = record->dossier;
	const struct reset *fatal = &dossier->resets[cluster];
	unsigned side = fatal->note.side;

	incident->time_ns = fatal->note.time_ns;
	add_standing(analysis, record, incident, &fatal->before[side], side,
		NULL);
	add_standing(analysis, record, incident, &fatal->before[!side], !side,
		NULL);
	add(analysis, record, incident, &fatal->note, true, NULL);
	for (unsigned i = 0; i < dossier->reset_count; i++)
		if (i != cluster)
			add(analysis, record, incident,
				&dossier->resets[i].note, false, NULL);
	for (unsigned i = 0; i < dossier->after_count; i++)
		add(analysis, record, incident, &dossier->after[i], false,
			dossier->after[i].side == side
				? "the one said to have reset goes on"
				: NULL);
	if (fatal->text_bytes) {
		memcpy(incident->wire_text, fatal->text, fatal->text_bytes);
		incident->wire_text[fatal->text_bytes] = 0;
	}
	incident->pattern = pattern_of(record, cluster);
	incident->tampering_signature = tampering_of(record);
}

static void tell_quiet(const struct analysis *analysis,
	const struct record *record, unsigned cluster, unsigned subject,
	struct incident *incident)
{
	const struct dossier *dossier = record->dossier;
	const struct ssh_talk *talk = dossier ? dossier->ssh : NULL;

	add_side(analysis, record, incident, !subject, NULL);
	add_side(analysis, record, incident, subject, NULL);
	incident->time_ns = record->flow.side[subject].last_ns;
	if (!dossier)
		return;
	if (cluster == CLUSTER_MTU && dossier->repaired[subject].count)
		add_outage(analysis, record, incident,
			&dossier->repaired[subject], subject);
	if (dossier->outage[subject].is_active) {
		add_outage(analysis, record, incident,
			&dossier->outage[subject], subject);
		incident->time_ns = dossier->outage[subject].first_ns;
	}
	for (unsigned i = 0; i < dossier->error_count; i++)
		add(analysis, record, incident, &dossier->errors[i].note,
			i == 0, NULL);
	for (unsigned i = 0; i < incident->glimpse_count; i++)
		if (incident->glimpses[i].kind == PACKET_ICMP)
			for (unsigned j = 0; j < dossier->error_count; j++)
				if (flow_frame(analysis->frame,
					    dossier->errors[j].note.frame) ==
					incident->glimpses[i].frame)
					incident->glimpses[i].icmp_source =
						dossier->errors[j].from;
	if (talk && cluster == CLUSTER_SSH && !talk->has_banner[SSH_SERVER])
		memcpy(incident->wire_text, talk->text[SSH_SERVER],
			sizeof(talk->text[SSH_SERVER]));
}

void story_tell(const struct analysis *analysis, const struct record *record,
	unsigned cluster, unsigned subject, struct incident *incident)
{
	if (cluster < DOSSIER_RESETS)
		tell_reset(analysis, record, cluster, incident);
	else
		tell_quiet(analysis, record, cluster, subject, incident);
	if (record->dossier && record->dossier->ssh &&
		record->dossier->ssh->refusal)
		memcpy(incident->wire_text,
			record->dossier->ssh->text[SSH_SERVER],
			sizeof(record->dossier->ssh->text[SSH_SERVER]));
	qsort(incident->glimpses, incident->glimpse_count,
		sizeof(incident->glimpses[0]), by_frame);
}

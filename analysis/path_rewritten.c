/* What devices changed, from what routers quote of a handshake packet. A field
 * that is as sent at one hop and otherwise at the next, and at all after that,
 * was changed between the two: by the nearer of them on its way out, by a
 * device between, or by the farther before it looked. Named is the nearer. */
#include "analysis/path_state.h"

#include <stdio.h>
#include <string.h>

#include "capture/frame.h"
#include "capture/linktype.h"

enum field {
	FIELD_MSS,
	FIELD_DF,
	FIELD_DSCP,
	FIELD_TIMESTAMP,
	FIELD_SACK,
	FIELD_SCALE,
	FIELD_SEQUENCE,
	FIELD_WINDOW,
	FIELD_SOURCE,
	FIELD_COUNT,
};

static const char *const field_words[FIELD_COUNT] = {
	[FIELD_MSS] = "mss",
	[FIELD_DF] = "df",
	[FIELD_DSCP] = "dscp",
	[FIELD_TIMESTAMP] = "timestamps",
	[FIELD_SACK] = "sack-permitted",
	[FIELD_SCALE] = "window-scale",
	[FIELD_SEQUENCE] = "sequence",
	[FIELD_WINDOW] = "window",
	[FIELD_SOURCE] = "source",
};

void path_note_syn(struct path *path, const struct packet *packet)
{
	if (path->sent_syn_count == PATH_QUOTES)
		return;
	path->sent_syns[path->sent_syn_count++] = *packet;
}

static const struct packet *sent_syn(const struct path *path, uint64_t frame)
{
	for (unsigned i = 0; i < path->sent_syn_count; i++)
		if (path->sent_syns[i].frame == frame)
			return &path->sent_syns[i];
	return NULL;
}

/* The quote is an IP packet of its own and is decoded as one. */
void path_note_quote(struct path *path, const struct asked *asked,
	const struct packet *packet)
{
	struct seen_syn *quote;
	const struct packet *sent = sent_syn(path, asked->frame);
	struct frame frame = {
		.bytes = packet->payload,
		.captured_bytes = packet->payload_captured,
		.original_bytes = packet->payload_captured,
		.linktype = LINKTYPE_RAW,
	};

	if (!sent || path->quote_count == PATH_QUOTES || !packet->payload ||
		asked->ttl > PATH_TTL_MOST)
		return;
	quote = &path->quotes[path->quote_count];
	packet_decode(&frame, &quote->packet);
	if (quote->packet.kind != PACKET_TCP)
		return;
	quote->frame = packet->frame;
	quote->against = asked->frame;
	quote->ttl = asked->ttl;
	quote->is_whole = !(quote->packet.oddities &
		(ODD_SHORT | ODD_NO_OPTIONS_SEEN | ODD_TCP_HEADER |
			ODD_TCP_OPTIONS));
	quote->sent = *sent;
	/* Pointers into buffers that are used again. */
	quote->packet.payload = quote->sent.payload = NULL;
	path->quote_count++;
}

static bool is_option_field(enum field field)
{
	return field == FIELD_MSS || field == FIELD_TIMESTAMP ||
		field == FIELD_SACK || field == FIELD_SCALE ||
		field == FIELD_WINDOW;
}

static uint32_t option_value(const struct packet *packet, uint16_t option,
	uint32_t value)
{
	return (packet->options & option) ? value : UINT32_MAX;
}

/* UINT32_MAX stands for an option that is not there. */
static uint32_t value_of(const struct packet *packet, enum field field)
{
	switch (field) {
	case FIELD_MSS:
		return option_value(packet, OPTION_MSS, packet->mss);
	case FIELD_DF:
		return packet->is_df;
	case FIELD_DSCP:
		return packet->tos >> 2;
	case FIELD_TIMESTAMP:
		return option_value(packet, OPTION_TIMESTAMP,
			packet->timestamp_value);
	case FIELD_SACK:
		return option_value(packet, OPTION_SACK_PERMITTED, 1);
	case FIELD_SCALE:
		return option_value(packet, OPTION_WINDOW_SCALE,
			packet->window_scale);
	case FIELD_SEQUENCE:
		return packet->sequence;
	case FIELD_WINDOW:
		return packet->window;
	case FIELD_SOURCE:
		return packet->source_port;
	case FIELD_COUNT:
		break;
	}
	return 0;
}

static bool is_changed(const struct seen_syn *quote, enum field field)
{
	if (field == FIELD_SOURCE &&
		memcmp(&quote->packet.source, &quote->sent.source,
			sizeof(quote->sent.source)) != 0)
		return true;
	return value_of(&quote->packet, field) !=
		value_of(&quote->sent, field);
}

/* The quote of a hop that says something of the field, or NULL. */
static const struct seen_syn *quote_at(
	const struct path *path, unsigned ttl, enum field field)
{
	for (unsigned i = 0; i < path->quote_count; i++)
		if (path->quotes[i].ttl == ttl &&
			(path->quotes[i].is_whole || !is_option_field(field)))
			return &path->quotes[i];
	return NULL;
}

static void value_text(
	char text[FOUND_BYTES], const struct packet *packet, enum field field)
{
	uint32_t value = value_of(packet, field);

	if (value == UINT32_MAX && field != FIELD_SEQUENCE)
		(void)snprintf(text, FOUND_BYTES, "absent");
	else
		(void)snprintf(text, FOUND_BYTES, "%u", value);
}

static void add(struct path *path, enum field field,
	const struct seen_syn *quote, unsigned unchanged_ttl, bool is_confirmed)
{
	enum finding_kind kind = field == FIELD_MSS &&
			value_of(&quote->packet, field) != UINT32_MAX
		? FINDING_MSS_CLAMPED
		: field == FIELD_DF ? FINDING_DF_CLEARED
				    : FINDING_REWRITTEN;
	struct finding *finding = path_add(path, kind);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	finding->hop = (int)quote->ttl - 1;
	finding->direction = PATH_FORWARD;
	finding->grade = is_confirmed && unchanged_ttl + 1 == quote->ttl
		? GRADE_CERTAIN
		: GRADE_LIKELY;
	if (!is_confirmed)
		(void)snprintf(finding->other, sizeof(finding->other),
			"hop %u quotes wrongly: no hop behind it confirms it",
			quote->ttl);
	else if (unchanged_ttl + 1 != quote->ttl)
		(void)snprintf(finding->other, sizeof(finding->other),
			"a hop from %u on: those between do not quote enough",
			unchanged_ttl);
	if (kind == FINDING_REWRITTEN)
		finding->what = field_words[field];
	if (kind == FINDING_MSS_CLAMPED) {
		finding->sent = quote->sent.mss;
		finding->arrived = quote->packet.mss;
		(void)snprintf(finding->advice, sizeof(finding->advice),
			"Nothing, usually: a device there knows of a link of "
			"%u bytes behind it.",
			quote->packet.mss +
				(path->comment.family == 4 ? 40u : 60u));
	}
	value_text(found, &quote->packet, field);
	value_text(expected, &quote->sent, field);
	path_evidence(finding, "quoted-as-sent", TRUTH_NO, quote->frame,
		quote->against, found, expected);
}

static void judge_field(struct path *path, enum field field)
{
	unsigned unchanged_ttl = 0;
	const struct seen_syn *first = NULL;
	bool is_confirmed = false;

	for (unsigned ttl = 1; ttl <= PATH_TTL_MOST; ttl++) {
		const struct seen_syn *quote = quote_at(path, ttl, field);

		if (!quote)
			continue;
		if (!is_changed(quote, field)) {
			/* What comes back as sent was never changed: the one
			 * hop garbled its quote. */
			unchanged_ttl = ttl;
			first = NULL;
			is_confirmed = false;
		} else if (!first) {
			first = quote;
		} else {
			is_confirmed = true;
		}
	}
	if (first)
		add(path, field, first, unchanged_ttl, is_confirmed);
}

void path_judge_rewritten(struct path *path)
{
	if (!path_comment_has(&path->comment, "rewritten"))
		return;
	for (int field = 0; field < FIELD_COUNT; field++) {
		if (field == FIELD_DF && path->comment.family != 4)
			continue;
		judge_field(path, (enum field)field);
	}
}

#include "report/ladder.h"

#include <inttypes.h>
#include <string.h>

#include "report/clock.h"
#include "report/packet_text.h"

static bool has_device_as_sender(const struct packet_view *view)
{
	return view->incident && view->incident->sender == PARTY_MIDDLEBOX;
}

bool ladder_is_fatal(
	const struct ladder *ladder, const struct flow_packet *packet)
{
	const struct incident *incident = ladder->view->incident;

	return incident && packet->packet.frame == incident->frame;
}

/* One of the resets that the verdict is about, the fatal one being the first:
 * see incident_same_distance. */
static bool is_of_train(
	const struct ladder *ladder, const struct flow_packet *packet)
{
	const struct incident *incident = ladder->view->incident;
	bool is_from_client = packet->speaker == SPEAKER_CLIENT;

	if (!(packet->packet.tcp_flags & TCP_RST))
		return false;
	for (unsigned i = 0; i < incident->excerpt_count; i++) {
		const struct packet_excerpt *fatal = &incident->excerpts[i];

		if (fatal->frame == incident->frame &&
			fatal->tcp_flags & TCP_RST &&
			fatal->is_from_client == is_from_client)
			return incident_same_distance(
				fatal->ttl, packet->packet.ttl);
	}
	return false;
}

static bool is_error_of_path(const struct flow_packet *packet)
{
	return packet->speaker == SPEAKER_TO_CLIENT ||
	       packet->speaker == SPEAKER_TO_SERVER;
}

static bool has_address(
	const struct ladder_device *device, const struct address *address)
{
	return device->has_address &&
	       memcmp(&device->address, address, sizeof(*address)) == 0;
}

int ladder_device(const struct ladder *ladder, const struct flow_packet *packet)
{
	if (has_device_as_sender(ladder->view) &&
		(ladder_is_fatal(ladder, packet) ||
			is_of_train(ladder, packet)))
		return 0;
	if (!is_error_of_path(packet))
		return LADDER_ENDPOINT;
	for (unsigned i = 0; i < ladder->device_count; i++)
		if (has_address(&ladder->devices[i], &packet->packet.source))
			return (int)i;
	return LADDER_DEVICES - 1;
}

static void add_router(struct ladder *ladder, const struct address *address)
{
	for (unsigned i = 0; i < ladder->device_count; i++)
		if (has_address(&ladder->devices[i], address))
			return;
	if (ladder->device_count == LADDER_DEVICES)
		return;
	struct ladder_device *added = &ladder->devices[ladder->device_count++];
	if (ladder->device_count < LADDER_DEVICES)
		*added = (struct ladder_device){
			.has_address = true, .address = *address};
}

void ladder_begin(struct ladder *ladder, const struct packet_view *view)
{
	*ladder = (struct ladder){.view = view};
	ladder->count = flow_packets_list(view->packets, ladder->list);
	ladder_marks_make(&ladder->marks, ladder->list, ladder->count);
	if (has_device_as_sender(view)) {
		struct ladder_device *sender = &ladder->devices[0];

		ladder->device_count = 1;
		sender->hop = view->incident->hop;
		for (unsigned i = 0; i < ladder->count; i++)
			if (ladder_is_fatal(ladder, ladder->list[i]) &&
				is_error_of_path(ladder->list[i])) {
				sender->has_address = true;
				sender->address =
					ladder->list[i]->packet.source;
			}
	}
	for (unsigned i = 0; i < ladder->count; i++)
		if (is_error_of_path(ladder->list[i]) &&
			!(has_device_as_sender(view) &&
				ladder_is_fatal(ladder, ladder->list[i])))
			add_router(ladder, &ladder->list[i]->packet.source);
}

static unsigned place_of(
	const struct ladder *ladder, const struct flow_packet *packet)
{
	unsigned place = 0;

	while (place + 1 < ladder->count && ladder->list[place] != packet)
		place++;
	return place;
}

bool ladder_is_lost(
	const struct ladder *ladder, const struct flow_packet *packet)
{
	return ladder_device(ladder, packet) == LADDER_ENDPOINT &&
	       ladder->marks.of[place_of(ladder, packet)] &
		       (MARK_LOST | MARK_UNANSWERED);
}

bool ladder_is_rightward(const struct flow_packet *packet)
{
	return packet->speaker == SPEAKER_CLIENT ||
	       packet->speaker == SPEAKER_TO_SERVER;
}

const char *ladder_device_name(
	char text[LADDER_NAME], const struct ladder *ladder, unsigned device)
{
	if (ladder->devices[device].hop != 0)
		(void)snprintf(text, LADDER_NAME, "hop %u",
			ladder->devices[device].hop);
	else
		(void)strcpy(text, device == LADDER_DEVICES - 1
					   ? "other devices"
					   : "on the path");
	return text;
}

const char *ladder_label(
	char label[LADDER_LABEL], const struct flow_packet *packet)
{
	const struct packet *p = &packet->packet;
	char text[FLAGS_TEXT];

	if (p->kind == PACKET_ICMP) {
		/* The rail has no room for its name; the note says it. */
		(void)snprintf(label, LADDER_LABEL, "%s %u/%u",
			p->family == 6 ? "ICMPv6" : "ICMP", p->icmp_type,
			p->icmp_code);
		return label;
	}
	(void)tcp_flags_text(text, p->tcp_flags);
	if (p->payload_bytes > 0)
		(void)snprintf(
			label, LADDER_LABEL, "%s %u", text, p->payload_bytes);
	else
		(void)snprintf(label, LADDER_LABEL, "%s", text);
	return label;
}

static void add(char note[LADDER_NOTE], const char *part)
{
	size_t length = strlen(note);

	(void)snprintf(note + length, LADDER_NOTE - length, "%s%s",
		length > 0 ? "; " : "", part);
}

static void add_verdict(char note[LADDER_NOTE], const struct incident *incident)
{
	bool is_sent = incident->sender != PARTY_NONE;
	char part[128];

	(void)snprintf(part, sizeof(part), "%s%s%s (%s)",
		mechanism_word(incident->mechanism),
		is_sent ? ", sent by " : "",
		is_sent ? party_word(incident->sender) : "",
		grade_word(incident->grade));
	add(note, part);
}

static bool has_excerpt_note(const struct ladder *ladder, uint64_t frame)
{
	const struct incident *incident = ladder->view->incident;

	for (unsigned i = 0; incident && i < incident->excerpt_count; i++)
		if (incident->excerpts[i].frame == frame &&
			incident->excerpts[i].note)
			return true;
	return false;
}

/* What it is besides, in a word each. */
static void add_marks(char note[LADDER_NOTE], const struct ladder *ladder,
	const struct flow_packet *packet)
{
	unsigned place = place_of(ladder, packet);
	uint8_t marks = ladder->marks.of[place];
	char part[COUNT_TEXT + 32], count[COUNT_TEXT];

	if (has_excerpt_note(ladder, packet->packet.frame)) /* says the same */
		marks &= (uint8_t) ~(MARK_SENT_AGAIN | MARK_UNANSWERED);
	if (marks & MARK_SENT_AGAIN)
		add(note, "retransmission");
	if (marks & MARK_KEEPALIVE)
		add(note, "keepalive");
	if (marks & MARK_LOST)
		add(note, "lost");
	if (marks & MARK_UNANSWERED)
		add(note, "unacknowledged");
	if (!(marks & MARK_HOLE))
		return;
	(void)snprintf(part, sizeof(part), "SACK, hole of %s bytes",
		count_text(count, ladder->marks.hole_bytes[place]));
	add(note, part);
}

/* The incident's facts about this packet. */
static void add_facts(char note[LADDER_NOTE], const struct ladder *ladder,
	struct footnotes *footnotes, uint64_t frame)
{
	enum { FEW_FACTS = 3 };
	const struct incident *incident = ladder->view->incident;
	unsigned most = ladder->view->style->verbosity > 0 ? INCIDENT_EVIDENCE
							   : FEW_FACTS;

	for (unsigned i = 0; i < incident->excerpt_count; i++)
		if (incident->excerpts[i].frame == frame &&
			incident->excerpts[i].note)
			add(note, incident->excerpts[i].note);
	for (unsigned i = 0; i < incident->evidence_count && most > 0; i++)
		if (incident->evidence[i].frame == frame &&
			incident->evidence[i].holds != TRUTH_UNKNOWN) {
			footnotes_mark(footnotes, &incident->evidence[i], note,
				LADDER_NOTE);
			most--;
		}
}

const char *ladder_note(char note[LADDER_NOTE], const struct ladder *ladder,
	struct footnotes *footnotes, const struct flow_packet *packet)
{
	const struct packet *p = &packet->packet;
	char part[ICMP_TEXT + 64];

	(void)snprintf(note, LADDER_NOTE, "ttl %u", p->ttl);
	if (p->kind == PACKET_ICMP) {
		add(note, icmp_text(part, p->family, p->icmp_type, p->icmp_code,
				  p->icmp_mtu));
	} else if (ladder->view->style->verbosity > 0) {
		(void)snprintf(part, sizeof(part),
			"seq %u, ack %u, window %u, ip id %u%s", p->sequence,
			p->acknowledged, p->window, p->ip_id,
			p->is_df ? ", DF" : "");
		add(note, part);
	}
	add_marks(note, ladder, packet);
	if (ladder_is_fatal(ladder, packet))
		add_verdict(note, ladder->view->incident);
	if (ladder->view->incident)
		add_facts(note, ladder, footnotes, p->frame);
	return note;
}

const char *ladder_gap(char text[LADDER_GAP], bool *is_silence,
	const struct flow_packet *before, const struct flow_packet *after)
{
	enum { SILENCE_NS = 1000000000 };
	uint64_t skipped = after->ordinal - before->ordinal - 1;
	char count[COUNT_TEXT], duration[DURATION_TEXT];

	text[0] = '\0';
	*is_silence = false;
	if (skipped > 0) {
		(void)snprintf(text, LADDER_GAP, "… %s packets …",
			count_text(count, skipped));
		return text;
	}
	if (before->packet.time_ns == INT64_MIN ||
		after->packet.time_ns == INT64_MIN)
		return text;
	int64_t gap_ns = after->packet.time_ns - before->packet.time_ns;
	if (gap_ns < SILENCE_NS)
		return text;
	*is_silence = true;
	(void)snprintf(text, LADDER_GAP, "%s without packets",
		duration_text(duration, gap_ns));
	return text;
}

const char *ladder_time(char text[LADDER_TIME], const struct ladder *ladder,
	const struct flow_packet *packet)
{
	int64_t time_ns = packet->packet.time_ns;
	int64_t origin_ns = ladder->list[0]->packet.time_ns;
	enum times times = ladder->view->style->times;
	struct layout layout = {NULL, ladder->view->style, origin_ns};
	char clock[CLOCK_TEXT];

	text[0] = '\0';
	if (time_ns != INT64_MIN &&
		(times == TIMES_UTC || times == TIMES_LOCAL))
		(void)snprintf(text, LADDER_TIME, "%.*s", LADDER_TIME - 1,
			packet_clock_text(clock, &layout, time_ns));
	else if (time_ns != INT64_MIN && origin_ns != INT64_MIN)
		(void)snprintf(text, LADDER_TIME, "%+.6f",
			(double)(time_ns - origin_ns) / 1e9);
	return text;
}

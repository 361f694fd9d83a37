#include "report/seq_diagram.h"

#include <inttypes.h>
#include <string.h>

#include "report/footnotes.h"
#include "report/incident_text.h"
#include "report/layout.h"
#include "report/packet_text.h"

/* Columns between the two rails, and from the left one to the middle. */
enum { RUNGS = 44, MIDDLE = RUNGS / 2, LABEL_BYTES = 96, NOTE_BYTES = 2048 };

static const char line_character[] = "─";

/* The column in the middle: a hop that sends packets, or none. */
static bool has_middle(const struct packet_view *ladder)
{
	const struct flow_packet *list[FLOW_PACKETS_MAX];
	unsigned count = flow_packets_list(ladder->packets, list);

	if (ladder->incident && ladder->incident->sender == PARTY_MIDDLEBOX)
		return true;
	for (unsigned i = 0; i < count; i++)
		if (list[i]->speaker == SPEAKER_TO_CLIENT ||
			list[i]->speaker == SPEAKER_TO_SERVER)
			return true;
	return false;
}

static bool is_fatal(
	const struct packet_view *ladder, const struct flow_packet *packet)
{
	return ladder->incident &&
	       packet->packet.frame == ladder->incident->frame;
}

/* One of the resets that the verdict is about, the fatal one being the first:
 * see incident_same_distance. */
static bool is_of_train(
	const struct packet_view *ladder, const struct flow_packet *packet)
{
	const struct incident *incident = ladder->incident;
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

/* True for a packet that the device in the middle sent, with any source
 * address. */
static bool is_from_middle(
	const struct packet_view *ladder, const struct flow_packet *packet)
{
	if (packet->speaker == SPEAKER_TO_CLIENT ||
		packet->speaker == SPEAKER_TO_SERVER)
		return true;
	return ladder->incident &&
	       ladder->incident->sender == PARTY_MIDDLEBOX &&
	       (is_fatal(ladder, packet) || is_of_train(ladder, packet));
}

static void rule(FILE *out, int columns, int crossing)
{
	for (int i = 0; i < columns; i++)
		(void)fputs(i == crossing ? "┼" : line_character, out);
}

static void blank(FILE *out, int columns, int crossing)
{
	for (int i = 0; i < columns; i++)
		(void)fputs(i == crossing ? "│" : " ", out);
}

/* An arrow of `columns`, its label near the tail. `crossing` is the column at
 * which a rail is crossed, or below 0. */
static void arrow(const struct layout *layout, enum ink ink, bool is_rightward,
	const char *label, int columns, int crossing)
{
	FILE *out = layout->out;
	int label_columns = (int)layout_columns(label) + 2;
	int shaft = columns - label_columns - 2; /* tail and head */

	if (is_rightward) {
		(void)fputs(line_character, out);
		(void)fputc(' ', out);
		layout_text(layout, ink, label);
		(void)fputc(' ', out);
		rule(out, shaft, crossing - 1 - label_columns);
		(void)fputs("▶", out);
		return;
	}
	(void)fputs("◀", out);
	rule(out, shaft, crossing - 1);
	(void)fputc(' ', out);
	layout_text(layout, ink, label);
	(void)fputc(' ', out);
	(void)fputs(line_character, out);
}

static void label_of(char label[LABEL_BYTES], const struct flow_packet *packet)
{
	const struct packet *p = &packet->packet;
	char text[ICMP_TEXT > FLAGS_TEXT ? ICMP_TEXT : FLAGS_TEXT];

	if (p->kind == PACKET_ICMP) {
		/* The rail has no room for its name; the note says it. */
		(void)snprintf(label, LABEL_BYTES, "%s %u/%u",
			p->family == 6 ? "ICMPv6" : "ICMP", p->icmp_type,
			p->icmp_code);
		return;
	}
	(void)tcp_flags_text(text, p->tcp_flags);
	if (p->payload_bytes > 0)
		(void)snprintf(
			label, LABEL_BYTES, "%s %u", text, p->payload_bytes);
	else
		(void)snprintf(label, LABEL_BYTES, "%s", text);
}

static void rung(const struct layout *layout, const struct packet_view *ladder,
	const struct flow_packet *packet, bool is_with_middle)
{
	FILE *out = layout->out;
	char label[LABEL_BYTES];
	enum ink ink = is_fatal(ladder, packet) ? INK_BAD : INK_PLAIN;
	bool is_rightward = packet->speaker == SPEAKER_CLIENT ||
			    packet->speaker == SPEAKER_TO_SERVER;

	label_of(label, packet);
	(void)fputs("│ ", out);
	if (!is_from_middle(ladder, packet)) {
		arrow(layout, ink, is_rightward, label, RUNGS,
			is_with_middle ? MIDDLE : -1);
	} else if (is_rightward) {
		blank(out, MIDDLE, -1);
		(void)fputs("├ ", out);
		arrow(layout, ink, true, label, RUNGS - MIDDLE - 2, -1);
	} else {
		arrow(layout, ink, false, label, MIDDLE - 1, -1);
		(void)fputs(" ┤", out);
		blank(out, RUNGS - MIDDLE - 1, -1);
	}
	(void)fputs(" │", out);
}

static void add(char note[NOTE_BYTES], const char *part)
{
	size_t length = strlen(note);

	(void)snprintf(note + length, NOTE_BYTES - length, "%s%s",
		length > 0 ? "; " : "", part);
}

/* The incident's facts about this packet. */
static void add_verdict(char note[NOTE_BYTES], struct footnotes *footnotes,
	const struct packet_view *ladder, const struct flow_packet *packet,
	const struct style *style)
{
	enum { FEW_FACTS = 3 };
	unsigned most = style->verbosity > 0 ? INCIDENT_EVIDENCE : FEW_FACTS;
	const struct incident *incident = ladder->incident;
	uint64_t frame = packet->packet.frame;

	if (!incident)
		return;
	if (is_fatal(ladder, packet)) {
		char part[128];

		bool is_sent = incident->sender != PARTY_NONE;

		(void)snprintf(part, sizeof(part), "%s%s%s (%s)",
			mechanism_word(incident->mechanism),
			is_sent ? ", sent by " : "",
			is_sent ? party_word(incident->sender) : "",
			grade_word(incident->grade));
		add(note, part);
	}
	for (unsigned i = 0; i < incident->excerpt_count; i++)
		if (incident->excerpts[i].frame == frame &&
			incident->excerpts[i].note)
			add(note, incident->excerpts[i].note);
	for (unsigned i = 0; i < incident->evidence_count && most > 0; i++)
		if (incident->evidence[i].frame == frame &&
			incident->evidence[i].holds != TRUTH_UNKNOWN) {
			footnotes_mark(footnotes, &incident->evidence[i], note,
				NOTE_BYTES);
			most--;
		}
}

static void note_of(char note[NOTE_BYTES], struct footnotes *footnotes,
	const struct packet_view *ladder, const struct flow_packet *packet,
	const struct style *style)
{
	const struct packet *p = &packet->packet;
	char part[ICMP_TEXT + 64];

	(void)snprintf(note, NOTE_BYTES, "ttl %u", p->ttl);
	if (p->kind == PACKET_ICMP) {
		char text[ICMP_TEXT];

		add(note, icmp_text(text, p->family, p->icmp_type, p->icmp_code,
				  p->icmp_mtu));
	} else if (style->verbosity > 0) {
		(void)snprintf(part, sizeof(part),
			"seq %u, ack %u, window %u, ip id %u%s", p->sequence,
			p->acknowledged, p->window, p->ip_id,
			p->is_df ? ", DF" : "");
		add(note, part);
	}
	add_verdict(note, footnotes, ladder, packet, style);
}

static void headings(const struct layout *layout,
	const struct packet_view *ladder, unsigned frame_columns,
	bool is_with_middle)
{
	char middle[24] = "", flow[FLOW_TEXT];
	unsigned hop = ladder->incident ? ladder->incident->hop : 0;

	if (!ladder->incident) {
		layout_text(layout, INK_STRONG,
			flow_text(flow, &ladder->packets->follower.flow));
		(void)fputc('\n', layout->out);
	} else {
		struct incident_block block = {.source = ladder->source,
			.incident = ladder->incident,
			.members = 1};

		incident_headline(layout, &block);
		incident_sentence(layout, ladder->incident);
	}
	(void)fputc('\n', layout->out);
	if (is_with_middle && ladder->incident &&
		ladder->incident->sender == PARTY_MIDDLEBOX && hop != 0)
		(void)snprintf(middle, sizeof(middle), "hop %u", hop);
	else if (is_with_middle)
		(void)snprintf(middle, sizeof(middle), "on the path");
	int half = (int)strlen(middle) / 2;
	(void)fprintf(layout->out, "%*sclient%*s%s%*sserver\n",
		(int)frame_columns, "", MIDDLE - 4 - half, "", middle,
		RUNGS - MIDDLE - 2 - ((int)strlen(middle) - half), "");
}

/* A row without an arrow: the gap between two packets. */
static void between(const struct layout *layout, unsigned frame_columns,
	bool is_with_middle, enum ink ink, const char *text)
{
	layout_space(layout, frame_columns + 2);
	(void)fputs("│ ", layout->out);
	blank(layout->out, RUNGS, is_with_middle ? MIDDLE : -1);
	(void)fputs(" │  ", layout->out);
	layout_text(layout, ink, text);
	(void)fputc('\n', layout->out);
}

static void gap_rows(const struct layout *layout,
	const struct flow_packet *before, const struct flow_packet *after,
	unsigned frame_columns, bool is_with_middle)
{
	enum { SILENCE_NS = 1000000000 };
	uint64_t skipped = after->ordinal - before->ordinal - 1;
	char text[COUNT_TEXT + 64], count[COUNT_TEXT], duration[DURATION_TEXT];

	if (skipped > 0) {
		(void)snprintf(text, sizeof(text), "… %s packets …",
			count_text(count, skipped));
		between(layout, frame_columns, is_with_middle, INK_FAINT, text);
		return;
	}
	if (before->packet.time_ns == INT64_MIN ||
		after->packet.time_ns == INT64_MIN)
		return;
	int64_t gap_ns = after->packet.time_ns - before->packet.time_ns;
	if (gap_ns < SILENCE_NS)
		return;
	(void)snprintf(text, sizeof(text), "%s without packets",
		duration_text(duration, gap_ns));
	between(layout, frame_columns, is_with_middle, INK_DOUBT, text);
}

static void packet_row(const struct layout *layout,
	struct footnotes *footnotes, const struct packet_view *ladder,
	const struct flow_packet *packet, int64_t origin_ns,
	unsigned frame_columns, bool is_with_middle)
{
	char frame[32], time[32] = "", note[NOTE_BYTES];
	bool is_marked = is_fatal(ladder, packet);
	int64_t time_ns = packet->packet.time_ns;

	(void)snprintf(frame, sizeof(frame), "#%" PRIu64,
		report_frame(ladder->source, packet->packet.frame));
	(void)fprintf(layout->out, "%s%-*s ", is_marked ? "> " : "  ",
		(int)frame_columns - 1, frame);
	rung(layout, ladder, packet, is_with_middle);
	if (time_ns != INT64_MIN && origin_ns != INT64_MIN)
		(void)snprintf(time, sizeof(time), "%+.6f",
			(double)(time_ns - origin_ns) / 1e9);
	(void)fprintf(layout->out, " %12s  ", time);
	note_of(note, footnotes, ladder, packet, layout->style);
	unsigned at = 2 + frame_columns + 2 + RUNGS + 2 + 15;
	if (at + 24 > layout->style->columns) {
		/* No room beside the diagram for more than a few words. */
		const unsigned few = 8;

		if (layout_columns(note) <= few) {
			layout_text(layout, INK_PLAIN, note);
			(void)fputc('\n', layout->out);
			return;
		}
		(void)fputc('\n', layout->out);
		at = 0;
		layout_wrap(layout, at, frame_columns + 6,
			is_marked ? INK_BAD : INK_PLAIN, note);
		return;
	}
	layout_wrap(layout, at, at, is_marked ? INK_BAD : INK_PLAIN, note);
}

void seq_diagram_print(const struct packet_view *view)
{
	struct layout layout = {view->out, view->style, INT64_MIN};
	const struct flow_packet *list[FLOW_PACKETS_MAX];
	unsigned count = flow_packets_list(view->packets, list);
	bool is_with_middle = has_middle(view);
	struct footnotes footnotes = {0};
	unsigned frame_columns = 2;

	for (unsigned i = 0; i < count; i++) {
		char frame[32];
		unsigned columns = (unsigned)snprintf(frame, sizeof(frame),
			"#%" PRIu64 " ",
			report_frame(view->source, list[i]->packet.frame));

		if (columns > frame_columns)
			frame_columns = columns;
	}
	headings(&layout, view, frame_columns, is_with_middle);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			gap_rows(&layout, list[i - 1], list[i], frame_columns,
				is_with_middle);
		packet_row(&layout, &footnotes, view, list[i],
			list[0]->packet.time_ns, frame_columns, is_with_middle);
	}
	if (count == 0)
		layout_wrap(&layout, 0, 0, INK_DOUBT,
			"No packet of this connection is in the capture.");
	footnotes_print(&layout, view->source, &footnotes);
}

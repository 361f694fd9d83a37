#include "report/seq_diagram_svg.h"

#include <inttypes.h>
#include <string.h>

#include "report/address_text.h"
#include "report/incident_text.h"
#include "report/ladder.h"
#include "report/picture_head.h"
#include "report/svg.h"

enum {
	LANES = LADDER_DEVICES + 2,
	LEAST_DISTANCE = 190, /* of two lanes, pixels */
	SPACE = 24,	      /* between columns */
	ROW = 34,	      /* the least height of a packet's row */
	ARROW_AT = 22,	      /* in the row */
	BASE_LINE = 4,	      /* of the text beside an arrow, below it */
	NOTE_COLUMNS = 60,
	HEAD_TEXT = ENDPOINT_TEXT,
	FRAME_TEXT = 32,
};

struct drawn_lane {
	char name[LADDER_NAME], head[HEAD_TEXT];
	int x;
};

struct picture {
	struct svg svg;
	const struct ladder *ladder;
	struct footnotes footnotes;
	/* the client's, devices', the server's */
	struct drawn_lane lanes[LANES];
	unsigned lane_count;
	int time_end, note_start; /* columns, beside that of frames */
	int y;			  /* where the next row begins */
};

static int greater(int one, int other)
{
	return one > other ? one : other;
}

/* "> #9": marked in words as well */
static const char *frame_text(char text[FRAME_TEXT],
	const struct ladder *ladder, const struct flow_packet *packet)
{
	(void)snprintf(text, FRAME_TEXT, "%s#%" PRIu64,
		ladder_is_fatal(ladder, packet) ? "> " : "",
		report_frame(ladder->view->source, packet->packet.frame));
	return text;
}

static void name_lanes(struct picture *picture)
{
	const struct ladder *ladder = picture->ladder;
	const struct flow_name *flow = &ladder->view->packets->follower.flow;
	struct drawn_lane *lane = picture->lanes;

	(void)strcpy(lane->name, "client");
	endpoint_text(lane->head, &flow->client, flow->family);
	for (unsigned i = 0; i < ladder->device_count; i++) {
		const struct ladder_device *device = &ladder->devices[i];

		lane++;
		(void)ladder_device_name(lane->name, ladder, i);
		if (device->has_address)
			address_text(
				lane->head, &device->address, flow->family);
		else
			(void)strcpy(lane->head, "device");
	}
	lane++;
	(void)strcpy(lane->name, "server");
	endpoint_text(lane->head, &flow->server, flow->family);
	picture->lane_count = ladder->device_count + 2;
}

static int lane_width(const struct drawn_lane *lane)
{
	return greater(svg_text_width(SVG_STRONG, lane->name),
		svg_text_width(SVG_FAINT, lane->head));
}

/* Between two lanes, so that heads and labels have room. */
static int lane_distance(const struct picture *picture)
{
	const struct ladder *ladder = picture->ladder;
	int distance = LEAST_DISTANCE;
	char label[LADDER_LABEL];

	for (unsigned i = 1; i < picture->lane_count; i++)
		distance = greater(
			distance, (lane_width(&picture->lanes[i - 1]) +
					  lane_width(&picture->lanes[i])) /
						  2 +
					  SPACE);
	for (unsigned i = 0; i < ladder->count; i++)
		distance = greater(distance,
			svg_text_width(
				SVG_BAD, ladder_label(label, ladder->list[i])) +
				2 * SPACE);
	return distance;
}

static void place_columns(struct picture *picture)
{
	const struct ladder *ladder = picture->ladder;
	char frame[FRAME_TEXT], time[LADDER_TIME];
	int frames = 0, times = 0;

	for (unsigned i = 0; i < ladder->count; i++) {
		(void)frame_text(frame, ladder, ladder->list[i]);
		(void)ladder_time(time, ladder, ladder->list[i]);
		frames = greater(frames, svg_text_width(SVG_BAD, frame));
		times = greater(times, svg_text_width(SVG_FAINT, time));
	}
	picture->time_end = SVG_MARGIN + frames + SPACE + times;
	name_lanes(picture);
	int distance = lane_distance(picture);
	int x = greater(picture->time_end + SPACE,
		SVG_MARGIN + lane_width(&picture->lanes[0]) / 2);
	for (unsigned i = 0; i < picture->lane_count; i++)
		picture->lanes[i].x = x + (int)i * distance;
	picture->note_start = picture->lanes[picture->lane_count - 1].x + SPACE;
}

static void heading(struct picture *picture)
{
	picture->y = picture_head(&picture->svg, picture->ladder->view);
	picture->y += SVG_LINE / 2;
	for (unsigned i = 0; i < picture->lane_count; i++) {
		const struct drawn_lane *lane = &picture->lanes[i];

		svg_text(&picture->svg, lane->x, picture->y, SVG_MIDDLE,
			SVG_STRONG, lane->name);
		svg_text(&picture->svg, lane->x, picture->y + SVG_LINE,
			SVG_MIDDLE, SVG_FAINT, lane->head);
	}
	picture->y += SVG_LINE + SVG_LINE / 2;
}

static void rails(struct picture *picture, int height, bool is_dashed)
{
	for (unsigned i = 0; i < picture->lane_count; i++)
		svg_vertical(&picture->svg, picture->lanes[i].x, picture->y,
			picture->y + height, is_dashed);
}

/* What lies between two packets, as a row of its own. */
static void gap_row(struct picture *picture, unsigned place)
{
	const struct ladder *ladder = picture->ladder;
	const struct drawn_lane *last =
		&picture->lanes[picture->lane_count - 1];
	int center = (picture->lanes[0].x + last->x) / 2;
	char text[LADDER_GAP];
	bool is_silence;

	(void)ladder_gap(text, &is_silence, ladder->list[place - 1],
		ladder->list[place]);
	if (!text[0])
		return;
	int width = svg_text_width(SVG_DOUBT, text);
	rails(picture, ROW, true);
	svg_clear(&picture->svg, center - width / 2, picture->y + 6, width,
		ROW - 12);
	svg_text(&picture->svg, center, picture->y + ARROW_AT, SVG_MIDDLE,
		is_silence ? SVG_DOUBT : SVG_FAINT, text);
	picture->y += ROW;
}

static void packet_arrow(struct picture *picture,
	const struct flow_packet *packet, enum svg_ink ink, int y)
{
	enum { LABEL_AT = 12, LABEL_RISE = 6 };
	const struct ladder *ladder = picture->ladder;
	bool is_rightward = ladder_is_rightward(packet);
	int device = ladder_device(ladder, packet);
	unsigned last = picture->lane_count - 1;
	unsigned from = device != LADDER_ENDPOINT ? 1 + (unsigned)device
			: is_rightward		  ? 0
						  : last;
	unsigned next = is_rightward ? 1 : last - 1;
	int from_x = picture->lanes[from].x;
	char label[LADDER_LABEL];

	if (ladder_is_lost(ladder, packet)) /* before the next lane */
		svg_lost_arrow(&picture->svg, ink, from_x,
			(from_x + picture->lanes[next].x) / 2, y);
	else
		svg_arrow(&picture->svg, ink, from_x,
			picture->lanes[is_rightward ? last : 0].x, y);
	svg_text(&picture->svg, from_x + (is_rightward ? LABEL_AT : -LABEL_AT),
		y - LABEL_RISE, is_rightward ? SVG_START : SVG_END, ink,
		ladder_label(label, packet));
}

/* Lines of a note that was wrapped by svg_paragraph. */
static int note_height(const char *note)
{
	struct svg measured = {0};

	return svg_paragraph(&measured, 0, 0, NOTE_COLUMNS, SVG_BAD, note);
}

static void packet_row(
	struct picture *picture, const struct flow_packet *packet)
{
	const struct ladder *ladder = picture->ladder;
	bool is_fatal = ladder_is_fatal(ladder, packet);
	enum svg_ink ink = is_fatal ? SVG_BAD : SVG_PLAIN;
	char frame[FRAME_TEXT], time[LADDER_TIME], note[LADDER_NOTE];
	int arrow_y = picture->y + ARROW_AT, text_y = arrow_y + BASE_LINE;

	(void)ladder_note(note, ladder, &picture->footnotes, packet);
	int height = greater(
		ROW, ARROW_AT - SVG_LINE / 2 + BASE_LINE + note_height(note));
	if (is_fatal)
		svg_band(&picture->svg, picture->y, height);
	rails(picture, height, false);
	svg_text(&picture->svg, SVG_MARGIN, text_y, SVG_START,
		is_fatal ? SVG_BAD : SVG_FAINT,
		frame_text(frame, ladder, packet));
	svg_text(&picture->svg, picture->time_end, text_y, SVG_END,
		is_fatal ? SVG_BAD : SVG_FAINT,
		ladder_time(time, ladder, packet));
	packet_arrow(picture, packet, ink, arrow_y);
	(void)svg_paragraph(&picture->svg, picture->note_start, text_y,
		NOTE_COLUMNS, ink, note);
	picture->y += height;
}

/* The facts by their numbers, and what the picture cannot show. */
static void below(struct picture *picture)
{
	const struct footnotes *footnotes = &picture->footnotes;
	const struct report_source *source = picture->ladder->view->source;
	int start = SVG_MARGIN + svg_text_width(SVG_PLAIN, "(10) ");
	char text[FOOTNOTE_TEXT], mark[16];

	picture->y += SPACE;
	for (unsigned i = 0; i < footnotes->count; i++) {
		(void)snprintf(mark, sizeof(mark), "(%u)", i + 1);
		svg_text(&picture->svg, SVG_MARGIN, picture->y, SVG_START,
			SVG_PLAIN, mark);
		picture->y = svg_paragraph(&picture->svg, start, picture->y,
			PICTURE_COLUMNS, SVG_PLAIN,
			footnote_text(text, source, footnotes->rows[i]));
	}
	if (picture->ladder->device_count > 1)
		picture->y = svg_paragraph(&picture->svg, SVG_MARGIN,
			picture->y, PICTURE_COLUMNS, SVG_FAINT,
			"Lanes between client and server stand in the order of "
			"their first packets, which need not be that of the "
			"path.");
}

/* Measured, or drawn into what was measured. */
static void draw(struct picture *picture)
{
	const struct ladder *ladder = picture->ladder;

	picture->footnotes.count = 0;
	heading(picture);
	for (unsigned i = 0; i < ladder->count; i++) {
		if (i > 0)
			gap_row(picture, i);
		packet_row(picture, ladder->list[i]);
	}
	if (ladder->count == 0)
		svg_text(&picture->svg, SVG_MARGIN, picture->y + ARROW_AT,
			SVG_START, SVG_DOUBT,
			"No packet of this connection is in the capture.");
	below(picture);
}

/* For who can't see it: what the picture shows, in words. */
static void description_of(char text[PICTURE_SENTENCE + FLOW_TEXT + 160],
	const struct ladder *ladder)
{
	const struct packet_view *view = ladder->view;
	char sentence[PICTURE_SENTENCE] = "", flow[FLOW_TEXT], fatal[64] = "";

	if (view->incident) {
		(void)picture_sentence(sentence, view->incident);
		(void)snprintf(fatal, sizeof(fatal),
			", the fatal one is #%" PRIu64,
			report_frame(view->source, view->incident->frame));
	}
	(void)snprintf(text, PICTURE_SENTENCE + FLOW_TEXT + 160,
		"%s%sSequence diagram of %s: %u of %" PRIu64
		" packets are shown%s.",
		sentence, sentence[0] ? " " : "",
		flow_text(flow, &view->packets->follower.flow), ladder->count,
		view->packets->total, fatal);
}

void seq_diagram_draw(const struct packet_view *view, bool is_png)
{
	char title[PICTURE_TITLE],
		description[PICTURE_SENTENCE + FLOW_TEXT + 160];
	struct ladder ladder;
	struct picture picture = {.ladder = &ladder, .svg = {.is_png = is_png}};

	ladder_begin(&ladder, view);
	place_columns(&picture);
	draw(&picture); /* to be measured */
	(void)picture_title(title, view);
	description_of(description, &ladder);
	picture.svg.out = view->out;
	svg_begin(&picture.svg, title, description);
	draw(&picture);
	svg_end(&picture.svg);
}

void seq_diagram_draw_none(const char *sentence, FILE *out, bool is_png)
{
	struct svg svg = {.is_png = is_png};

	for (unsigned pass = 0; pass < 2; pass++) {
		if (pass == 1) {
			svg.out = out;
			svg_begin(&svg, "culprit timeline", sentence);
		}
		svg_text(&svg, SVG_MARGIN, SVG_MARGIN + SVG_LINE, SVG_START,
			SVG_PLAIN, sentence);
	}
	svg_end(&svg);
}

#include "report/plot.h"

#include <assert.h>
#include <stdlib.h>

#include "capture/array.h"
#include "report/plot_marks.h"

const char *plot_word(enum plot_kind kind)
{
	static const char *const words[] = {
		[PLOT_NONE] = NULL,
		[PLOT_SEQUENCE] = "sequence",
		[PLOT_RTT] = "rtt",
		[PLOT_TTL] = "ttl",
		[PLOT_IP_ID] = "ip-id",
	};
	static_assert(sizeof(words) / sizeof(words[0]) == PLOT_COUNT,
		"a word for every plot");

	return words[kind];
}

const struct plot_look *plot_look(enum plot_series series)
{
	static const struct plot_look looks[] = {
		[SERIES_EDGE] = {"edge of the window", SHADE_EDGE, SHAPE_STEP,
			1},
		[SERIES_ACK] = {"acknowledged", SHADE_ACK, SHAPE_STEP, 1},
		[SERIES_SEGMENT] = {"segments", SHADE_SEGMENT, SHAPE_BAR, 2},
		[SERIES_AGAIN] = {"retransmissions", SHADE_AGAIN, SHAPE_BAR, 3},
		[SERIES_PROBE] = {"keepalives, window probes", SHADE_PROBE,
			SHAPE_RING, 5},
		[SERIES_SACK] = {"SACK", SHADE_SACK, SHAPE_BAR, 2},
		[SERIES_CLIENT] = {"client", SHADE_CLIENT, SHAPE_DOT, 3},
		[SERIES_SERVER] = {"server", SHADE_SERVER, SHAPE_DOT, 3},
		[SERIES_RESET] = {"resets", SHADE_RESET, SHAPE_CROSS, 9},
		[SERIES_FOREIGN] = {"from a device on the path", SHADE_RESET,
			SHAPE_CROSS, 9},
	};
	static_assert(sizeof(looks) / sizeof(looks[0]) == SERIES_COUNT,
		"a look for every series");

	return &looks[series];
}

struct plot *plot_new(enum plot_kind kind, const struct incident *incident)
{
	struct plot *plot = calloc(1, sizeof(*plot));

	if (!plot)
		return NULL;
	plot->kind = kind;
	plot->incident = incident;
	plot->fatal_ns = INT64_MIN;
	segment_tracker_begin(&plot->tracker, incident);
	return plot;
}

void plot_free(struct plot *plot)
{
	if (!plot)
		return;
	for (unsigned i = 0; i < PANELS; i++)
		for (unsigned j = 0; j < SERIES_COUNT; j++)
			free(plot->panels[i][j].marks);
	free(plot);
}

static void thin_out(struct plot_marks *marks)
{
	for (uint32_t i = 0; i < marks->count / 2; i++)
		marks->marks[i] = marks->marks[2 * i];
	marks->count /= 2;
	marks->stride = marks->stride ? marks->stride * 2 : 2;
}

static void add(struct plot *plot, unsigned panel, enum plot_series series,
	struct plot_mark mark)
{
	struct plot_marks *marks = &plot->panels[panel][series];
	struct plot_mark *grown;

	if (marks->skipped + 1 < marks->stride) {
		marks->skipped++;
		return;
	}
	marks->skipped = 0;
	if (marks->count == PLOT_MARKS_MOST)
		thin_out(marks);
	grown = array_grown(marks->marks, marks->count, &marks->room,
		sizeof(*marks->marks));
	if (!grown) {
		plot->has_no_memory = true;
		return;
	}
	marks->marks = grown;
	marks->marks[marks->count++] = mark;
}

/* The data of one direction, and in the panel of the other what is
 * acknowledged of that. */
static void take_sequence(
	struct plot *plot, const struct segment *segment, int64_t since_ns)
{
	unsigned panel = segment->is_to_client, other = !panel;
	struct plot_mark data = {
		since_ns, segment->data.start, segment->data.end};

	if (segment->is_icmp)
		return;
	if (segment->is_foreign || segment->is_reset)
		add(plot, panel,
			segment->is_foreign ? SERIES_FOREIGN : SERIES_RESET,
			data);
	else if (segment->data.end > plot->most[panel])
		plot->most[panel] = segment->data.end;
	if (segment->kind != SEGMENT_NONE)
		add(plot, panel,
			segment->kind == SEGMENT_PROBE	 ? SERIES_PROBE
			: segment->kind == SEGMENT_AGAIN ? SERIES_AGAIN
							 : SERIES_SEGMENT,
			data);
	if (!segment->has_ack)
		return;
	add(plot, other, SERIES_ACK,
		(struct plot_mark){since_ns, segment->ack, segment->ack});
	add(plot, other, SERIES_EDGE,
		(struct plot_mark){since_ns, segment->edge, segment->edge});
	for (unsigned i = 0; i < segment->sack_count; i++)
		add(plot, other, SERIES_SACK,
			(struct plot_mark){since_ns, segment->sack[i].start,
				segment->sack[i].end});
}

static void take_value(struct plot *plot, const struct segment *segment,
	int64_t since_ns, int64_t value)
{
	enum plot_series series = segment->is_foreign	  ? SERIES_FOREIGN
				  : segment->is_to_client ? SERIES_SERVER
							  : SERIES_CLIENT;

	add(plot, 0, series, (struct plot_mark){since_ns, value, value});
}

static void take_round_trip(
	struct plot *plot, const struct segment *segment, int64_t since_ns)
{
	if (segment->rtt_ns < 0)
		return;
	/* the acknowledgment goes to whom sent the data */
	add(plot, 0, segment->is_to_client ? SERIES_CLIENT : SERIES_SERVER,
		(struct plot_mark){since_ns, segment->rtt_ns, segment->rtt_ns});
}

void plot_take(
	struct plot *plot, const struct packet *packet, enum speaker speaker)
{
	struct segment segment;
	int64_t since_ns;

	plot->packets++;
	segment_take(&plot->tracker, packet, speaker, &segment);
	if (packet->time_ns == INT64_MIN)
		return;
	if (!plot->has_first)
		plot->first_ns = plot->last_ns = packet->time_ns;
	plot->has_first = true;
	if (packet->time_ns > plot->last_ns)
		plot->last_ns = packet->time_ns;
	if (__builtin_sub_overflow(packet->time_ns, plot->first_ns, &since_ns))
		return;
	if (plot->incident && packet->frame == plot->incident->frame)
		plot->fatal_ns = since_ns;
	switch (plot->kind) {
	case PLOT_SEQUENCE:
		take_sequence(plot, &segment, since_ns);
		break;
	case PLOT_RTT:
		take_round_trip(plot, &segment, since_ns);
		break;
	case PLOT_TTL:
		take_value(plot, &segment, since_ns, packet->ttl);
		break;
	case PLOT_IP_ID:
		take_value(plot, &segment, since_ns, packet->ip_id);
		break;
	case PLOT_NONE:
	case PLOT_COUNT:
		break;
	}
}

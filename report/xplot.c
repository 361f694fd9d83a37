#include "report/xplot.h"

#include <inttypes.h>

#include "report/address_text.h"

enum { TIME = 48, SECOND = 1000000000 };

/* Seconds with microseconds: xplot reads no more of a `timeval`. */
static const char *time_text(char text[TIME], int64_t time_ns)
{
	(void)snprintf(text, TIME, "%" PRId64 ".%06" PRId64, time_ns / SECOND,
		time_ns % SECOND / 1000);
	return text;
}

void xplot_begin(struct xplot *plot, FILE *out, const struct flow_name *flow,
	bool is_to_client)
{
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT];

	*plot = (struct xplot){.out = out, .is_to_client = is_to_client};
	endpoint_text(from, is_to_client ? &flow->server : &flow->client,
		flow->family);
	endpoint_text(
		to, is_to_client ? &flow->client : &flow->server, flow->family);
	(void)fprintf(out,
		"timeval double\ntitle\n%s ==> %s (time sequence graph)\n"
		"xlabel\ntime\nylabel\nsequence number\n",
		from, to);
}

/* A line in a colour. */
static void line(const struct xplot *plot, const char *color, int64_t from_ns,
	int64_t from, int64_t to_ns, int64_t to)
{
	char one[TIME], other[TIME];

	(void)fprintf(plot->out, "%s\nline %s %" PRId64 " %s %" PRId64 "\n",
		color, time_text(one, from_ns), from, time_text(other, to_ns),
		to);
}

static void mark(const struct xplot *plot, const char *command, int64_t time_ns,
	int64_t number)
{
	char time[TIME];

	(void)fprintf(plot->out, "%s %s %" PRId64 "\n", command,
		time_text(time, time_ns), number);
}

static void data_lines(struct xplot *plot, const struct segment *segment)
{
	int64_t time_ns = segment->packet->time_ns;
	bool is_again = segment->kind == SEGMENT_AGAIN;

	if (segment->is_reset || segment->is_foreign) {
		(void)fputs("red\n", plot->out);
		mark(plot, "diamond", time_ns, segment->data.start);
		mark(plot, "atext", time_ns, segment->data.start);
		(void)fputs(
			segment->is_foreign ? "FOREIGN\n" : "RST\n", plot->out);
	}
	if (segment->kind == SEGMENT_NONE)
		return;
	(void)fprintf(plot->out, "%s\n", is_again ? "red" : "white");
	mark(plot, "darrow", time_ns, segment->data.start);
	mark(plot, "uarrow", time_ns, segment->data.end);
	line(plot, is_again ? "red" : "white", time_ns, segment->data.start,
		time_ns, segment->data.end);
	if (is_again) {
		mark(plot, "atext", time_ns, segment->data.end);
		(void)fputs("R\n", plot->out);
	}
}

/* What is acknowledged is a stair: along, then up. */
static void ack_lines(struct xplot *plot, const struct segment *segment)
{
	int64_t time_ns = segment->packet->time_ns;

	if (!segment->has_ack)
		return;
	if (plot->has_ack) {
		line(plot, "green", plot->ack_ns, plot->ack, time_ns,
			plot->ack);
		line(plot, "green", time_ns, plot->ack, time_ns, segment->ack);
		line(plot, "yellow", plot->ack_ns, plot->edge, time_ns,
			plot->edge);
		line(plot, "yellow", time_ns, plot->edge, time_ns,
			segment->edge);
	}
	plot->has_ack = true;
	plot->ack_ns = time_ns;
	plot->ack = segment->ack;
	plot->edge = segment->edge;
	for (unsigned i = 0; i < segment->sack_count; i++)
		line(plot, "purple", time_ns, segment->sack[i].start, time_ns,
			segment->sack[i].end);
}

void xplot_segment(struct xplot *plot, const struct segment *segment)
{
	/* xplot has no time before the epoch */
	if (segment->is_icmp || segment->packet->time_ns < 0)
		return;
	if (segment->is_to_client == plot->is_to_client)
		data_lines(plot, segment);
	else
		ack_lines(plot, segment);
}

void xplot_end(struct xplot *plot)
{
	(void)fputs("go\n", plot->out);
}

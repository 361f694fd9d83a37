#include "report/excerpt_text.h"

#include <inttypes.h>
#include <string.h>

#include "report/address_text.h"
#include "report/clock.h"
#include "report/packet_text.h"

enum { CELL_BYTES = 160, GAP = 2 };

enum column {
	COLUMN_FRAME,
	COLUMN_TIME,
	COLUMN_WAY,
	COLUMN_WHAT,
	COLUMN_COUNT
};

struct row {
	char cells[COLUMN_COUNT][CELL_BYTES];
	char tail[3 * CELL_BYTES]; /* size, TTL, notes */
};

/* An end of an ICMP error: an endpoint by its name, all else by its address.
 * Both endpoints may have one address; then it is the `likelier` one. */
static const char *icmp_end(char text[ADDRESS_TEXT],
	const struct flow_name *flow, const struct address *address,
	const struct endpoint *likelier)
{
	const struct endpoint *ends[] = {
		likelier, &flow->client, &flow->server};

	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (memcmp(address, &ends[i]->address, sizeof(*address)) == 0)
			return ends[i] == &flow->client ? "client" : "server";
	address_text(text, address, flow->family);
	return text;
}

/* Source and destination, by the packet's own addresses: an ICMP error goes to
 * the sender of the quoted packet, from any source. */
static void way_cell(char cell[CELL_BYTES], const struct incident *incident,
	const struct packet_excerpt *excerpt)
{
	const struct flow_name *flow = &incident->flow;
	bool is_from_client = excerpt->is_from_client;
	const struct endpoint *own =
		is_from_client ? &flow->client : &flow->server;
	const struct endpoint *peer =
		is_from_client ? &flow->server : &flow->client;
	const char *from = is_from_client ? "client" : "server";
	const char *to = is_from_client ? "server" : "client";
	char texts[2][ADDRESS_TEXT];

	if (excerpt->kind == PACKET_ICMP) {
		from = icmp_end(texts[0], flow, &excerpt->from, peer);
		to = icmp_end(texts[1], flow, &excerpt->to, own);
	}
	(void)snprintf(cell, CELL_BYTES, "%s → %s", from, to);
}

static void what_cell(char cell[CELL_BYTES], const struct incident *incident,
	const struct packet_excerpt *excerpt)
{
	char text[ICMP_TEXT > FLAGS_TEXT ? ICMP_TEXT : FLAGS_TEXT];
	char size[COUNT_TEXT];

	if (excerpt->kind == PACKET_ICMP) {
		(void)snprintf(cell, CELL_BYTES, "%s",
			icmp_text(text, incident->flow.family,
				excerpt->icmp_type, excerpt->icmp_code,
				excerpt->icmp_mtu));
		return;
	}
	(void)tcp_flags_text(text, excerpt->tcp_flags);
	if (excerpt->payload_bytes > 0)
		(void)snprintf(cell, CELL_BYTES, "%-9s %s bytes", text,
			count_text(size, excerpt->payload_bytes));
	else
		(void)snprintf(cell, CELL_BYTES, "%s", text);
}

static void append(char *text, size_t size, const char *part)
{
	size_t length = strlen(text);

	if (length < size)
		(void)snprintf(text + length, size - length, "%s%s",
			length > 0 ? ", " : "", part);
}

static void tail_cell(struct row *row, const struct packet_excerpt *excerpt)
{
	char part[64];

	row->tail[0] = '\0';
	(void)snprintf(part, sizeof(part), "ttl %u", excerpt->ttl);
	append(row->tail, sizeof(row->tail), part);
	if (excerpt->note)
		append(row->tail, sizeof(row->tail), excerpt->note);
	if (excerpt->kind == PACKET_TCP && (excerpt->tcp_flags & TCP_RST)) {
		(void)snprintf(part, sizeof(part), "ip id %u%s, window %u%s",
			excerpt->ip_id, excerpt->is_df ? ", DF" : "",
			excerpt->window,
			excerpt->has_options ? "" : ", no options");
		append(row->tail, sizeof(row->tail), part);
	}
}

static void fill_row(struct row *row, const struct layout *layout,
	const struct report_source *source, const struct incident *incident,
	const struct packet_excerpt *excerpt)
{
	(void)snprintf(row->cells[COLUMN_FRAME], CELL_BYTES, "%s#%" PRIu64,
		excerpt->frame == incident->frame ? "> " : "  ",
		report_frame(source, excerpt->frame));
	packet_clock_text(row->cells[COLUMN_TIME], layout, excerpt->time_ns);
	way_cell(row->cells[COLUMN_WAY], incident, excerpt);
	what_cell(row->cells[COLUMN_WHAT], incident, excerpt);
	tail_cell(row, excerpt);
}

/* Rows are not all packets of the flow: only for the incident's idle time is
 * it known that no packet came between two rows. */
static void silence_row(const struct layout *layout,
	const struct incident *incident, const struct packet_excerpt *before,
	const struct packet_excerpt *after, unsigned indent)
{
	enum { WORTH_NAMING_NS = 2000000000 };
	char duration[DURATION_TEXT], line[CELL_BYTES];

	if (before->time_ns == INT64_MIN || after->time_ns == INT64_MIN)
		return;
	int64_t gap_ns = after->time_ns - before->time_ns;
	int64_t off_ns = gap_ns - incident->idle_ns;
	bool is_silence = incident->idle_ns > 0 && off_ns > -10000000 &&
			  off_ns <= incident->idle_ns / 100 + 10000000;

	if (!is_silence && gap_ns < WORTH_NAMING_NS)
		return;
	(void)snprintf(line, sizeof(line),
		is_silence ? "%s without packets" : "… %s later",
		duration_text(duration, gap_ns));
	layout_space(layout, indent);
	layout_text(layout, is_silence ? INK_DOUBT : INK_FAINT, line);
	(void)fputc('\n', layout->out);
}

/* Behind the columns, or below them where there is no room; what the packet is
 * goes with it where the columns alone are too wide. */
static void print_row(const struct layout *layout, const struct row *row,
	const unsigned widths[COLUMN_COUNT], unsigned indent, bool is_fatal)
{
	enum { LEAST_TAIL = 28 };
	unsigned at = indent, tail_at = indent, whole = indent;
	int count = COLUMN_COUNT;
	char below[4 * CELL_BYTES];

	for (int i = 0; i < COLUMN_COUNT; i++)
		whole += widths[i] + (i + 1 < COLUMN_COUNT ? GAP : 0);
	if (whole > layout->style->columns)
		count = COLUMN_WHAT;
	layout_space(layout, indent);
	for (int i = 0; i < count; i++) {
		layout_text(
			layout, is_fatal ? INK_BAD : INK_PLAIN, row->cells[i]);
		at += layout_columns(row->cells[i]);
		tail_at += widths[i] + GAP;
		if (i + 1 < count) {
			layout_space(layout, tail_at - at);
			at = tail_at;
		}
	}
	(void)snprintf(below, sizeof(below), "%s%s%s",
		count < COLUMN_COUNT ? row->cells[COLUMN_WHAT] : "",
		count < COLUMN_COUNT && row->tail[0] ? ", " : "", row->tail);
	if (count < COLUMN_COUNT ||
		tail_at + LEAST_TAIL > layout->style->columns) {
		(void)fputc('\n', layout->out);
		at = 0;
		tail_at = indent + widths[COLUMN_FRAME] + GAP;
	}
	layout_wrap(layout, at, tail_at, INK_PLAIN, below);
}

void excerpt_rows(const struct layout *layout,
	const struct report_source *source, const struct incident *incident,
	unsigned indent)
{
	struct row rows[INCIDENT_EXCERPTS];
	unsigned widths[COLUMN_COUNT] = {0};

	for (unsigned i = 0; i < incident->excerpt_count; i++) {
		fill_row(&rows[i], layout, source, incident,
			&incident->excerpts[i]);
		for (int c = 0; c < COLUMN_COUNT; c++) {
			unsigned columns = layout_columns(rows[i].cells[c]);

			if (columns > widths[c])
				widths[c] = columns;
		}
	}
	for (unsigned i = 0; i < incident->excerpt_count; i++) {
		if (i > 0)
			silence_row(layout, incident,
				&incident->excerpts[i - 1],
				&incident->excerpts[i],
				indent + widths[COLUMN_FRAME] + GAP);
		print_row(layout, &rows[i], widths, indent,
			incident->excerpts[i].frame == incident->frame);
	}
}

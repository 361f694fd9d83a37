#include "report/format.h"

#include <string.h>

#include "report/notice_text.h"
#include "report/overview_svg.h"
#include "report/packet_rows.h"
#include "report/path_svg.h"
#include "report/picture.h"
#include "report/report_csv.h"
#include "report/report_json.h"
#include "report/report_path.h"
#include "report/report_text.h"
#include "report/seq_diagram.h"

/* JSON looks the same everywhere, so its functions take no style. */
static void json_incidents(const struct report_source *source,
	const struct style *style, FILE *out)
{
	(void)style;
	report_json(source, out);
}

static void json_notice(const struct report_source *source,
	const struct incident *incident, const struct style *style, FILE *out)
{
	(void)style;
	report_json_notice(source, incident, out);
}

static void json_withdrawal(const struct report_source *source,
	const struct incident *incident, const struct style *style, FILE *out)
{
	(void)style;
	report_json_withdrawal(source, incident, out);
}

static void json_path(
	const struct path *path, const struct style *style, FILE *out)
{
	(void)style;
	report_path_json(path, out);
}

static void json_begin_packets(const struct packet_view *view)
{
	if (view->incident)
		report_json_incident(view->source, view->incident, view->out);
}

static void csv_incidents(const struct report_source *source,
	const struct style *style, FILE *out)
{
	(void)style;
	report_csv(source, out);
}

static void csv_path(
	const struct path *path, const struct style *style, FILE *out)
{
	(void)style;
	report_path_csv(path, out);
}

static void keep_packet(const struct packet_view *view,
	const struct packet *packet, enum speaker speaker)
{
	flow_packets_keep(view->packets, packet, speaker);
}

static const struct report_format text = {
	.name = "text",
	.suffix = ".txt",
	.help = "verdicts and findings for people",
	.is_for_people = true,
	.has_words = true,
	.incidents = report_text,
	.notice = report_text_notice,
	.withdrawal = report_text_withdrawal,
	.path = report_path_text,
	.comparison = comparison_text,
};

static const struct report_format diagram = {
	.name = "diagram",
	.help = "packets as a ladder, the client left, the server "
		"right",
	.is_for_people = true,
	.packet = keep_packet,
	.end_packets = seq_diagram_print,
};

static const struct report_format json = {
	.name = "json",
	.suffix = ".json",
	.help = "one JSON object per line",
	.incidents = json_incidents,
	.notice = json_notice,
	.withdrawal = json_withdrawal,
	.path = json_path,
	.comparison = comparison_json,
	.begin_packets = json_begin_packets,
	.packet = packet_row_json,
};

static const struct report_format csv = {
	.name = "csv",
	.suffix = ".csv",
	.help = "incidents, findings or packets as comma separated values",
	.incidents = csv_incidents,
	.path = csv_path,
	.begin_packets = packet_row_csv_header,
	.packet = packet_row_csv,
};

static const struct report_format svg = {
	.name = "svg",
	.suffix = ".svg",
	.help = "the ladder, a plot, the table of failures or a probe's path "
		"as a picture",
	.is_picture = true,
	.incidents = overview_svg,
	.path = path_svg,
	.packet = picture_packet,
	.end_packets = picture_svg,
	.no_packets = picture_svg_none,
};

static const struct report_format png = {
	.name = "png",
	.suffix = ".png",
	.help = "the same picture as PNG",
	.is_picture = true,
	.is_binary = true,
	.incidents = overview_png,
	.path = path_png,
	.packet = picture_packet,
	.end_packets = picture_png,
	.no_packets = picture_png_none,
};

/* The first that can report a kind is the usual one. */
static const struct report_format *const formats[] = {
	&text,
	&diagram,
	&json,
	&csv,
	&svg,
	&png,
};
enum { FORMAT_COUNT = sizeof(formats) / sizeof(formats[0]) };

const struct report_format *report_format_at(unsigned place)
{
	return place < FORMAT_COUNT ? formats[place] : NULL;
}

bool report_format_has(
	const struct report_format *format, enum report_kind kind)
{
	switch (kind) {
	case REPORT_INCIDENTS:
		return format->incidents && format->path;
	case REPORT_PATH:
		return format->path != NULL;
	case REPORT_PACKETS:
		return format->packet != NULL;
	case REPORT_COMPARISON:
		return format->comparison != NULL;
	case REPORT_WORDS:
		return format->has_words;
	}
	return false;
}

const struct report_format *report_format_usual(enum report_kind kind)
{
	unsigned place = 0;

	while (!report_format_has(formats[place], kind))
		place++;
	return formats[place];
}

/* A name that is nothing but the suffix has none. */
static bool has_suffix(const char *path, const char *suffix)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t bytes = strlen(name), suffix_bytes = strlen(suffix);

	return bytes > suffix_bytes &&
	       strcmp(name + bytes - suffix_bytes, suffix) == 0;
}

const struct report_format *report_format_of_file(
	const char *name, enum report_kind kind)
{
	for (unsigned i = 0; i < FORMAT_COUNT; i++)
		if (report_format_has(formats[i], kind) && formats[i]->suffix &&
			has_suffix(name, formats[i]->suffix))
			return formats[i];
	return NULL;
}

#include "report/page/page_summary.h"

#include <string.h>

#include "report/page/page_glossary.h"

static void files(struct json *json, const struct report_source *source)
{
	json_array(json, "files");
	for (unsigned i = 0; i < source->path_count; i++)
		json_string(json, NULL, source->paths[i]);
	json_array_end(json);
	json_array(json, "places");
	for (unsigned i = 0; i < source->place_count; i++)
		json_string(json, NULL, source->places[i].name);
	json_array_end(json);
}

static void counts(struct json *json, const struct analysis_totals *totals)
{
	json_number(json, "packets", totals->packets);
	json_number(json, "bytes", totals->bytes);
	json_number(json, "flows", totals->flows);
	json_number(json, "incidents", totals->incidents);
	json_number(json, "orderly", totals->orderly);
	json_number(json, "resets_seen", totals->resets_seen);
	json_number(json, "harmless_resets", totals->benign_resets);
	json_number(json, "unjudged_resets", totals->unjudged_resets);
	json_number(json, "evicted_flows", totals->evicted_flows);
	json_number(json, "evicted_incidents", totals->evicted_incidents);
	json_number(json, "incidents_not_kept", totals->incidents_not_kept);
	json_number(json, "lost_packets", totals->lost_packets);
}

void page_summary(struct report_page *page, const struct report_source *source,
	const char *kind)
{
	struct json *json = page_json(page);
	const struct analysis_totals *totals = &source->totals;

	page_set_first_time(page, totals->first_ns);
	json_record(json, "summary");
	json_string(json, "kind", kind);
	json_string(json, "version", CULPRIT_VERSION);
	files(json, source);
	counts(json, totals);
	json_boolean(json, "complete",
		!source->is_cut && analysis_is_complete(totals));
	json_time(json, "first_time", totals->first_ns);
	json_time(json, "last_time", totals->last_ns);
	json_record_end(json);
	page_glossary_connection(page);
}

unsigned page_summary_file(const struct report_source *source, const char *file)
{
	/* mostly the very pointer */
	for (unsigned i = 0; i < source->path_count; i++)
		if (source->paths[i] == file)
			return i;
	for (unsigned i = 0; file && i < source->path_count; i++)
		if (strcmp(source->paths[i], file) == 0)
			return i;
	return 0;
}

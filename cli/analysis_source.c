#include "cli/analysis_source.h"

#include <inttypes.h>
#include <sys/random.h>

#include "cli/notice.h"

static void incident(const void *context, uint64_t index, struct incident *to)
{
	const struct analysed *analysed = context;

	if (analysed->places)
		places_incident(analysed->places, index, to);
	else
		(void)analysis_incident(analysed->analysis, index, to);
}

static void brief(const void *context, uint64_t index, struct incident *to)
{
	const struct analysed *analysed = context;

	if (analysed->places)
		places_incident_brief(analysed->places, index, to);
	else
		(void)analysis_incident_brief(analysed->analysis, index, to);
}

static void flow(const void *context, uint64_t index, struct flow_summary *to)
{
	const struct analysed *analysed = context;

	if (analysed->places)
		places_flow(analysed->places, index, to);
	else
		analysis_flow(analysed->analysis, index, to);
}

static const char *locate(
	const void *context, uint64_t frame, uint64_t *number_in_file)
{
	const struct analysed *analysed = context;

	if (analysed->inputs)
		return inputs_locate(analysed->inputs, frame, number_in_file);
	if (analysed->recording)
		return recording_locate(
			analysed->recording, frame, number_in_file);
	if (analysed->recorder)
		return recorder_locate(
			analysed->recorder, frame, number_in_file);
	*number_in_file = frame;
	return NULL;
}

static uint32_t tcp_stream(
	const void *context, const struct flow_name *flow, uint64_t frame)
{
	const struct analysed *analysed = context;

	return tcp_streams_find(analysed->streams, flow, frame);
}

static unsigned place(const void *context, uint64_t frame)
{
	(void)context;
	return (unsigned)(frame >> INPUT_PLACE_SHIFT);
}

/* Several capture points, by their names. */
static void add_places(
	const struct analysed *analysed, struct report_source *source)
{
	unsigned count = inputs_place_count(analysed->inputs);

	source->place = place;
	source->place_count = count > 1 ? count : 0;
	for (unsigned i = 0; i < source->place_count; i++)
		source->places[i] = (struct report_place){
			.name = inputs_place_name(analysed->inputs, i),
			.packets = places_packet_count(analysed->places, i),
			.clock = places_clock(analysed->places, i),
		};
}

struct report_source analysis_source(const struct analysed *analysed,
	const char *const *paths, unsigned path_count, bool is_cut)
{
	const struct places *places = analysed->places;
	struct report_source source = {
		.context = analysed,
		.incident_count =
			places ? places_incident_count(places)
			       : analysis_incident_count(analysed->analysis),
		.incident = incident,
		.brief = brief,
		.flow_count = places ? places_flow_count(places)
				     : analysis_flow_count(analysed->analysis),
		.flow = flow,
		.tcp_stream = analysed->streams ? tcp_stream : NULL,
		.locate = locate,
		.paths = paths,
		.path_count = path_count,
		.is_cut = is_cut,
	};

	if (analysed->inputs)
		add_places(analysed, &source);
	if (places)
		places_totals(places, &source.totals);
	else
		analysis_totals(analysed->analysis, &source.totals);
	return source;
}

enum exit_code analysis_code(const struct report_source *source)
{
	return source->is_cut || source->totals.left_out ? EXIT_INPUT_CUT
							 : EXIT_RAN;
}

void analysis_tell_left_out(const struct report_source *source)
{
	uint64_t count = source->totals.left_out;

	if (count)
		notice_print("no memory for %" PRIu64 " packet%s: what became "
			     "of their connections is not judged",
			count, count == 1 ? "" : "s");
}

static void tell_short(uint64_t count, const char *what, const char *effect)
{
	if (count)
		notice_print("no memory for %s of %" PRIu64 " connection%s: %s",
			what, count, count == 1 ? "" : "s", effect);
}

enum exit_code analysis_code_unbounded(const struct report_source *source)
{
	const struct analysis_totals *totals = &source->totals;

	tell_short(totals->evicted_flows + totals->evicted_incidents,
		"the record", "what became of them may not be judged");
	tell_short(totals->incidents_not_kept, "the verdict",
		"they are not shown as failed");
	tell_short(totals->unjudged_resets, "the resets",
		"they are not judged, or their verdict is not kept");
	return analysis_is_complete(totals) ? analysis_code(source)
					    : EXIT_INPUT_CUT;
}

/* without entropy an unseeded table still works */
uint64_t analysis_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) !=
		(ssize_t)sizeof(seed))
		seed = 0;
	return seed;
}

struct analysis *analysis_start(
	const struct analysis_options *options, struct failure *failure)
{
	struct analysis_options seeded = *options;

	seeded.seed = analysis_seed();
	return analysis_new(&seeded, failure);
}

struct places *analysis_start_places(const struct analysis_options *options,
	bool is_single, struct failure *failure)
{
	struct analysis_options seeded = *options;

	seeded.seed = analysis_seed();
	return places_new(&seeded, is_single, failure);
}

struct parts *analysis_start_parts(const struct analysis_options *options,
	unsigned count, struct failure *failure)
{
	struct analysis_options seeded = *options;

	seeded.seed = analysis_seed();
	return parts_new(&seeded, count, failure);
}

#include "cli/analysis_source.h"

#include <sys/random.h>

static void incident(const void *context, uint64_t index, struct incident *to)
{
	const struct analysed *analysed = context;

	(void)analysis_incident(analysed->analysis, index, to);
}

static void flow(const void *context, uint64_t index, struct flow_summary *to)
{
	const struct analysed *analysed = context;

	analysis_flow(analysed->analysis, index, to);
}

static const char *locate(
	const void *context, uint64_t frame, uint64_t *number_in_file)
{
	const struct analysed *analysed = context;

	if (analysed->recording)
		return recording_locate(
			analysed->recording, frame, number_in_file);
	if (analysed->recorder)
		return recorder_locate(
			analysed->recorder, frame, number_in_file);
	*number_in_file = frame;
	return NULL;
}

struct report_source analysis_source(const struct analysed *analysed,
	const char *const *paths, unsigned path_count, bool is_cut)
{
	struct report_source source = {
		.context = analysed,
		.incident_count = analysis_incident_count(analysed->analysis),
		.incident = incident,
		.flow_count = analysis_flow_count(analysed->analysis),
		.flow = flow,
		.locate = locate,
		.paths = paths,
		.path_count = path_count,
		.is_cut = is_cut,
	};

	analysis_totals(analysed->analysis, &source.totals);
	return source;
}

struct analysis *analysis_start(
	const struct analysis_options *options, struct failure *failure)
{
	struct analysis_options seeded = *options;

	/* without entropy an unseeded table still works */
	if (getrandom(&seeded.seed, sizeof(seeded.seed), GRND_NONBLOCK) !=
		(ssize_t)sizeof(seeded.seed))
		seeded.seed = 0;
	return analysis_new(&seeded, failure);
}

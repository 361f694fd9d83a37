/* What the analysis says of a trace, for the tests that compare it. */
#ifndef TESTS_SUPPORT_TRACE_RUN_H
#define TESTS_SUPPORT_TRACE_RUN_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/places.h"
#include "tests/support/trace.h"
#include "tests/support/trace_facts.h"

#define TRACE_FOLDER "tests/traces/"

enum { TRACES_MOST = 2048, TRACE_INCIDENTS = 16 };

struct trace_verdict {
	struct incident incidents[TRACE_INCIDENTS];
	unsigned count; /* may exceed what there is room for */
	const char *acquittals[TRACE_INCIDENTS]; /* rows that acquitted */
	unsigned acquittal_count;
	struct analysis_totals totals;
	struct trace_truths truths[TRACE_INCIDENTS];
};

struct trace_file {
	char *name; /* without folder */
	struct trace *trace;
};

struct trace_files {
	struct trace_file file[TRACES_MOST];
	unsigned count;
};

/* How packets are handed in; none of it may change a verdict. */
struct trace_manner {
	uint64_t seed;
	unsigned batch; /* 0: all at once */
	/* what verdicts are made from; NULL: what is built in */
	const struct knowledge *knowledge;
	const struct thresholds *thresholds;
};

/* Interfaces from this one on are further capture points. */
enum { TRACE_PLACE_INTERFACE = 1000 };

static inline unsigned trace_place(const struct packet *packet)
{
	return packet->interface < TRACE_PLACE_INTERFACE
		       ? 0
		       : packet->interface - TRACE_PLACE_INTERFACE + 1;
}

/* How many packets from the first on are of its place, at most `most`. */
static inline unsigned trace_of_one_place(
	const struct packet *packets, unsigned most)
{
	unsigned count = 1;

	while (count < most &&
		trace_place(&packets[count]) == trace_place(&packets[0]))
		count++;
	return count;
}

static inline bool trace_is_of_one_place(
	const struct packet *packets, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (trace_place(&packets[i]) != 0)
			return false;
	return true;
}

static inline bool trace_feed(struct places *places,
	const struct packet *packets, unsigned count, unsigned batch)
{
	unsigned taken;

	for (unsigned i = 0; i < count; i += taken) {
		taken = trace_of_one_place(&packets[i],
			batch && batch < count - i ? batch : count - i);
		if (!places_packets(places, trace_place(&packets[i]),
			    &packets[i], taken))
			return false;
	}
	places_finish(places);
	return true;
}

static inline void trace_acquittals(
	const struct places *places, struct trace_verdict *verdict)
{
	for (uint64_t i = 0; i < places_flow_count(places); i++) {
		struct flow_summary flow;

		places_flow(places, i, &flow);
		if (flow.signature && !flow.is_incident &&
			verdict->acquittal_count < TRACE_INCIDENTS)
			verdict->acquittals[verdict->acquittal_count++] =
				flow.signature;
	}
}

static inline bool trace_judge(const struct packet *packets, unsigned count,
	const struct trace_manner *manner, struct trace_verdict *verdict)
{
	const struct analysis_options options = {.seed = manner->seed,
		.is_listing_flows = true,
		.knowledge = manner->knowledge,
		.thresholds = manner->thresholds};
	struct failure failure;
	struct places *places = places_new(
		&options, trace_is_of_one_place(packets, count), &failure);

	if (!places)
		return false;
	if (!trace_feed(places, packets, count, manner->batch)) {
		places_free(places);
		return false;
	}
	memset(verdict, 0, sizeof(*verdict));
	verdict->count = (unsigned)places_incident_count(places);
	for (unsigned i = 0; i < verdict->count && i < TRACE_INCIDENTS; i++) {
		unsigned place;
		uint64_t index;

		places_incident(places, i, &verdict->incidents[i]);
		places_case(places, i, &place, &index);
		trace_truths_of(places_analysis(places, place), (unsigned)index,
			&verdict->truths[i]);
	}
	trace_acquittals(places, verdict);
	places_totals(places, &verdict->totals);
	places_free(places);
	return true;
}

/* One incident as a line of the words that --json prints. */
static inline void trace_describe(
	const struct incident *incident, char *text, size_t size)
{
	(void)snprintf(text, size,
		"%s sender %s culprit %s grade %s hop %u frame %llu "
		"signature %s",
		mechanism_word(incident->mechanism),
		party_word(incident->sender), party_word(incident->culprit),
		grade_word(incident->grade), incident->hop,
		(unsigned long long)incident->frame,
		incident->signature ? incident->signature : "none");
}

static inline int trace_compare_names(const void *a, const void *b)
{
	const struct trace_file *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* All traces, in the order of their names; what can't be read is told and
 * counted as missing. Returns how many could not be read. */
static inline unsigned trace_files_read(struct trace_files *files)
{
	DIR *folder = opendir(TRACE_FOLDER);
	const struct dirent *entry;
	unsigned unreadable = 0;

	files->count = 0;
	if (!folder)
		return 1;
	while ((entry = readdir(folder))) {
		size_t length = strlen(entry->d_name);
		struct trace_file *file = &files->file[files->count];
		char path[sizeof(TRACE_FOLDER) + sizeof(entry->d_name)];
		struct failure failure;

		if (length < 6 ||
			strcmp(entry->d_name + length - 6, ".trace") != 0)
			continue;
		if (files->count == TRACES_MOST) {
			printf("# more than %d traces\n", (int)TRACES_MOST);
			unreadable++;
			break;
		}
		(void)snprintf(
			path, sizeof(path), TRACE_FOLDER "%s", entry->d_name);
		file->trace = trace_read(path, &failure);
		if (!file->trace) {
			printf("# %s\n", failure.text);
			unreadable++;
			continue;
		}
		file->name = strdup(entry->d_name);
		if (!file->name)
			abort();
		files->count++;
	}
	closedir(folder);
	qsort(files->file, files->count, sizeof(files->file[0]),
		trace_compare_names);
	return unreadable;
}

static inline void trace_files_free(struct trace_files *files)
{
	for (unsigned i = 0; i < files->count; i++) {
		trace_free(files->file[i].trace);
		free(files->file[i].name);
	}
}

#endif

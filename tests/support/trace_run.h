/* What the analysis says of a trace, for the tests that compare it. */
#ifndef TESTS_SUPPORT_TRACE_RUN_H
#define TESTS_SUPPORT_TRACE_RUN_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "tests/support/trace.h"
#include "tests/support/trace_facts.h"

#define TRACE_FOLDER "tests/traces/"

enum { TRACES_MOST = 512, TRACE_INCIDENTS = 16 };

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

static inline bool trace_judge(const struct packet *packets, unsigned count,
	const struct trace_manner *manner, struct trace_verdict *verdict)
{
	const struct analysis_options options = {.seed = manner->seed,
		.is_listing_flows = true,
		.knowledge = manner->knowledge,
		.thresholds = manner->thresholds};
	struct failure failure;
	struct analysis *analysis = analysis_new(&options, &failure);
	unsigned step = manner->batch ? manner->batch : count;

	if (!analysis)
		return false;
	for (unsigned i = 0; i < count; i += step)
		analysis_packets(analysis, packets + i,
			count - i < step ? count - i : step);
	analysis_finish(analysis);
	memset(verdict, 0, sizeof(*verdict));
	verdict->count = (unsigned)analysis_incident_count(analysis);
	for (unsigned i = 0; i < verdict->count && i < TRACE_INCIDENTS; i++)
		(void)analysis_incident(analysis, i, &verdict->incidents[i]);
	for (uint64_t i = 0; i < analysis_flow_count(analysis); i++) {
		struct flow_summary flow;

		analysis_flow(analysis, i, &flow);
		if (flow.signature && !flow.is_incident &&
			verdict->acquittal_count < TRACE_INCIDENTS)
			verdict->acquittals[verdict->acquittal_count++] =
				flow.signature;
	}
	analysis_totals(analysis, &verdict->totals);
	for (unsigned i = 0; i < verdict->count && i < TRACE_INCIDENTS; i++)
		trace_truths_of(analysis, i, &verdict->truths[i]);
	analysis_free(analysis);
	return true;
}

/* One incident as a line of the contract's words. */
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
	while ((entry = readdir(folder)) && files->count < TRACES_MOST) {
		size_t length = strlen(entry->d_name);
		struct trace_file *file = &files->file[files->count];
		char path[sizeof(TRACE_FOLDER) + sizeof(entry->d_name)];
		struct failure failure;

		if (length < 6 ||
			strcmp(entry->d_name + length - 6, ".trace") != 0)
			continue;
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

#include "cli/lake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/array.h"
#include "cli/file_opener.h"
#include "report/report_json.h"

enum { HOUR_S = 3600 };
static const int64_t second_ns = 1000000000;

/* The prefix with its percent signs doubled, and what follows. */
static char *pattern_of(const char *prefix, const char *kind)
{
	static const char hour[] = "-%Y-%m-%dT%H.ndjson";
	char *pattern =
		malloc(2 * strlen(prefix) + strlen(kind) + sizeof(hour) + 1);
	char *at = pattern;

	if (!pattern)
		return NULL;
	for (; *prefix; prefix++) {
		if (*prefix == '%')
			*at++ = '%';
		*at++ = *prefix;
	}
	*at++ = '-';
	at = stpcpy(at, kind);
	(void)stpcpy(at, hour);
	return pattern;
}

static bool open_table(struct lake_table *table, const char *prefix,
	const char *kind, struct failure *failure)
{
	table->pattern = pattern_of(prefix, kind);
	if (!table->pattern)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for a lake");
	table->rotation = (struct rotation){
		.path = table->pattern, .period_s = HOUR_S, .is_lake = true};
	table->opener = file_opener_start(&table->rotation, failure);
	if (table->opener >= 0)
		return true;
	free(table->pattern);
	table->pattern = NULL;
	return false;
}

bool lake_open(struct lake *lake, const char *prefix, bool has_flows,
	const struct run_files *files, struct failure *failure)
{
	lake->files = files;
	return open_table(&lake->incidents, prefix, "incidents", failure) &&
	       (!has_flows ||
		       open_table(&lake->flows, prefix, "flows", failure));
}

/* Full hours since the epoch; what has no time is of the first. */
static int64_t hour_of(int64_t time_ns)
{
	int64_t time_s = time_ns / second_ns;

	return time_s > 0 ? time_s - time_s % HOUR_S : 0;
}

static bool has_file(const struct lake_table *table, int64_t hour_s)
{
	/* the last ones are asked for most */
	for (uint32_t i = table->hour_count; i > 0; i--)
		if (table->hours[i - 1] == hour_s)
			return true;
	return false;
}

static bool remember(struct lake_table *table, int64_t hour_s)
{
	int64_t *hours = array_grown(table->hours, table->hour_count,
		&table->hour_capacity, sizeof(*hours));

	if (!hours)
		return false;
	table->hours = hours;
	hours[table->hour_count++] = hour_s;
	return true;
}

static bool end_file(struct lake_table *table, struct failure *failure)
{
	FILE *stream = table->stream;
	bool is_lost = stream && ferror(stream) != 0;

	table->stream = NULL;
	if (stream && fclose(stream) != 0)
		is_lost = true;
	return !is_lost || failure_set(failure, EXIT_INPUT_CUT,
				   "%.300s: not all of it could be written: %s",
				   table->pattern, strerror(errno));
}

/* The hour's file: empty the first time, else at its end. */
static FILE *file_of(struct lake *lake, struct lake_table *table,
	int64_t hour_s, struct failure *failure)
{
	struct rotation_file file = {.start_s = hour_s};
	int descriptor = file_opener_open(table->opener, &file, failure);
	bool is_good;
	FILE *stream;

	if (descriptor < 0)
		return NULL;
	if (has_file(table, hour_s))
		is_good = lseek(descriptor, 0, SEEK_END) >= 0;
	else
		is_good = run_files_check(lake->files, descriptor,
				  table->pattern, RUN_FILE_LAKE, failure) &&
			  run_file_empty(descriptor, table->pattern, failure) &&
			  remember(table, hour_s);
	stream = is_good ? fdopen(descriptor, "w") : NULL;
	if (!stream) {
		if (is_good || failure->text[0] == '\0')
			(void)failure_set(failure, EXIT_INPUT_CUT,
				"%.300s: no memory to write it",
				table->pattern);
		(void)close(descriptor); /* nothing was written */
	}
	return stream;
}

/* Records of the time go to table->stream from now on. */
static bool turn_to(struct lake *lake, struct lake_table *table,
	int64_t time_ns, struct failure *failure)
{
	int64_t hour_s = hour_of(time_ns);

	if (table->stream && table->hour_s == hour_s)
		return true;
	if (!end_file(table, failure))
		return false;
	table->stream = file_of(lake, table, hour_s, failure);
	table->hour_s = hour_s;
	return table->stream != NULL;
}

static bool write_incidents(struct lake *lake,
	const struct report_source *source, struct failure *failure)
{
	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		source->incident(source->context, i, &incident);
		if (!turn_to(lake, &lake->incidents, incident.time_ns, failure))
			return false;
		report_json_incident(source, &incident, lake->incidents.stream);
	}
	return end_file(&lake->incidents, failure);
}

static bool write_flows(struct lake *lake, const struct report_source *source,
	struct failure *failure)
{
	for (uint64_t i = 0; i < source->flow_count; i++) {
		struct flow_summary summary;

		source->flow(source->context, i, &summary);
		if (!turn_to(lake, &lake->flows, summary.first_ns, failure))
			return false;
		report_json_flow(source, &summary, lake->flows.stream);
	}
	return end_file(&lake->flows, failure);
}

bool lake_write(struct lake *lake, const struct report_source *source,
	struct failure *failure)
{
	*failure = (struct failure){.text = ""};
	return write_incidents(lake, source, failure) &&
	       (!lake->flows.pattern || write_flows(lake, source, failure));
}

static void close_table(struct lake_table *table)
{
	struct failure told; /* if there was something to tell */

	if (!table->pattern)
		return;
	(void)end_file(table, &told);
	(void)close(table->opener); /* which ends its process */
	free(table->pattern);
	free(table->hours);
}

void lake_close(struct lake *lake)
{
	close_table(&lake->incidents);
	close_table(&lake->flows);
}

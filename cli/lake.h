/* Incidents and connections as files for a lake, one for each hour of UTC:
 * PREFIX-incidents-2026-11-20T23.ndjson, PREFIX-flows-2026-11-20T23.ndjson.
 * The records are those of --json. Files are opened by processes of their own
 * (cli/file_opener.h), since the hours are known only when all is judged. */
#ifndef CLI_LAKE_H
#define CLI_LAKE_H

#include <stdio.h>

#include "capture/failure.h"
#include "cli/rotation.h"
#include "cli/run_files.h"
#include "report/source.h"

/* The files of one kind of record. */
struct lake_table {
	struct rotation rotation;
	char *pattern; /* of strftime; NULL: there is no such table */
	int opener;    /* a socket; valid if there is a pattern */
	FILE *stream;  /* of the hour; NULL: none yet */
	int64_t hour_s;
	int64_t *hours; /* that have a file of this run */
	uint32_t hour_count, hour_capacity;
};

struct lake {
	struct lake_table incidents, flows;
	const struct run_files *files;
};

/* Before the sandbox is entered. `files` are those that must not be written;
 * they have to outlive the lake. */
bool lake_open(struct lake *lake, const char *prefix, bool has_flows,
	const struct run_files *files, struct failure *failure);
/* Writes all that there is; a file of that name is replaced. False with a
 * sentence when something could not be written. */
bool lake_write(struct lake *lake, const struct report_source *source,
	struct failure *failure);
void lake_close(struct lake *lake);

#endif

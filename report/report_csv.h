/* Incidents and findings as comma separated values, one per line, below a line
 * with their fields' names, which are those of the JSON: `connection.server_ip`
 * is a member of a member. A field that is absent there is empty. Of incidents
 * what is a list or statistics is left out, of a probe all but its findings,
 * and of these what only one kind has. */
#ifndef REPORT_REPORT_CSV_H
#define REPORT_REPORT_CSV_H

#include <stdio.h>

#include "analysis/path/path.h"
#include "report/source.h"

void report_csv(const struct report_source *source, FILE *out);
void report_path_csv(const struct path *path, FILE *out);

#endif

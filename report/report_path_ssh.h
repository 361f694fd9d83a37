/* An SSH server in reports. */
#ifndef REPORT_REPORT_PATH_SSH_H
#define REPORT_REPORT_PATH_SSH_H

#include "analysis/path/path.h"
#include "report/json.h"
#include "report/layout.h"

/* "   max-startups, in the phase banner, with 3 at once" into `text`; returns
 * its length, as snprintf does. */
size_t report_path_ssh_title(
	const struct finding *finding, char *text, size_t bytes);
/* Its fields, in an object that is open. */
void report_path_ssh_json(struct json *json, const struct finding *finding);

/* Of a question: which findings would answer it, a set of enum finding_cause.
 */
void report_path_ssh_causes_json(struct json *json, unsigned causes);

/* Which software the server names, what is known of it, and what the phases
 * took, if that was tested. */
void report_path_ssh_times(
	const struct layout *layout, const struct path_totals *totals);
void report_path_ssh_times_json(
	struct json *json, const struct path_totals *totals);

#endif

/* An idle time-out in reports. */
#ifndef REPORT_REPORT_PATH_IDLE_H
#define REPORT_REPORT_PATH_IDLE_H

#include "analysis/path/path.h"
#include "report/json.h"
#include "report/layout.h"

/* ", between 348.0 and 351.2 s, then silence" into `text`; returns its
 * length, as snprintf does. */
size_t report_path_idle_title(
	const struct finding *finding, char *text, size_t bytes);
/* Which device that may be. */
void report_path_idle(
	const struct layout *layout, const struct finding *finding);
/* How long connections were seen to survive, if that was tested. */
void report_path_idle_survived(
	const struct layout *layout, const struct path_totals *totals);
/* Its fields, in an object that is open. */
void report_path_idle_json(struct json *json, const struct finding *finding);

#endif

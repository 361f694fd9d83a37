/* A TLS server in reports. */
#ifndef REPORT_REPORT_PATH_TLS_H
#define REPORT_REPORT_PATH_TLS_H

#include "analysis/path/path.h"
#include "report/json.h"
#include "report/layout.h"

/* A finding's fields, in an object that is open. */
void report_path_tls_json(struct json *json, const struct finding *finding);

/* What the server chose, and what the phases took, if that was tested. */
void report_path_tls_times(
	const struct layout *layout, const struct path_totals *totals);
void report_path_tls_times_json(
	struct json *json, const struct path_totals *totals);

#endif

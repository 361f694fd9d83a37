/* The evidence of what is said of a path, as JSON. */
#ifndef REPORT_PATH_EVIDENCE_JSON_H
#define REPORT_PATH_EVIDENCE_JSON_H

#include "analysis/path/finding.h"
#include "report/json.h"

/* The array "evidence", in an object that is open. */
void path_evidence_json(
	struct json *json, const struct evidence_row *rows, unsigned count);

#endif

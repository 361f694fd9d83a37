/* The last line of --json: totals, capture points, what was not judged. */
#ifndef REPORT_SUMMARY_JSON_H
#define REPORT_SUMMARY_JSON_H

#include "report/json.h"
#include "report/source.h"

/* A record of its own. */
void summary_json(struct json *json, const struct report_source *source);

#endif

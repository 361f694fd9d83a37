/* Why connections to the target of a probe fail, in reports. */
#ifndef REPORT_REPORT_CAUSE_H
#define REPORT_REPORT_CAUSE_H

#include "analysis/cause/cause.h"
#include "report/json.h"
#include "report/layout.h"

/* The causes: found, excluded, to be tested. */
void report_cause_text(const struct layout *layout, const struct path *path);
/* What to change, and no more. */
void report_cause_advice(const struct layout *layout, const struct path *path);
/* A line "client" if something is known of it, and a line "cause" each. */
void report_cause_json(struct json *json, const struct path *path);

#endif

/* Incidents, flows and the summary as JSON, one object per line. */
#ifndef REPORT_REPORT_JSON_H
#define REPORT_REPORT_JSON_H

#include <stdio.h>

#include "report/source.h"

/* Everything: incidents, flows if the source has any, the summary last. */
void report_json(const struct report_source *source, FILE *out);

/* One incident as a line of its own. */
void report_json_incident(const struct report_source *source,
	const struct incident *incident, FILE *out);

/* One connection as a line of its own. */
void report_json_flow(const struct report_source *source,
	const struct flow_summary *summary, FILE *out);

/* An incident as type "notice": what a live run has seen so far; more packets
 * may yet change it. */
void report_json_notice(const struct report_source *source,
	const struct incident *incident, FILE *out);

/* A notice that was wrong, as type "withdrawal". */
void report_json_withdrawal(const struct report_source *source,
	const struct incident *incident, FILE *out);

#endif

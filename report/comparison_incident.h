/* The incidents of compared captures. */
#ifndef REPORT_COMPARISON_INCIDENT_H
#define REPORT_COMPARISON_INCIDENT_H

#include "report/comparison.h"

/* A source like `source`, whose incidents have the grades that the comparison
 * proves: as sure as it is that a device between two points sent it. Both have
 * to outlive it. */
struct compared_incidents {
	const struct report_source *source;
	const struct compare *compare;
};
struct report_source comparison_source(struct compared_incidents *incidents);

#endif

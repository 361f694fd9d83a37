/* The few packets that decide, as rows of aligned columns. */
#ifndef REPORT_EXCERPT_TEXT_H
#define REPORT_EXCERPT_TEXT_H

#include "report/layout.h"
#include "report/source.h"

/* Rows for all excerpts of the incident, between them how long nothing came. */
void excerpt_rows(const struct layout *layout,
	const struct report_source *source, const struct incident *incident,
	unsigned indent);

#endif

/* The facts of an incident as lines, marked by what they speak for. */
#ifndef REPORT_EVIDENCE_TEXT_H
#define REPORT_EVIDENCE_TEXT_H

#include "report/layout.h"
#include "report/source.h"

/* The first few facts, with -v all: what is known before what is not. */
void evidence_lines(const struct layout *layout, unsigned indent,
	const struct report_source *source, const struct incident *incident);

#endif

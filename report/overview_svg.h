/* The table of a capture's failures as a picture. */
#ifndef REPORT_OVERVIEW_SVG_H
#define REPORT_OVERVIEW_SVG_H

#include <stdio.h>

#include "report/source.h"
#include "report/style.h"

void overview_svg(const struct report_source *source, const struct style *style,
	FILE *out);
void overview_png(const struct report_source *source, const struct style *style,
	FILE *out);

#endif

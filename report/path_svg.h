/* A probe's path as a picture: hops with the sizes that pass to each, round
 * trips and loss, and which link is to blame for what. */
#ifndef REPORT_PATH_SVG_H
#define REPORT_PATH_SVG_H

#include <stdio.h>

#include "analysis/path/path.h"
#include "report/style.h"

void path_svg(const struct path *path, const struct style *style, FILE *out);
void path_png(const struct path *path, const struct style *style, FILE *out);

#endif

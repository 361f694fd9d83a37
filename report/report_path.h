/* A judged path: hops and findings as JSON lines, or as a picture and text. */
#ifndef REPORT_REPORT_PATH_H
#define REPORT_REPORT_PATH_H

#include <stdio.h>

#include "analysis/path/path.h"
#include "report/json.h"
#include "report/style.h"

void report_path_json(const struct path *path, FILE *out);
void report_path_text(
	const struct path *path, const struct style *style, FILE *out);

/* "PATH MTU BLACK HOLE" */
const char *finding_title(enum finding_kind kind);

/* The same records on a writer that has begun, for a page. */
void report_path_json_lines(struct json *json, const struct path *path);

#endif

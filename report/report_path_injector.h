/* A device that resets connections, in reports. */
#ifndef REPORT_REPORT_PATH_INJECTOR_H
#define REPORT_REPORT_PATH_INJECTOR_H

#include "analysis/path/path.h"
#include "report/json.h"
#include "report/layout.h"

/* ", between hop 2 and hop 3, on tls:example.org" into `text`; returns its
 * length, as snprintf does. */
size_t report_path_injector_title(
	const struct finding *finding, char *text, size_t bytes);
/* What the device does. */
void report_path_injector(
	const struct layout *layout, const struct finding *finding);
/* Its fields, in an object that is open. */
void report_path_injector_json(
	struct json *json, const struct finding *finding);

#endif

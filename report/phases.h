/* How long the phases of a handshake took: one line of a text report, numbers
 * of an object in JSON. */
#ifndef REPORT_PHASES_H
#define REPORT_PHASES_H

#include <stdint.h>

#include "report/json.h"
#include "report/layout.h"

struct phase {
	const char *text, *key; /* the key of its milliseconds in JSON */
	int64_t ns;		/* -1: not measured, and left out */
};

/* Nothing if no phase was measured. */
void phases_text(const struct layout *layout, const char *label,
	const struct phase *phases, unsigned count);

/* Into the object that is open. */
void phases_json(struct json *json, const struct phase *phases, unsigned count);

#endif

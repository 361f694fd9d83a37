#include "report/phases.h"

#include <stdio.h>

#include "report/clock.h"

void phases_text(const struct layout *layout, const char *label,
	const struct phase *phases, unsigned count)
{
	char text[256], duration[DURATION_TEXT];
	size_t used = 0;

	for (unsigned i = 0; i < count; i++)
		if (phases[i].ns >= 0)
			used += (size_t)snprintf(text + used,
				sizeof(text) - used, "%s%s %s",
				used ? ", " : "", phases[i].text,
				duration_text(duration, phases[i].ns));
	if (used)
		layout_labelled(layout, 2, label, text);
}

void phases_json(struct json *json, const struct phase *phases, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (phases[i].ns >= 0)
			json_real(json, phases[i].key,
				(double)phases[i].ns / 1e6, 3);
}

#include "analysis/compare/silence.h"

#include <stdlib.h>

enum { LEAST_NS = 1000000 };

void silences_release(struct silences *silences)
{
	free(silences->kept);
	silences->kept = NULL;
}

/* The longer half stays. */
static void thin(struct silences *silences)
{
	while (silences->kept && silences->count == SILENCES_MOST) {
		uint32_t kept = 0;

		if (silences->least_ns > INT64_MAX / 4) {
			silences_release(silences); /* of no real recording */
			return;
		}
		silences->least_ns *= 2;
		for (uint32_t i = 0; i < silences->count; i++)
			if (silences->kept[i].to_ns -
					silences->kept[i].from_ns >=
				silences->least_ns)
				silences->kept[kept++] = silences->kept[i];
		silences->count = kept;
	}
}

void silences_note(struct silences *silences, int64_t time_ns)
{
	int64_t last_ns = silences->last_ns, apart_ns;

	silences->last_ns = time_ns;
	if (!silences->has_begun) {
		silences->has_begun = true;
		silences->least_ns = LEAST_NS;
		silences->kept = calloc(SILENCES_MOST, sizeof(*silences->kept));
		return;
	}
	if (!silences->kept ||
		__builtin_sub_overflow(time_ns, last_ns, &apart_ns) ||
		apart_ns < silences->least_ns)
		return;
	thin(silences);
	if (!silences->kept)
		return;
	silences->kept[silences->count++] = (struct silence){last_ns, time_ns};
}

bool silences_wrote(
	const struct silences *silences, int64_t from_ns, int64_t to_ns)
{
	int64_t apart_ns;

	if (!silences->kept ||
		__builtin_sub_overflow(to_ns, from_ns, &apart_ns) ||
		apart_ns < 2 * silences->least_ns)
		return false;
	for (uint32_t i = 0; i < silences->count; i++)
		if (silences->kept[i].from_ns <= from_ns &&
			silences->kept[i].to_ns >= to_ns)
			return false;
	return true;
}

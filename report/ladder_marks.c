#include "report/ladder_marks.h"

#include <string.h>

static void add(void *context, uint64_t id, uint8_t mark)
{
	struct ladder_marks *marks = context;

	marks->of[id] |= mark;
}

void ladder_marks_make(struct ladder_marks *marks,
	const struct flow_packet *const *list, unsigned count)
{
	struct segment_fates fates = {.tell = add, .context = marks};

	memset(marks, 0, sizeof(*marks));
	for (unsigned i = 0; i < count; i++)
		marks->of[i] |= segment_fates_take(&fates, &list[i]->packet,
			list[i]->speaker, i, &marks->hole_bytes[i]);
	segment_fates_end(&fates);
}

#include "analysis/verdict/idle_timers.h"

#include "analysis/learned/idle_stats.h"

static uint32_t milliseconds(int64_t ns)
{
	int64_t ms = ns / 1000000;

	return ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

void idle_timers_text(
	int64_t survived_ns, int64_t died_ns, char *text, size_t text_bytes)
{
	text[0] = '\0';
	if (died_ns > 0)
		idle_stats_timers(milliseconds(survived_ns),
			milliseconds(died_ns), text, (unsigned)text_bytes);
}

/* Which devices are known to forget idle connections after a time. */
#ifndef ANALYSIS_VERDICT_IDLE_TIMERS_H
#define ANALYSIS_VERDICT_IDLE_TIMERS_H

#include <stddef.h>
#include <stdint.h>

/* The known timers (analysis/learned/idle_stats.c) between an idle time that
 * was survived (0: none was) and a fatal one, "; " between, into `text` of at
 * least 512 bytes (IDLE_TIMERS_TEXT); empty when none fits. */
void idle_timers_text(
	int64_t survived_ns, int64_t died_ns, char *text, size_t text_bytes);

#endif

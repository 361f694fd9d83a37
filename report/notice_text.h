/* What a run tells people while it goes on. */
#ifndef REPORT_NOTICE_TEXT_H
#define REPORT_NOTICE_TEXT_H

#include <stdio.h>

#include "report/source.h"
#include "report/style.h"

/* One incident as it closes in a live capture: who, how and when, and with -v
 * what decides. Flushes. */
void report_text_notice(const struct report_source *source,
	const struct incident *incident, const struct style *style, FILE *out);

/* A notice that later packets have shown to be wrong. Flushes. */
void report_text_withdrawal(const struct report_source *source,
	const struct incident *incident, const struct style *style, FILE *out);

#endif

/* Advice as it can be pasted: commands with the host and the port that are
 * known. */
#ifndef REPORT_ADVICE_TEXT_H
#define REPORT_ADVICE_TEXT_H

#include "analysis/verdict/incident.h"

enum { ADVICE_TEXT = 1024 };

/* The text with `sudo culprit probe HOST -p PORT --only LIST` for each "culprit
 * probe --only LIST" and "probe --only LIST" in it. */
const char *advice_text(char text[ADVICE_TEXT], const char *from,
	const struct flow_name *flow);

#endif

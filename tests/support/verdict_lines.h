/* What tests/verdicts.txt pins of a capture, without its name: its incidents
 * and the totals. */
#ifndef TESTS_SUPPORT_VERDICT_LINES_H
#define TESTS_SUPPORT_VERDICT_LINES_H

#include "capture/packet.h"

struct knowledge;
struct thresholds;

/* As tests/commands/test_verdicts.py writes it. NULL without memory; to be
 * freed. */
char *verdict_lines(const struct packet *packets, unsigned count,
	const struct knowledge *knowledge, const struct thresholds *thresholds);

#endif

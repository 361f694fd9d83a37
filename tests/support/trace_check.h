/* clang-format off */
/* What a trace expects of its packets, guilty cases and innocent twins:
 *
 *   expect none                     no incident at all
 *   expect MECHANISM [WORD VALUE]...  the next incident, in order of frames:
 *       sender, culprit, grade (several: likely|possible), hop, frame,
 *       signature (the row's name), port (the client's), family, pattern,
 *       tampering (the label, _ for blanks), passed and failed (IP bytes)
 *   expect fact WORD yes|no|unknown  of the incident above: a row of evidence
 *                                    that says so, or that nothing is known
 *   expect also MECHANISM CULPRIT    of the incident above: another reading
 *   expect not-also MECHANISM CULPRIT  of the incident above: no such reading
 *   expect trigger KIND VALUE N/M N/M  of the incident above: what its device
 *                                    looks for; reset of those with it, without
 *   expect trigger none
 *   expect outranks SIGNATURE        of the incident above: that row applies
 *                                    too, and is set aside
 *   expect not-outranks SIGNATURE    of the incident above: no such row
 *   expect acquitted SIGNATURE       some connection's resets, by that row
 *   expect total WORD N              orderly, harmless, duplicates, lost,
 *                                    flows, steps, odd, out-of-window
 *   expect varies WORD...            which invariants the story is about, see
 *                                    test_trace_invariants.c */
/* clang-format on */
#ifndef TESTS_SUPPORT_TRACE_CHECK_H
#define TESTS_SUPPORT_TRACE_CHECK_H

#include <stdio.h>

#include "tests/support/trace_run.h"

/* Judges the trace; is all as it expects? What is not is told to `told`, if
 * that is not NULL, as lines of TAP comments. */
bool trace_check(const struct trace_file *file,
	const struct trace_manner *manner, FILE *told,
	struct trace_verdict *verdict);

#endif

/* Names for what a reset looks like: injectors that were seen before, and the
 * tampering signatures of "Global, Passive Detection of Connection Tampering"
 * (SIGCOMM 2023). Labels beside the verdict, never the verdict. */
#ifndef ANALYSIS_PATTERN_H
#define ANALYSIS_PATTERN_H

#include "analysis/state.h"

/* NULL when the reset fits none. */
const char *pattern_of(const struct record *record, unsigned cluster);

/* How the client's packets ended, as the server's side would name it; NULL
 * when the client did not end it so. Computed for resets in the client's name;
 * for those in the server's name the same words are used mirrored. */
const char *tampering_of(const struct record *record);

#endif

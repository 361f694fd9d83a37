/* The failures counted by one property (`--by`): by server, by minute, ... */
#ifndef REPORT_TALLY_TEXT_H
#define REPORT_TALLY_TEXT_H

#include "report/layout.h"
#include "report/source.h"

/* The word of a property as --by takes it; NULL past the last. */
const char *tally_word(enum tally_by by);

/* A row for each value that incidents have, the most frequent first, `most` of
 * them: failures, value, how most of them failed, first and last time. False
 * without memory. */
bool tally_text(const struct layout *layout, const struct report_source *source,
	enum tally_by by, uint32_t most);

#endif

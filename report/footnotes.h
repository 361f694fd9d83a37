/* Facts that stand below a ladder, by numbers that stand in it. */
#ifndef REPORT_FOOTNOTES_H
#define REPORT_FOOTNOTES_H

#include "report/layout.h"
#include "report/source.h"

struct footnotes {
	const struct evidence_row *rows[INCIDENT_EVIDENCE];
	unsigned count;
};

/* Appends " (3)" to the text of `bytes` bytes: the number that the fact has
 * below. */
void footnotes_mark(struct footnotes *footnotes,
	const struct evidence_row *row, char *text, size_t bytes);

enum { FOOTNOTE_TEXT = 3 * FOUND_BYTES + 160 };
/* "reset-ttl-matches-sender: no, found 64, expected 62 (#8)" */
const char *footnote_text(char text[FOOTNOTE_TEXT],
	const struct report_source *source, const struct evidence_row *row);

/* A line for each. */
void footnotes_print(const struct layout *layout,
	const struct report_source *source, const struct footnotes *footnotes);

#endif

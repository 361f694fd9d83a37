/* The HTML report: one file that needs no other, for a browser without network.
 *
 * It is written as it goes and in bounded memory: the first half of the page, a
 * data block, the second half (page_assets.h). The data block is JSON, one
 * object or array a line; report/page/data.js is its reader, and the two change
 * together. Nothing from a capture is ever markup: '<' is escaped, and the
 * scripts set text only.
 *
 * Where a line has a text, it is a JSON string, which then has the next number
 * (from 0), or the number of a text before it, or an array of one string that
 * gets no number, because there were too many. */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

#include <stdio.h>

#include "report/json.h"
#include "report/source.h"

struct report_page;

/* Writes the first half. NULL without memory; then nothing is written. `out`
 * has to stay until the end, and keeps its errors. */
struct report_page *page_begin(FILE *out);
/* Writes the second half and frees the page. */
void page_end(struct report_page *page);

/* For the files of this folder. */

/* Where lines are written. */
struct json *page_json(struct report_page *page);
/* A text as a member of the array that is open. NULL is the empty text. */
void page_text(struct report_page *page, const char *text);
/* A time, in nanoseconds since the page's first; an empty string for INT64_MIN.
 * As an integer: exact in a double for 104 days. */
void page_time(struct report_page *page, int64_t time_ns);
void page_set_first_time(struct report_page *page, int64_t time_ns);
/* So far, without the first half. */
uint64_t page_data_bytes(const struct report_page *page);
/* Of both halves. */
uint64_t page_frame_bytes(void);

#endif

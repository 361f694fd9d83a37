/* Comma separated values by RFC 4180, lines ended by a line feed, safe to open
 * in a spreadsheet: a text that one would take for a formula gets an apostrophe
 * before it, as spreadsheets write it themselves. */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A text, escaped by safe_text.h, quoted when it must be. */
void csv_text(FILE *out, const char *text);

/* Seconds with nine decimals. */
void csv_seconds(FILE *out, int64_t time_ns);

/* A line whose fields have names. The code that writes a line writes the header
 * too, when `is_header`: then the fields' names stand for what is in them. */
struct csv_line {
	FILE *out;
	bool is_header;
	bool has_fields; /* on this line, already */
};

void csv_line_string(struct csv_line *line, const char *name, const char *text);
void csv_line_number(struct csv_line *line, const char *name, uint64_t number);
/* Nothing for INT64_MIN. */
void csv_line_seconds(struct csv_line *line, const char *name, int64_t time_ns);
/* "true", or nothing: absent, as in JSON. */
void csv_line_truth(struct csv_line *line, const char *name, bool is_true);
void csv_line_end(struct csv_line *line);

#endif

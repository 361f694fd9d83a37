/* Writes newline-delimited JSON as it goes: of a record no more than a page is
 * held in memory, so a million records cost no more than one. Keys are ours;
 * values are escaped. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_PAGE_BYTES = 8192 };

struct json {
	FILE *out;     /* errors stay in it; whoever closes it asks */
	bool is_first; /* no comma before the next member */
	/* Stands inside a <script> of an HTML page: '<' is written as \u003c,
	 * so that nothing ends the script or begins a comment. */
	bool is_in_page;
	uint64_t written; /* bytes that were handed over */
	unsigned depth;
	size_t used; /* of the page */
	char page[JSON_PAGE_BYTES];
};

void json_begin(struct json *json, FILE *out);

/* A record is one object on a line of its own, its type first. At its end all
 * of it was handed to `out`. */
void json_record(struct json *json, const char *type);
void json_record_end(struct json *json);

/* The same for an array. */
void json_row(struct json *json);
void json_row_end(struct json *json);

/* `key` is NULL for members of an array. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);

void json_string(struct json *json, const char *key, const char *value);
/* Nothing at all where there is no text: NULL or "". */
void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, uint64_t value);
void json_signed(struct json *json, const char *key, int64_t value);
void json_boolean(struct json *json, const char *key, bool value);
/* Nanoseconds as seconds with a fixed number of decimals, a JSON number. */
void json_seconds(struct json *json, const char *key, int64_t duration_ns);
/* With as many decimals as given. */
void json_real(struct json *json, const char *key, double value, int decimals);
/* Nanoseconds since the epoch as the decimal string "1700000000.000000000";
 * nothing at all for INT64_MIN (no time was recorded). */
void json_time(struct json *json, const char *key, int64_t time_ns);

#endif

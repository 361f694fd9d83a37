/* Writes newline-delimited JSON as it goes: nothing is built in memory, so a
 * million records cost no more than one. Keys are ours; values are escaped. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;     /* errors stay in it; whoever closes it asks */
	bool is_first; /* no comma before the next member */
	unsigned depth;
};

void json_begin(struct json *json, FILE *out);

/* A record is one object on a line of its own, its type first. */
void json_record(struct json *json, const char *type);
void json_record_end(struct json *json);

/* `key` is NULL for members of an array. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);

void json_string(struct json *json, const char *key, const char *value);
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

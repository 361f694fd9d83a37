/* What --json prints: every field of every record. `culprit explain`, the page
 * culprit-json(5) and docs/culprit.schema.json are made of this table, and the
 * tests hold all output against it. */
#ifndef REPORT_JSON_FIELDS_H
#define REPORT_JSON_FIELDS_H

enum json_type {
	JSON_STRING,
	JSON_TIME, /* a string: seconds since the epoch with nine decimals */
	JSON_INTEGER,
	JSON_REAL,
	JSON_BOOLEAN,
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_ANY, /* a string or a number */
};

struct json_field {
	const char *records; /* the types that have it, with spaces between */
	/* "evidence[].fact": from the record on; "*" is any name */
	const char *path;
	enum json_type type;
	const char *meaning;
};

/* The tables one after the other; NULL past the last. */
const struct json_field *json_field_at(unsigned index);

extern const struct json_field json_fields_capture[], json_fields_summary[],
	json_fields_probe[], json_fields_compare[];
extern const unsigned json_fields_capture_count, json_fields_summary_count,
	json_fields_probe_count, json_fields_compare_count;

/* The words of the types, as JSON Schema has them; "any" is none of its. */
const char *json_type_word(enum json_type type);

#endif

#include "report/json_fields.h"

#include <stddef.h>

const struct json_field *json_field_at(unsigned index)
{
	const struct {
		const struct json_field *fields;
		unsigned count;
	} tables[] = {
		{json_fields_capture, json_fields_capture_count},
		{json_fields_summary, json_fields_summary_count},
		{json_fields_probe, json_fields_probe_count},
		{json_fields_compare, json_fields_compare_count},
	};

	for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (index < tables[i].count)
			return &tables[i].fields[index];
		index -= tables[i].count;
	}
	return NULL;
}

const char *json_type_word(enum json_type type)
{
	static const char *const words[] = {
		[JSON_STRING] = "string",
		[JSON_TIME] = "string",
		[JSON_INTEGER] = "integer",
		[JSON_REAL] = "number",
		[JSON_BOOLEAN] = "boolean",
		[JSON_OBJECT] = "object",
		[JSON_ARRAY] = "array",
		[JSON_ANY] = "any",
	};

	return words[type];
}

#include "report/json_fields.h"

#include <stddef.h>

const struct json_field *json_field_at(unsigned index)
{
	if (index < json_fields_capture_count)
		return &json_fields_capture[index];
	index -= json_fields_capture_count;
	if (index < json_fields_probe_count)
		return &json_fields_probe[index];
	index -= json_fields_probe_count;
	return index < json_fields_compare_count ? &json_fields_compare[index]
						 : NULL;
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

/* The fields of --json, and the words in plain English that reports print. */
#include <string.h>

#include "report/explain_table.h"
#include "report/json_fields.h"

struct explanation explain_json_field(int index)
{
	const struct json_field *field = &json_fields[index];
	const char *last = strrchr(field->path, '.');

	return (struct explanation){
		.word = last ? last + 1 : field->path,
		.meaning = field->meaning,
		.place = field->path,
		.records = field->records,
	};
}

int explain_json_field_count(void)
{
	return (int)json_field_count;
}

/* The fields of --json. */
#include <string.h>

#include "report/explain_table.h"
#include "report/json_fields.h"

struct explanation explain_json_field(int index)
{
	const struct json_field *field = json_field_at((unsigned)index);
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
	int count = 0;

	while (json_field_at((unsigned)count))
		count++;
	return count;
}

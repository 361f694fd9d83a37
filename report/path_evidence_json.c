#include "report/path_evidence_json.h"

void path_evidence_json(
	struct json *json, const struct evidence_row *rows, unsigned count)
{
	json_array(json, "evidence");
	for (unsigned i = 0; i < count; i++) {
		const struct evidence_row *row = &rows[i];

		json_object(json, NULL);
		json_string(json, "fact", row->fact);
		if (row->holds != TRUTH_UNKNOWN)
			json_boolean(json, "holds", row->holds == TRUTH_YES);
		if (row->frame)
			json_number(json, "frame", row->frame);
		if (row->against)
			json_number(json, "against", row->against);
		if (row->found[0])
			json_string(json, "found", row->found);
		if (row->expected[0])
			json_string(json, "expected", row->expected);
		json_object_end(json);
	}
	json_array_end(json);
}

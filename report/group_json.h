/* A group of incidents as a JSON record. */
#ifndef REPORT_GROUP_JSON_H
#define REPORT_GROUP_JSON_H

#include "report/groups.h"
#include "report/json.h"

/* Type "group": its key, its place, how many it has and how they spread. Its
 * incidents have its number as "group"; several groups that differ in place
 * have one number. */
void group_json(struct json *json, const struct group *group);

#endif

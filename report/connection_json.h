/* A connection as scripts join by it: its ends apart, and its Community ID. */
#ifndef REPORT_CONNECTION_JSON_H
#define REPORT_CONNECTION_JSON_H

#include "analysis/verdict/incident.h"
#include "report/json.h"
#include "report/source.h"

/* "1:LQU9qZlK+B5F3KDmev6m5PMibrg=": Corelight's Community ID of version 1 and
 * seed 0, the same for both directions. */
enum { COMMUNITY_ID_TEXT = 32 };
const char *community_id(
	char text[COMMUNITY_ID_TEXT], const struct flow_name *flow);

/* The member "connection". `tcp_stream`: see report_tcp_stream. */
void connection_json(
	struct json *json, const struct flow_name *flow, uint32_t tcp_stream);

/* "2023-11-14T22:19:12.000000Z", as RFC 3339 has it, UTC; "" for INT64_MIN. */
enum { WALL_TIME_TEXT = 48 };
const char *wall_time_text(char text[WALL_TIME_TEXT], int64_t time_ns);

/* The member `key`: the time so; nothing for INT64_MIN. */
void wall_time_json(struct json *json, const char *key, int64_t time_ns);

#endif

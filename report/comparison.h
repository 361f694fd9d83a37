/* What several capture points recorded of the same connections, for reports. */
#ifndef REPORT_COMPARISON_H
#define REPORT_COMPARISON_H

#include <stdio.h>

#include "analysis/compare/compare.h"
#include "report/source.h"
#include "report/style.h"

struct comparison {
	const struct compare *compare;
	const struct report_source *source; /* incidents, frames, places */
};

enum {
	LANE_TEXT = 96,
	LANE_FRAME_TEXT = 128,
	PACKET_TEXT = 64,
	CHANGE_VALUE = 64
};

/* The capture point of a lane: "client"; with the interface where the point
 * has several, "r1:2". */
const char *lane_text(char text[LANE_TEXT], const struct comparison *comparison,
	unsigned lane);

/* "RST", "SYN,ACK", "data, 1448 bytes". */
const char *compared_packet_text(
	char text[PACKET_TEXT], uint16_t flags, uint32_t payload_bytes);

/* The connection as the lane nearest to the client that has it names it. */
struct flow_name comparison_flow(
	const struct comparison *comparison, uint32_t group);

/* What a field was before and behind a device: numbers, of addresses endpoints,
 * of payloads nothing. */
void comparison_change_values(const struct comparison *comparison,
	const struct field_change *change, char from[CHANGE_VALUE],
	char to[CHANGE_VALUE]);

void comparison_text(const struct comparison *comparison,
	const struct style *style, FILE *out);
void comparison_json(const struct comparison *comparison,
	const struct style *style, FILE *out);

/* The records of points and spans and the totals alone. */
struct json;
void comparison_json_points(
	struct json *json, const struct comparison *comparison);

#endif

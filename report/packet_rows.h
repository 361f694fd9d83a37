/* A connection's packets for other programs: CSV and JSON, one packet a line,
 * written as they come. */
#ifndef REPORT_PACKET_ROWS_H
#define REPORT_PACKET_ROWS_H

#include <stdio.h>

#include "report/flow_packets.h"
#include "report/source.h"

/* Column names, one line. Sequence and acknowledgement numbers are as sent. */
void packet_row_csv_header(FILE *out);
void packet_row_csv(const struct report_source *source,
	const struct packet *packet, enum speaker speaker, FILE *out);

/* {"type":"packet",...}; `incident` (may be NULL) tells which is the fatal. */
void packet_row_json(const struct report_source *source,
	const struct incident *incident, const struct packet *packet,
	enum speaker speaker, FILE *out);

#endif

/* A connection's packets for other programs: CSV and JSON, one packet a line,
 * written as they come. */
#ifndef REPORT_PACKET_ROWS_H
#define REPORT_PACKET_ROWS_H

#include "report/packet_view.h"

/* Column names, one line. Sequence and acknowledgement numbers are as sent. */
void packet_row_csv_header(const struct packet_view *view);
void packet_row_csv(const struct packet_view *view, const struct packet *packet,
	enum speaker speaker);

/* {"type":"packet",...}; tells which is the fatal one of view->incident. */
void packet_row_json(const struct packet_view *view,
	const struct packet *packet, enum speaker speaker);

#endif

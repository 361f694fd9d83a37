/* All that is known of one incident, as a line of the HTML report. */
#ifndef REPORT_PAGE_PAGE_DETAIL_H
#define REPORT_PAGE_PAGE_DETAIL_H

#include "report/page/page.h"

/* `row` is the number of its line among those of incidents, from 0. */
void page_detail(struct report_page *page, const struct report_source *source,
	uint64_t row, const struct incident *incident);

/* Whether one packet comes from the device on the path that the incident
 * names: its fatal packet and resets like it (incident_same_distance). */
bool page_detail_is_from_device(const struct incident *incident, uint64_t frame,
	uint16_t tcp_flags, uint8_t ttl, bool is_from_client);

#endif

/* Which packets of a connection a device on the path sent. */
#ifndef REPORT_PACKET_ORIGIN_H
#define REPORT_PACKET_ORIGIN_H

#include "analysis/verdict/incident.h"

/* Whether one packet comes from the device on the path that the incident
 * names: its fatal packet and resets like it (incident_same_distance). */
bool packet_is_from_device(const struct incident *incident, uint64_t frame,
	uint16_t tcp_flags, uint8_t ttl, bool is_from_client);

#endif

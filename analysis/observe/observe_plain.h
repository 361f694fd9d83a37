/* Plain packets of established connections, of which only a few fields of the
 * flow change. */
#ifndef ANALYSIS_OBSERVE_OBSERVE_PLAIN_H
#define ANALYSIS_OBSERVE_OBSERVE_PLAIN_H

#include "analysis/observe/observe.h"
#include "capture/decode/plain_packet.h"

/* Whether observe_plain does for this packet of side `index` what observe_tcp
 * would. observer->capture_point is the packet's. */
bool observe_is_plain(const struct observer *observer, const struct flow *flow,
	unsigned index, const struct plain_packet *packet);

/* Takes the packet of a named frame (plain_packet_of) whose time is one to
 * reckon with, if observe_is_plain; else changes nothing and returns false. */
bool observe_plain(const struct observer *observer, struct flow *flow,
	unsigned index, const struct frame *frame, unsigned network_offset,
	uint8_t family);

#endif

/* Probes of each method, as experiments send them. */
#ifndef PROBE_ENGINE_PROBE_BUILD_H
#define PROBE_ENGINE_PROBE_BUILD_H

#include "probe/engine/experiment.h"

/* Adds a probe: an IP packet of `ip_bytes` with this hop limit, by this method.
 * NULL when the transmit queue is full. Short ones are made as long as they
 * must be. */
struct probe_packet *probe_build(struct probe_context *context,
	enum probe_method method, uint32_t ip_bytes, uint8_t ttl,
	struct tx_queue *tx_queue);

/* Smallest IP packet that distinguishes the probes of its method. */
uint32_t probe_build_least_bytes(uint8_t family, enum probe_method method);

#endif

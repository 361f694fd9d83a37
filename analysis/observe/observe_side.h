/* What every packet of a connection, plain or not, changes in the flow: shared
 * by the whole way (observe_tcp.c) and the way of plain packets
 * (observe_plain.c). */
#ifndef ANALYSIS_OBSERVE_OBSERVE_SIDE_H
#define ANALYSIS_OBSERVE_OBSERVE_SIDE_H

#include <string.h>

#include "analysis/flow/flow.h"
#include "analysis/thresholds/thresholds.h"

enum {
	SIDE_TTL_PACKETS = 8, /* whose TTLs are counted; later new ones only */
	TLS_ALERT_BYTES = 7,
	REPLY_BYTES = 512, /* the longest line of SMTP: RFC 5321, 4.5.3.1.5 */
};

static inline void observe_ttl(struct flow *flow, unsigned side, uint8_t ttl)
{
	struct side_cold *cold = &flow->cold[side];

	for (unsigned i = 0; i < SIDE_TTLS; i++) {
		if (cold->ttl_count[i] && cold->ttl[i] != ttl)
			continue;
		cold->ttl[i] = ttl;
		if (cold->ttl_count[i] < UINT8_MAX)
			cold->ttl_count[i]++;
		return;
	}
	flow->side[side].flags |= SIDE_TTL_MIXED;
}

/* The shortest time in which this side answered: the handshake alone may have
 * waited for address resolution or a busy host. */
static inline void observe_round_trip(
	struct flow *flow, unsigned index, int64_t elapsed_ns)
{
	bool is_server = index == flow_server(flow);
	uint32_t known = is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT;
	int64_t elapsed_us = elapsed_ns / 1000;

	if (!(flow->flags & known) || elapsed_us < 0)
		return;
	if (is_server && elapsed_us < flow->server_rtt_us)
		flow->server_rtt_us = (uint32_t)elapsed_us & FLOW_RTT_MOST_US;
	else if (!is_server && elapsed_us < flow->client_rtt_us)
		flow->client_rtt_us = (uint32_t)elapsed_us & FLOW_RTT_MOST_US;
}

/* A round trip as a flow keeps it; 0 if time ran backwards. */
static inline uint32_t observe_rtt_us(int64_t elapsed_ns)
{
	int64_t elapsed_us = elapsed_ns / 1000;

	if (elapsed_us < 0)
		return 0;
	return elapsed_us < FLOW_RTT_MOST_US ? (uint32_t)elapsed_us
					     : FLOW_RTT_MOST_US;
}

/* Of IPv4, where the packet is no SYN. */
static inline void observe_identification(const struct thresholds *thresholds,
	struct side *side, uint16_t ip_id, bool is_df)
{
	uint16_t step;

	side->flags |= is_df ? SIDE_DF : SIDE_NO_DF;
	if (ip_id == 0) {
		side->flags |= SIDE_ID_ZERO;
		return;
	}
	step = (uint16_t)(ip_id - side->ip_id);
	if (side->ip_id == 0)
		return;
	if (step >= 1 && step <= thresholds->id_steps)
		side->flags |= SIDE_ID_STEP;
	else if (step)
		side->flags |= SIDE_ID_JUMP;
}

/* The peer has acknowledged more: did the largest packet of `side` arrive? */
static inline void observe_confirmed(struct flow *flow, unsigned side)
{
	struct side *sender = &flow->side[side];
	uint32_t acknowledged = flow->side[!side].acked;

	if (!(sender->flags & SIDE_UNCONFIRMED) ||
		(acknowledged != sender->next &&
			!flow_is_beyond_unconfirmed(flow, side, acknowledged)))
		return;
	sender->flags &= (uint16_t)~SIDE_UNCONFIRMED;
	if (flow->unconfirmed_bytes[side] > sender->passed_bytes)
		sender->passed_bytes = flow->unconfirmed_bytes[side];
	flow->unconfirmed_bytes[side] = 0;
}

static inline uint32_t observe_bare_bytes(const struct flow *flow)
{
	return flow->flags & FLOW_V6 ? IP6_HEADER_BYTES + TCP_HEADER_BYTES
				     : IP4_HEADER_BYTES + TCP_HEADER_BYTES;
}

/* Data of a full segment with the options of this packet, of which `ip_bytes`
 * are in all and `payload_bytes` data: options are counted in the MSS, `limit`
 * (RFC 6691). 0: there is no room for any. */
static inline uint32_t observe_full_payload(const struct flow *flow,
	uint32_t limit, uint32_t ip_bytes, uint32_t payload_bytes)
{
	uint32_t options = ip_bytes - payload_bytes - observe_bare_bytes(flow);

	return limit > options ? limit - options : 0;
}

/* How large the packet was on the wire; 0: not known. What was recorded before
 * segmentation offload has cut it is longer than a segment may be by both SYNs.
 * Its segments are full ones if it is a multiple of these and does not push:
 * who pushes has sent all that there was, in segments of any size. */
static inline uint32_t observe_wire_bytes(const struct thresholds *thresholds,
	const struct flow *flow, unsigned index, uint32_t ip_bytes,
	uint32_t payload_bytes, bool is_pushed)
{
	uint32_t own = flow->mss[index], peer = flow->mss[!index];
	uint32_t limit = own && own < peer ? own : peer;
	uint32_t full =
		observe_full_payload(flow, limit, ip_bytes, payload_bytes);

	if ((!limit || payload_bytes <= limit) &&
		ip_bytes <= thresholds->largest_wire_bytes)
		return ip_bytes;
	return !is_pushed && full && payload_bytes % full == 0
		       ? limit + observe_bare_bytes(flow)
		       : 0;
}

/* How large the side's packets are: `ip_bytes` in all, of which
 * `payload_bytes` are data. Its end counts in `next`. */
static inline void observe_size(const struct thresholds *thresholds,
	struct flow *flow, unsigned index, uint32_t ip_bytes,
	uint32_t payload_bytes, bool is_pushed)
{
	struct side *side = &flow->side[index];
	uint32_t wire_bytes;

	if (ip_bytes <= side->passed_bytes)
		return; /* nearly all */
	wire_bytes = observe_wire_bytes(
		thresholds, flow, index, ip_bytes, payload_bytes, is_pushed);
	if (wire_bytes <= side->passed_bytes ||
		(side->flags & SIDE_UNCONFIRMED &&
			wire_bytes <= flow->unconfirmed_bytes[index]))
		return;
	if (side->next - flow->side[!index].acked < FLOW_END_SPAN) {
		flow->unconfirmed_bytes[index] = saturate16(wire_bytes);
		flow_set_unconfirmed_end(flow, index, side->next);
		side->flags |= SIDE_UNCONFIRMED;
	}
}

/* 2^64 / golden ratio; the digest is its product's upper 16 bits. */
static inline uint16_t observe_digest_of(
	const uint8_t *payload, uint32_t payload_captured)
{
	enum { DIGEST_BYTES = 16, DIGEST_SHIFT = 48 };
	const uint64_t factor = 0x9e3779b97f4a7c15u;
	uint64_t words[2];
	uint16_t digest;

	if (payload_captured < DIGEST_BYTES)
		return 0;
	memcpy(words, payload, sizeof(words));
	digest = (uint16_t)((words[0] * factor ^ words[1]) * factor >>
			    DIGEST_SHIFT);
	return digest ? digest : 1;
}

#endif

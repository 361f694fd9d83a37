/* The way of plain packets: the next segment, or an acknowledgment, of an
 * established connection in which nothing is pending. It changes what the whole
 * way (observe_tcp.c) would change, which is little, from what
 * capture/decode/plain_packet.h reads; where the whole way might do anything
 * else, it changes nothing and says so.
 * tests/unit/test_plain.c runs both ways on the same packets. */
#include "analysis/observe/observe_plain.h"

#include "analysis/observe/observe_side.h"
#include "analysis/observe/quit_command.h"
#include "capture/sequence.h"

/* Flags with which packets are looked at closer. */
static const uint32_t NEEDS_THE_WHOLE_WAY = FLOW_PORT_REUSED | FLOW_RESET |
					    FLOW_GAP_PENDING | FLOW_WATCHED |
					    FLOW_HTTP | FLOW_ASKED;

/* What is still observed of SSH; NULL: it is not encrypted yet. */
static struct ssh_alive *encrypted_ssh(
	const struct observer *observer, const struct flow *flow)
{
	return flow->evidence ? evidence_ssh_encrypted(&observer->evidence_pool,
					flow->evidence)
			      : NULL;
}

static_assert((int)TLS_ALERT_BYTES <= (int)QUIT_COMMAND_BYTES,
	"alerts are heard with the short commands");

/* First bytes of what a server closes with, see app_message_may_close, and of a
 * long command that ends a session. */
static const bool is_marked[UINT8_MAX + 1] = {
	['4'] = true,
	['E'] = true,
	['-'] = true,
	[QUIT_COMMAND_LONG] = true,
};

/* Whether a payload is heard or compared. */
static inline bool is_heard(const struct observer *observer,
	const struct flow *flow, unsigned index,
	const struct plain_packet *packet)
{
	const struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];

	if (flow->flags & FLOW_SSH && !encrypted_ssh(observer, flow))
		return true;
	return (side->flags & (SIDE_DATA | SIDE_QUIT)) != SIDE_DATA ||
	       packet->payload_bytes <= QUIT_COMMAND_BYTES ||
	       packet->payload_bytes == peer->window ||
	       (packet->payload_bytes <= REPLY_BYTES &&
		       packet->payload_captured &&
		       is_marked[packet->payload[0]]);
}

/* As observe_is_copy: of one capture point, at one TTL, only what repeats the
 * side's last identification. */
static inline bool may_be_copy(
	const struct side *side, const struct plain_packet *packet)
{
	return packet->payload_bytes == 0 && packet->ip_id != 0 &&
	       packet->ip_id == side->ip_id;
}

static inline bool is_in_order(const struct observer *observer,
	const struct flow *flow, unsigned index,
	const struct plain_packet *packet)
{
	const struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];
	int64_t quiet_ns = packet->time_ns - flow_last_ns(flow);

	return packet->sequence == side->next &&
	       side->flags & peer->flags & SIDE_SEEN &&
	       !(peer->flags & SIDE_FIN) &&
	       !sequence_after(packet->acknowledged, peer->next) &&
	       packet->ttl == side->ttl &&
	       observer->capture_point == side->capture_point &&
	       quiet_ns >= 0 &&
	       quiet_ns < observer->thresholds->idle_ms * MILLISECOND_NS;
}

static inline bool is_plain(const struct observer *observer,
	const struct flow *flow, unsigned index,
	const struct plain_packet *packet)
{
	const struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];

	return (flow->flags & (FLOW_ESTABLISHED | NEEDS_THE_WHOLE_WAY)) ==
		       FLOW_ESTABLISHED &&
	       flow->first_frame != 0 &&
	       is_in_order(observer, flow, index, packet) &&
	       packet->window != 0 && !may_be_copy(side, packet) &&
	       (packet->has_timestamp ||
		       !(side->flags & peer->flags & SIDE_TIMESTAMP)) &&
	       (packet->payload_bytes == 0 ||
		       !is_heard(observer, flow, index, packet));
}

bool observe_is_plain(const struct observer *observer, const struct flow *flow,
	unsigned index, const struct plain_packet *packet)
{
	return is_plain(observer, flow, index, packet);
}

static inline void take_acknowledgment(const struct thresholds *thresholds,
	struct flow *flow, unsigned index, const struct plain_packet *packet)
{
	struct side *side = &flow->side[index];
	const struct side *peer = &flow->side[!index];

	if (sequence_after(packet->acknowledged, side->acked)) {
		if (packet->acknowledged == peer->next &&
			side->packets < thresholds->rtt_samples &&
			peer->last_payload)
			observe_round_trip(
				flow, index, packet->time_ns - peer->last_ns);
		side->acked = packet->acknowledged;
	}
	observe_confirmed(flow, !index);
}

static void take_ssh(const struct observer *observer, const struct flow *flow,
	unsigned index, const struct plain_packet *packet)
{
	observe_ssh_alive(observer->thresholds, encrypted_ssh(observer, flow),
		index == flow_client(flow) ? SSH_CLIENT : SSH_SERVER,
		&(struct ssh_data){
			.time_ns = packet->time_ns,
			.frame = packet->frame,
			.sequence = packet->sequence,
			.bytes = packet->payload_bytes,
			.dscp = packet->tos >> 2,
			.is_new = !flow_has_repeated(flow, index),
		});
}

static inline void take(const struct observer *observer, struct flow *flow,
	unsigned index, const struct plain_packet *packet)
{
	const struct thresholds *thresholds = observer->thresholds;
	struct side *side = &flow->side[index];

	if (side->packets < SIDE_TTL_PACKETS)
		observe_ttl(flow, index, packet->ttl);
	if (packet->family == 4)
		observe_identification(
			thresholds, side, packet->ip_id, packet->is_df);
	side->next += packet->payload_bytes;
	take_acknowledgment(thresholds, flow, index, packet);
	if (packet->payload_bytes) {
		if (flow->flags & FLOW_SSH)
			take_ssh(observer, flow, index, packet);
		observe_size(thresholds, flow, index, packet->ip_bytes,
			packet->payload_bytes, packet->tcp_flags & TCP_PSH);
		if (side->packets < thresholds->rtt_samples)
			side->digest = observe_digest_of(
				packet->payload, packet->payload_captured);
	}
	if (packet->has_timestamp)
		side->flags |= SIDE_TIMESTAMP;
	side->last_ns = packet->time_ns;
	side->last_frame = (uint32_t)packet->frame;
	side->window = packet->window;
	side->ip_id = packet->ip_id;
	side->tos = packet->tos;
	side->last_flags = (uint8_t)packet->tcp_flags;
	side->last_payload = saturate16(packet->payload_bytes);
	if (side->packets < UINT32_MAX)
		side->packets++;
}

/* All in one function: what is read of the packet stays in registers. */
bool observe_plain(const struct observer *observer, struct flow *flow,
	unsigned index, const struct frame *frame, unsigned network_offset,
	uint8_t family)
{
	struct plain_packet packet;

	if (!plain_packet_of(frame, network_offset, family, &packet) ||
		!is_plain(observer, flow, index, &packet))
		return false;
	take(observer, flow, index, &packet);
	return true;
}

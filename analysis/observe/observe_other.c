/* Packets with this connection's addresses and ports that belong to another
 * one: a response to the SYN that acknowledges another number, from an end
 * that still holds an earlier connection (RFC 9293, 3.5.1 and 3.10.7.4; RFC
 * 5961, 4); and the packets of an earlier connection that continues behind a
 * NAT or load balancer which reassigned its ports. They change no fact about
 * this connection: their sequence numbers are not its own. */
#include "analysis/observe/observe.h"

#include "capture/sequence.h"

enum {
	/* A window without scaling around the numbers of the connection
	 * before, and what is as near to this one's own is its own. */
	NEAR_BYTES = 65535,
};

static bool is_near(uint32_t number, uint32_t other)
{
	int32_t distance = sequence_distance(other, number);

	return distance >= -NEAR_BYTES && distance <= NEAR_BYTES;
}

/* Nothing of the server has counted yet, and this acknowledges what the SYN
 * never was. A little more than the SYN may be data that the recording has
 * lost, with the SYN-ACK before. */
static bool is_other_answer(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *client = &flow->side[!index];
	int32_t beyond = sequence_distance(
		flow->cold[!index].first_sequence + 1, packet->acknowledged);

	if (beyond > 0 && beyond <= NEAR_BYTES &&
		!(packet->tcp_flags & (TCP_SYN | TCP_RST)))
		return false;
	return !(flow->flags & (FLOW_SYNACK | FLOW_ESTABLISHED)) &&
	       client->flags & SIDE_SYN && flow_client(flow) != index &&
	       !(flow->side[index].flags & SIDE_SEEN) &&
	       packet->tcp_flags & TCP_ACK && client->last_flags & TCP_SYN &&
	       !(client->last_flags & TCP_ACK) &&
	       beyond != 0;
}

static void note_answer(
	struct other_conn *other, unsigned side, const struct packet *packet)
{
	if (other->answers == 0) {
		other->answer = packet_summary_of(packet);
		other->answer_side = (uint8_t)side;
	}
	other->acknowledged = packet->acknowledged;
	count16(&other->answers);
}

static bool is_of_connection_before(const struct flow *flow,
	const struct other_conn *other, unsigned index,
	const struct packet *packet)
{
	return other->has_before && packet->tcp_flags & TCP_ACK &&
	       is_near(packet->sequence, other->before_next[index]) &&
	       is_near(packet->acknowledged, other->before_next[!index]) &&
	       !is_near(packet->sequence, flow->side[index].next) &&
	       !is_near(packet->acknowledged, flow->side[!index].next);
}

/* A reset of the connection that answered before: this one's client drops it
 * (RFC 9293, 3.10.7.3). */
static bool is_other_reset(const struct flow *flow,
	const struct other_conn *other, unsigned index,
	const struct packet *packet)
{
	return packet->tcp_flags & TCP_RST && other->answers &&
	       other->answer_side == index &&
	       is_other_answer(flow, index, packet) &&
	       packet->acknowledged == other->acknowledged;
}

bool observe_other(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	bool is_reset = packet->tcp_flags & TCP_RST;
	bool is_answer = !is_reset && is_other_answer(flow, index, packet);
	struct evidence *evidence = NULL;
	struct other_conn *other;

	if (is_answer)
		evidence = observe_evidence(observer, flow);
	else if (flow->evidence)
		evidence = evidence_at(
			&observer->evidence_pool, flow->evidence);
	if (!evidence)
		return false;
	other = &evidence->other;
	if (is_answer) {
		note_answer(other, index, packet);
	} else if (!is_reset && !(packet->tcp_flags & TCP_SYN) &&
		   is_of_connection_before(flow, other, index, packet)) {
		if (other->continued == 0)
			other->continues = packet_summary_of(packet);
		other->continues_side = (uint8_t)index;
		count16(&other->continued);
	} else if (!is_other_reset(flow, other, index, packet)) {
		return false;
	}
	other->packets[index]++;
	return true;
}

void observe_before(struct observer *observer, struct flow *flow,
	const uint32_t next[2])
{
	struct evidence *evidence = observe_evidence(observer, flow);

	if (!evidence)
		return;
	evidence->other.has_before = true;
	evidence->other.before_next[0] = next[0];
	evidence->other.before_next[1] = next[1];
}

/* Header fields that devices on the path change, and where: a SYN with all
 * fields and options that devices usually change is sent with each hop limit
 * that does not reach the target, and each router quotes it as it arrived
 * there. The SYN has a source port of its own, so that firewalls do not assign
 * it to the open connection; no server receives it. The target itself is
 * probed by UDP, where it responded to UDP: its ICMP error quotes the IP
 * header and the ports. */
#include "probe/experiments/registry.h"
#include "probe/engine/probe_build.h"
#include "probe/protocol/error_ration.h"
#include "probe/protocol/quote_probe.h"
#include "probe/protocol/segment_size.h"

#include <stdio.h>

enum {
	ROUNDS = 4,
};

struct rewritten_state {
	unsigned rounds, pending;
	bool is_answered[HOP_LIMIT_WHOLE_WAY + 1];
};

static void ask_hop(
	struct probe_context *context, unsigned ttl, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);

	if (!probe)
		return;
	probe->kind = PROBE_PACKET_TCP;
	probe->ttl = (uint8_t)ttl;
	probe->tos = QUOTE_PROBE_TOS;
	probe->source_port = context->spare_port;
	probe->target_port = context->port;
	probe->tcp_flags = TCP_SYN | TCP_ECE | TCP_CWR;
	probe->sequence =
		context->connection->first_sequence + 0x5a5a0000u + ttl;
	/* Names the hop where devices change sequence numbers. */
	probe->acknowledged = probe->sequence ^ 0x00c0ffee;
	probe->window = QUOTE_PROBE_WINDOW;
	probe->mss = segment_mss_of(context->family, context->interface_mtu);
	probe->has_options = true;
	probe->window_scale = QUOTE_PROBE_WINDOW_SCALE;
	probe->has_timestamp = true;
	probe->timestamp_value = QUOTE_PROBE_TIMESTAMP;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"rewritten: as it arrives at hop %u", ttl);
}

static void ask_target(struct probe_context *context, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = probe_build(context, METHOD_UDP,
		probe_build_least_bytes(context->family, METHOD_UDP),
		HOP_LIMIT_WHOLE_WAY, tx_queue);

	if (!probe)
		return;
	probe->tos = QUOTE_PROBE_TOS;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"rewritten: as it arrives at the target");
}

/* Hops that never responded are probed once, and not waited for. */
static bool ask_unanswered(struct rewritten_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned last = context->results.route->distance;

	state->pending = 0;
	if (state->rounds > 0)
		tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	for (unsigned ttl = 1; ttl <= last && ttl <= HOP_LIMIT_WHOLE_WAY;
		ttl++) {
		bool is_talking =
			context->results.route->answering_hops >> (ttl - 1) & 1;

		if (state->is_answered[ttl] ||
			(!is_talking && (state->rounds > 0 || ttl == last)))
			continue;
		if (ttl < last)
			ask_hop(context, ttl, tx_queue);
		else
			ask_target(context, tx_queue);
		state->pending += is_talking;
	}
	return state->pending > 0 || tx_queue->count > 0;
}

static bool start(
	void *memory, struct probe_context *context, struct tx_queue *tx_queue)
{
	tx_queue->wait_ms = ERROR_RATION_REFILL_MS;
	return ask_unanswered(memory, context, tx_queue);
}

static bool step(void *memory, struct probe_context *context,
	const struct event *event, struct tx_queue *tx_queue)
{
	struct rewritten_state *state = memory;

	if (event->kind == EVENT_PACKET)
		return true;
	if (event->kind == EVENT_RESPONSE) {
		unsigned hop = probe_method_of(event->sent_probe) == METHOD_UDP
				       ? context->results.route->distance
				       : event->sent_probe->ttl;

		if (hop <= HOP_LIMIT_WHOLE_WAY && !state->is_answered[hop]) {
			state->is_answered[hop] = true;
			if (state->pending > 0)
				state->pending--;
		}
		return state->pending > 0;
	}
	return ++state->rounds < ROUNDS &&
	       ask_unanswered(state, context, tx_queue);
}

const struct experiment experiment_rewritten = {
	.id = EXPERIMENT_REWRITTEN,
	.state_bytes = sizeof(struct rewritten_state),
	.most_packets = ROUNDS * HOP_LIMIT_WHOLE_WAY,
	.usual_later = 1,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE,
	.takes = RESOURCE_ROUTER_ERRORS | RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};

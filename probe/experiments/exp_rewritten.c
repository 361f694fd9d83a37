/* Header fields that devices on the path change, and where: a SYN with all
 * fields and options that devices usually change is sent with each hop limit
 * that does not reach the target, and each router quotes it as it arrived
 * there. The SYN has a source port of its own, so that firewalls do not assign
 * it to the open connection; no server receives it. The target itself is
 * probed by UDP, where it responded to UDP: its ICMP error quotes the IP
 * header and the ports.
 *
 * When that SYN reaches no hop from one on, although other packets do, SYNs
 * with one of its features each, and one without any, are sent to that hop. */
#include "probe/experiments/registry.h"
#include "probe/engine/probe_build.h"
#include "probe/protocol/error_ration.h"
#include "probe/protocol/quote_probe.h"
#include "probe/protocol/segment_size.h"

#include <stdio.h>

enum {
	ROUNDS = 4,
	FEATURE_ROUNDS = 4,
	ALL_FEATURES = (1 << SYN_FEATURE_COUNT) - 1,
};

struct rewritten_state {
	unsigned rounds, pending;
	bool is_answered[HOP_LIMIT_WHOLE_WAY + 1];
	unsigned silent_hop; /* that the SYN does not reach; 0: none */
	unsigned passed;     /* a set of features, to that hop */
	unsigned feature_rounds;
};

/* A SYN with these features. */
static struct probe_packet *add_syn(struct probe_context *context, unsigned ttl,
	unsigned features, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = tx_queue_add(tx_queue);

	if (!probe)
		return NULL;
	probe->kind = PROBE_PACKET_TCP;
	probe->ttl = (uint8_t)ttl;
	probe->tos = features >> SYN_FEATURE_DSCP & 1 ? QUOTE_PROBE_TOS : 0;
	probe->source_port = context->spare_port;
	probe->target_port = context->port;
	probe->tcp_flags = features >> SYN_FEATURE_ECN & 1
				   ? TCP_SYN | TCP_ECE | TCP_CWR
				   : TCP_SYN;
	probe->sequence = context->connection->first_sequence + 0x5a5a0000u +
			  ((ALL_FEATURES ^ features) << 8) + ttl;
	/* Names the hop where devices change sequence numbers. */
	probe->acknowledged = probe->sequence ^ 0x00c0ffee;
	probe->window = QUOTE_PROBE_WINDOW;
	probe->mss = segment_mss_of(context->family, context->interface_mtu);
	probe->has_options = features >> SYN_FEATURE_OPTIONS & 1;
	probe->window_scale = QUOTE_PROBE_WINDOW_SCALE;
	probe->has_timestamp = features >> SYN_FEATURE_TIMESTAMPS & 1;
	probe->timestamp_value = QUOTE_PROBE_TIMESTAMP;
	return probe;
}

static void ask_hop(
	struct probe_context *context, unsigned ttl, struct tx_queue *tx_queue)
{
	struct probe_packet *probe =
		add_syn(context, ttl, ALL_FEATURES, tx_queue);

	if (probe)
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"rewritten: as it arrives at hop %u", ttl);
}

static void ask_feature(struct probe_context *context, unsigned ttl,
	unsigned features, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = add_syn(context, ttl, features, tx_queue);

	if (!probe)
		return;
	probe->window = FEATURE_PROBE_WINDOW;
	/* as hosts leave it: firewalls drop SYNs with another one */
	probe->acknowledged = 0;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"rewritten: a SYN to hop %u, %s", ttl,
		features ? "with one feature" : "with none");
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

/* The nearest hop that answers other packets and, as all that do behind it, not
 * the SYN; 0: there is none. */
static unsigned silent_hop(const struct rewritten_state *state,
	const struct probe_context *context)
{
	const struct route_result *route = context->results.route;
	unsigned silent = 0;

	for (unsigned ttl = route->distance; ttl-- > 1;) {
		if (ttl > HOP_LIMIT_WHOLE_WAY ||
			!(route->answering_hops >> (ttl - 1) & 1))
			continue;
		if (state->is_answered[ttl])
			break;
		silent = ttl;
	}
	return silent;
}

/* The one without any feature is last: when it is answered, the router had
 * errors to send for those before it. */
static bool ask_features(struct rewritten_state *state,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	if (state->silent_hop == 0)
		state->silent_hop = silent_hop(state, context);
	if (state->silent_hop == 0 || state->feature_rounds++ == FEATURE_ROUNDS)
		return false;
	tx_queue_await_routers(tx_queue, ERROR_RATION_REFILL_MS);
	for (unsigned i = 0; i < SYN_FEATURE_COUNT; i++)
		if (!(state->passed >> i & 1))
			ask_feature(
				context, state->silent_hop, 1u << i, tx_queue);
	ask_feature(context, state->silent_hop, 0, tx_queue);
	return true;
}

static void take_feature(struct rewritten_state *state,
	const struct probe_context *context, const struct event *event)
{
	uint32_t number = event->sent_probe->sequence -
			  context->connection->first_sequence - 0x5a5a0000u;

	if (event->answer == RESPONSE_EXPIRED)
		state->passed |= ALL_FEATURES ^ (number >> 8 & ALL_FEATURES);
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
	if (event->kind == EVENT_RESPONSE && state->silent_hop) {
		take_feature(state, context, event);
		return true; /* a round ends with the routers' timeout */
	}
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
	if (state->silent_hop == 0 && ++state->rounds < ROUNDS &&
		ask_unanswered(state, context, tx_queue))
		return true;
	return ask_features(state, context, tx_queue);
}

const struct experiment experiment_rewritten = {
	.id = EXPERIMENT_REWRITTEN,
	.state_bytes = sizeof(struct rewritten_state),
	.most_packets = ROUNDS * HOP_LIMIT_WHOLE_WAY +
			FEATURE_ROUNDS * (SYN_FEATURE_COUNT + 1),
	.usual_later = 1,
	.needs = 1u << RESULT_CONNECTION | 1u << RESULT_ROUTE,
	.takes = RESOURCE_ROUTER_ERRORS | RESOURCE_TARGET,
	.provides = RESULT_COUNT,
	.start = start,
	.step = step,
};

#include "probe/experiments/reset_state.h"

#include <stdio.h>

#include "capture/numbers.h"
#include "probe/protocol/hop_distance.h"
#include "probe/tcp/reset_trigger.h"

enum { TRIES = 4, BEFORE = 2 };

void reset_send(struct reset_state *state, struct probe_context *context,
	enum reset_line line, enum reset_segment segment, unsigned hop_limit,
	struct tx_queue *tx_queue)
{
	static const char *const comments[] = {
		[RESET_TRIGGER] = "trigger",
		[RESET_CONTROL] = "as long, without the trigger",
		[RESET_QUESTION] = "does the server answer?",
	};
	const struct connection *connection = state->lines[line];
	const struct reset_trigger *trigger = context->trigger;
	uint32_t bytes = segment == RESET_QUESTION ? 1 : trigger->count;
	struct probe_packet *probe;

	if (state->used[line][segment] == RESET_NUMBERS - 1)
		return;
	probe = tx_queue_add(tx_queue);
	if (!probe)
		return;
	probe->kind = PROBE_PACKET_TCP;
	probe->source_port = connection->own_port;
	probe->target_port = connection->target_port;
	probe->tcp_flags = TCP_ACK;
	probe->sequence = connection->send_next - reset_apart(segment) -
			  state->used[line][segment]++ - bytes;
	probe->acknowledged = connection->receive_next;
	probe->window = (uint16_t)(RESET_WINDOW + line);
	probe->ttl = (uint8_t)hop_limit;
	probe->ip_bytes = tcp_headers_bytes(context->family) + bytes;
	if (segment == RESET_TRIGGER) {
		state->acknowledged[line] = probe->acknowledged;
		probe->payload = trigger->bytes;
		probe->payload_bytes = trigger->count;
	}
	if (hop_limit < RESET_LESSER_HOP_LIMIT)
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"reset: %s, up to hop %u", comments[segment],
			hop_limit);
	else
		(void)snprintf(probe->comment, sizeof(probe->comment),
			"reset: %s", comments[segment]);
}

void reset_measure(struct reset_state *state, struct probe_context *context,
	enum reset_line line, struct tx_queue *tx_queue)
{
	if (state->distance > 1)
		reset_send(state, context, line, RESET_CONTROL,
			state->distance - 1, tx_queue);
}

static void add(struct reset_state *state, unsigned hop_limit)
{
	for (unsigned i = 0; i < TRIES; i++)
		if (state->plan_count < RESET_PLAN)
			state->plan[state->plan_count++] = (uint8_t)hop_limit;
}

/* A device at hop h whose resets begin with the hop limit that the trigger has
 * left: of one sent with k, k - (h - 1) are left there, and k - 2 (h - 1) when
 * the reset arrives here. */
static unsigned copying_hop(const struct reset_state *state)
{
	unsigned whole = state->reset_ttl[LINE_WHOLE];
	unsigned lesser = state->reset_ttl[LINE_LESSER];

	if (!whole || !lesser || whole > HOP_LIMIT_WHOLE_WAY ||
		whole - lesser !=
			(unsigned)HOP_LIMIT_WHOLE_WAY - RESET_LESSER_HOP_LIMIT)
		return 0;
	return (HOP_LIMIT_WHOLE_WAY - whole) / 2 + 1;
}

void reset_plan(struct reset_state *state, const struct probe_context *context)
{
	unsigned hop = copying_hop(state);
	bool is_slow = state->delay_ms > reset_pace_ms(context);
	unsigned last = state->walked < state->distance ? state->walked
							: state->distance;
	unsigned first = last > BEFORE ? last - BEFORE : 1;

	state->plan_count = 0;
	if (hop) { /* the first reset that gets here */
		last = 2 * hop - 1;
		first = last > 1 ? last - 1 : 1;
	} else if (is_slow) {
		last = state->distance;
		first = 1;
	}
	for (unsigned k = first; k <= last; k++)
		add(state, k);
	/* The first reset may have come late, after a trigger that went
	 * farther. */
	if (state->walked >= HOP_LIMIT_WHOLE_WAY && !hop)
		add(state, HOP_LIMIT_WHOLE_WAY);
}

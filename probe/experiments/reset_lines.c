/* Which connections the experiment reset uses. */
#include "probe/experiments/reset_state.h"

static bool is_usable(const struct connection *connection)
{
	return connection->state == CONNECTION_IDLE ||
	       (connection->state == CONNECTION_OPEN &&
		       !connection->has_peer_closed);
}

bool reset_share_out(
	struct reset_state *state, const struct probe_context *context)
{
	unsigned shared = 0, own = 0;

	for (unsigned line = 0; line < LINE_COUNT; line++) {
		while (shared < context->shared_count &&
			!is_usable(&context->shared[shared]))
			shared++;
		if (line <= LINE_SHARED_LAST && shared < context->shared_count)
			state->lines[line] = &context->shared[shared++];
		else if (own < context->own_count)
			state->lines[line] = &context->own[own++];
		else
			return false;
	}
	return true;
}

void reset_open(struct reset_state *state, struct probe_context *context,
	enum reset_line line, unsigned kept, struct tx_queue *tx_queue)
{
	if (state->lines[line]->state == CONNECTION_IDLE &&
		probe_context_may_hold(context, 1, kept))
		(void)probe_context_open( /* it may */
			context, state->lines[line], tx_queue);
}

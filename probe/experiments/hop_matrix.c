#include "probe/experiments/hop_matrix.h"

#include <stdio.h>

#include "probe/engine/probe_build.h"
#include "probe/protocol/error_ration.h"

static unsigned send_one(const struct hop_matrix *matrix,
	struct probe_context *context, uint32_t ip_bytes, unsigned ttl,
	struct tx_queue *tx_queue)
{
	if (matrix->method == METHOD_TCP &&
		!connection_is_measuring(context->connection))
		return 0;
	struct probe_packet *probe = probe_build(
		context, matrix->method, ip_bytes, (uint8_t)ttl, tx_queue);

	if (!probe)
		return 0;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"mtu: does %u reach hop %u?", ip_bytes, ttl);
	return 1;
}

/* The large packet first: when the small one after it is answered, the hop
 * still had errors to send. */
static unsigned send_pair(struct hop_matrix *matrix,
	struct probe_context *context, unsigned ttl, struct tx_queue *tx_queue)
{
	unsigned sent =
		send_one(matrix, context, matrix->failed, ttl, tx_queue);

	sent += send_one(matrix, context, matrix->passed, ttl, tx_queue);
	matrix->tries[ttl]++;
	if (matrix->small_sent[ttl] < UINT8_MAX) {
		matrix->small_sent[ttl]++;
		matrix->unanswered[ttl]++;
	}
	return sent;
}

static unsigned last_router(const struct probe_context *context)
{
	unsigned distance = context->results.route->distance;
	unsigned last = distance ? distance - 1 : context->max_ttl;

	return last < HOP_LIMIT_WHOLE_WAY ? last : HOP_LIMIT_WHOLE_WAY - 1;
}

static unsigned last_reached(const struct hop_matrix *matrix, unsigned last)
{
	unsigned reached = 0;

	for (unsigned ttl = 1; ttl <= last; ttl++)
		if (matrix->large[ttl])
			reached = ttl;
	return reached;
}

/* A path that mended since the target was asked lets large packets reach the
 * last router, and the target as well: asked once more, for the judge. */
static unsigned ask_target(struct hop_matrix *matrix,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	enum { TIMES = 2 }; /* one may be lost */
	unsigned sent = 0;

	if (context->results.route->distance == 0 || matrix->has_asked_target)
		return 0;
	matrix->has_asked_target = true;
	for (unsigned i = 0; i < TIMES; i++)
		sent += send_one(matrix, context, matrix->failed,
			HOP_LIMIT_WHOLE_WAY, tx_queue);
	return sent;
}

/* Two hops are probed again: one may never send errors. */
unsigned hop_matrix_probe(struct hop_matrix *matrix,
	struct probe_context *context, unsigned round,
	struct tx_queue *tx_queue)
{
	enum { AGAIN = 2, TRIES = 3 };
	unsigned last = last_router(context), count = 0, sent = 0;

	for (unsigned ttl = last_reached(matrix, last) + 1; ttl <= last;
		ttl++) {
		if (round > 0 && count == AGAIN)
			break;
		if (round > 0 && !matrix->small[ttl] && matrix->tries[ttl] >= 2)
			continue; /* silent */
		count++;
		if (matrix->tries[ttl] < TRIES)
			sent += send_pair(matrix, context, ttl, tx_queue);
	}
	if (last_reached(matrix, last) == last)
		sent += ask_target(matrix, context, tx_queue);
	return sent;
}

static bool is_rationing(const struct hop_matrix *matrix,
	const struct route_result *route, unsigned ttl)
{
	return error_ration_is_seen(
		route->small_sent[ttl] + matrix->small_sent[ttl],
		route->unanswered[ttl] + matrix->unanswered[ttl]);
}

bool hop_matrix_is_out_of_errors(
	const struct hop_matrix *matrix, const struct probe_context *context)
{
	const struct route_result *route = context->results.route;
	unsigned last = last_router(context);
	unsigned reached = last_reached(matrix, last);
	bool is_rationed = false, is_any = false;

	if (route->distance == 0 || reached == last ||
		(matrix->small[reached + 1] &&
			matrix->tries[reached + 1] >= 2 &&
			!is_rationing(matrix, route, reached + 1)))
		return false;
	for (unsigned ttl = 1; ttl <= last; ttl++) {
		bool is_answering = matrix->small[ttl] || matrix->large[ttl] ||
				    route->answering_hops >> (ttl - 1) & 1;

		is_any = is_any || is_answering;
		is_rationed =
			is_rationed ||
			(is_answering && is_rationing(matrix, route, ttl));
	}
	return is_rationed || !is_any;
}

/* A router with one error to send spends it on the packet that comes first,
 * which is the large one, unless that never comes. */
unsigned hop_matrix_probe_rested(struct hop_matrix *matrix,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned last = last_router(context), sent = 0;

	for (unsigned ttl = last_reached(matrix, last) + 1; ttl <= last;
		ttl++) {
		sent += send_pair(matrix, context, ttl, tx_queue);
		if (matrix->rested[ttl] >= 2)
			break;
	}
	if (last_reached(matrix, last) == last)
		sent += ask_target(matrix, context, tx_queue);
	return sent;
}

void hop_matrix_take(struct hop_matrix *matrix, const struct event *event)
{
	unsigned ttl = event->sent_probe->ttl;

	if (ttl > HOP_LIMIT_WHOLE_WAY ||
		(event->answer != RESPONSE_EXPIRED &&
			event->answer != RESPONSE_ARRIVED))
		return;
	if (event->sent_probe->ip_bytes > matrix->passed) {
		matrix->large[ttl] = true;
		return;
	}
	matrix->small[ttl] = true;
	matrix->rested[ttl] += matrix->is_rested;
	if (event->is_first && matrix->unanswered[ttl] > 0)
		matrix->unanswered[ttl]--;
}
